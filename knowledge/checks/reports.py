"""The rules' report on a stored piece, kept as a QA report and as the piece's content score.

What always holds: each version of a piece has been checked before anybody decides on it; the same piece held against the
same facts writes nothing again.
"""

import asyncio
from dataclasses import asdict
from typing import Any

from knowledge.artifacts import store
from knowledge.artifacts.queries import latest
from knowledge.assets.models import Asset
from knowledge.checks import queries
from knowledge.checks.known import facts_of
from knowledge.checks.models import Finding, Report, Severity
from knowledge.checks.piece import of_asset
from knowledge.checks.preflight import preflight
from knowledge.checks.rules import rules
from knowledge.db import Connection

REVIEWER = "preflight"
#: points of ten that a broken rule costs where there is no content score
COST: dict[Severity, float] = {"info": 0.0, "minor": 0.5, "major": 2.0, "critical": 4.0}
#: characters of a place's words that a report holds; the position is exact in any case
LONGEST_PLACE = 4_000


async def ensure_checked(conn: Connection, asset: Asset) -> Report:
    """Check this version and keep what was found; nothing new is written when it is known already."""
    report = await check(conn, asset)
    data = report_of(asset, report)
    last = await latest(conn, asset.client_id, "qa_report", asset.campaign_id, f"{asset.id}:{REVIEWER}")
    if last is None or last.data != data:
        await store.create_version(conn, _draft(asset, data))
        if report.score is not None:
            await queries.set_score(conn, asset.id, score_of(report))
    return report


async def check(conn: Connection, asset: Asset) -> Report:
    """The report on this version, without keeping it. The rules run beside the event loop."""
    piece = of_asset(asset)
    facts = await facts_of(conn, asset, piece)
    return await asyncio.to_thread(preflight, piece, facts)


def _draft(asset: Asset, data: dict[str, Any]) -> store.Draft:
    return store.Draft(
        org_id=asset.org_id,
        client_id=asset.client_id,
        campaign_id=asset.campaign_id,
        type="qa_report",
        key=f"{asset.id}:{REVIEWER}",
        data=data,
        created_by=f"tool:{REVIEWER}",
        model=data["model"],
        inputs={"asset": asset.content_hash, "report": data},
    )


def score_of(report: Report) -> dict[str, Any]:
    """As it stands in the piece's ``seo``: {total, groups: [{name, score, weight, why}], dated}."""
    return {"total": report.score, "groups": [asdict(group) for group in report.groups], "dated": report.dated}


def points(report: Report) -> float:
    """0 to 10: a tenth of the content score, else 10 less what each broken rule costs."""
    if report.score is not None:
        return round(report.score / 10, 1)
    worst: dict[str, float] = {}
    for finding in report.findings:
        worst[finding.rule] = max(worst.get(finding.rule, 0.0), COST[finding.severity])
    return max(0.0, round(10 - sum(worst.values()), 1))


def report_of(asset: Asset, report: Report) -> dict[str, Any]:
    """The QA report (wire form)."""
    return {
        "assetId": str(asset.id),
        "assetVersion": asset.version,
        "reviewer": REVIEWER,
        "score": points(report),
        "verdict": report.verdict,
        "checks": checks_of(report),
        "iteration": 1,
        "model": f"rules {report.dated}",
        "unchecked": [{"rule": rules()[one.rule].says, "why": one.why} for one in report.unchecked],
    }


def numbered(report: Report) -> dict[str, Finding]:
    """Each finding under its id in the report: the rule's, with a number."""
    numbers: dict[str, int] = {}
    found: dict[str, Finding] = {}
    for finding in report.findings:
        numbers[finding.rule] = numbers.get(finding.rule, 0) + 1
        found[f"{finding.rule}-{numbers[finding.rule]}"] = finding
    return found


def checks_of(report: Report) -> list[dict[str, Any]]:
    """Every finding as a check, then every rule that holds."""
    found = [_check(name, finding) for name, finding in numbered(report).items()]
    for name in report.passed:
        rule = rules()[name]
        found.append(
            {
                "id": name,
                "rule": rule.says,
                "severity": rule.severity,
                "passed": True,
                "where": None,
                "evidence": "",
                "fix": "",
                "mend": None,
            }
        )
    return found


def _check(name: str, finding: Finding) -> dict[str, Any]:
    place = finding.place
    where = (
        {"part": place.part, "text": place.text[:LONGEST_PLACE], "start": place.start, "end": place.end}
        if place
        else None
    )
    return {
        "id": name,
        "rule": finding.message,
        "severity": finding.severity,
        "passed": False,
        "where": where,
        "evidence": finding.evidence[:LONGEST_PLACE],
        "fix": finding.fix,
        "mend": finding.mend.replacement if finding.mend else None,
    }
