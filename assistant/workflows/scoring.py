"""The content score of a text that is not stored yet: the same rules, against the same facts, as for the stored piece."""

import asyncio
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from knowledge.assets.models import Asset
from knowledge.checks import known
from knowledge.checks.models import Facts, Finding, Mend, Report
from knowledge.checks.piece import of_asset, of_content
from knowledge.checks.preflight import preflight
from knowledge.claims.evidence import OnFile, on_file
from knowledge.claims.extraction import extract
from knowledge.claims.matching import judge
from knowledge.claims.parts import parts_of_content
from knowledge.clients import service as clients
from knowledge.clients.models import Client
from knowledge.db import Connection
from knowledge.publishing.described import describe


class Weakness(BaseModel):
    """A finding as the writer is shown it; ``text`` stands in ``part``."""

    rule: str
    part: str = ""
    text: str = ""
    message: str
    evidence: str = ""
    fix: str = ""


class Candidate(BaseModel):
    """Title and content as they could be, with what the rules say of them; ``mends`` are certain."""

    title: str
    content: dict[str, Any]
    score: int | None = None
    groups: dict[str, int] = {}
    weaknesses: list[Weakness] = []
    mends: list[tuple[str, int, int, str]] = []
    critical: int = 0
    #: sentences that nothing on file carries, or that something on file contradicts
    open_claims: list[str] = []


@dataclass(frozen=True)
class Ground:
    """What a text is held against: the facts of its stored report, what is on file for its claims, and whose it is."""

    facts: Facts
    on_file: OnFile
    client: Client


async def ground_of(conn: Connection, asset: Asset) -> Ground:
    client = await clients.get_client(conn, asset.client_id)
    said = "\n".join(text for _, text in parts_of_content(asset.channel, asset.format, asset.title, asset.content))
    facts = await known.facts_of(conn, asset, of_asset(asset))
    return Ground(facts, await on_file(conn, asset, said), client)


async def candidate(asset: Asset, ground: Ground, title: str, content: dict[str, Any]) -> Candidate:
    """``title`` and ``content`` in the place of the piece's, looked at in a thread of its own; its structured data says
    what the text says, as it will when it is stored."""
    if "jsonLd" in content:
        content = {**content, "jsonLd": describe(ground.client, asset.format, title, content)}
    report = await asyncio.to_thread(_report, asset, ground.facts, title, content)
    return Candidate(
        title=title,
        content=content,
        score=report.score,
        groups={group.name: group.score for group in report.groups},
        weaknesses=[_weakness(finding) for finding in report.findings],
        mends=[_plain(finding.mend) for finding in report.findings if finding.mend is not None],
        critical=sum(finding.severity == "critical" for finding in report.findings),
        open_claims=await asyncio.to_thread(_open_claims, asset, ground.on_file, title, content),
    )


def _open_claims(asset: Asset, on_file: OnFile, title: str, content: dict[str, Any]) -> list[str]:
    found = extract(parts_of_content(asset.channel, asset.format, title, content), on_file.about)
    return [one.text for one in found if judge(one, on_file.shelf).status in ("unsupported", "contradicted")]


def _report(asset: Asset, facts: Facts, title: str, content: dict[str, Any]) -> Report:
    return preflight(of_content(asset.channel, asset.format, title, content), facts)


def _weakness(finding: Finding) -> Weakness:
    place = finding.place
    return Weakness(
        rule=finding.rule,
        part=place.part if place else "",
        text=place.text[:400] if place else "",
        message=finding.message,
        evidence=finding.evidence[:400],
        fix=finding.fix,
    )


def _plain(mend: Mend) -> tuple[str, int, int, str]:
    return mend.part, mend.start, mend.end, mend.replacement
