"""Claims as people, programs and agents see them: the sentence, how it stands, what carries it, who answers for it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from knowledge.assets.models import Asset
from knowledge.claims import blocking, queries
from knowledge.claims.models import Claim, ClaimKind, ClaimStatus, EvidenceKind
from knowledge.claims.parts import parts_of
from knowledge.claims.service import MAY_ACCEPT, ensure_read
from knowledge.db import Connection
from knowledge.ids import AssetId
from knowledge.people.models import Caller
from knowledge.people.queries import list_users
from tools.spec import Wire


class EvidenceView(Wire):
    """``quote`` stands there word for word. ``addedBy``: who put it to the claim; null when the rules found it."""

    kind: EvidenceKind
    id: str
    quote: str
    title: str
    added_by: str | None = None
    expires_on: date | None = None


class ClaimView(Wire):
    """``text`` stands in ``part`` from ``start`` to ``end`` (characters). ``blocks``: it stands in the way of approval."""

    id: UUID
    asset_id: AssetId
    asset_version: int
    kind: ClaimKind
    part: str
    start: int
    end: int
    text: str
    status: ClaimStatus
    reason: str
    evidence: list[EvidenceView] = Field(description="What carries it or, for one that stands open, what comes near.")
    named_by: str = Field(description="The model that named it beside the rules; empty: the rules found it.")
    blocks: bool
    accepted_by: str | None
    accepted_at: datetime | None
    accepted_note: str | None
    expires_on: date | None


class FindingView(Wire):
    """A critical finding of the preflight that somebody has to mend or answer for."""

    id: str
    sentence: str


class PartView(Wire):
    name: str
    text: str


class LedgerView(Wire):
    """A piece's claims in reading order, with the text they stand in."""

    asset_id: AssetId
    version: int
    content_hash: str
    items: list[ClaimView]
    counts: dict[str, int] = Field(description="Claims by status; ``accepted`` are those somebody answers for.")
    blocking: list[str] = Field(description="Every reason why it cannot be approved yet.")
    findings: list[FindingView]
    may_accept: bool
    parts: list[PartView]
    read_by: str = Field(description="The model that read this version for claims beside the rules; empty: none did.")
    unread: str = Field(description="Why a model that should have read it could not; empty: nothing kept it from it.")


async def claim_views(conn: Connection, claims: Sequence[Claim]) -> list[ClaimView]:
    names = await _names(conn, claims)
    return [_view(claim, names) for claim in claims]


async def claim_view(conn: Connection, claim: Claim) -> ClaimView:
    return (await claim_views(conn, [claim]))[0]


async def ledger_view(conn: Connection, caller: Caller, asset: Asset) -> LedgerView:
    claims = await ensure_read(conn, asset)
    reading = await queries.reading(conn, asset.id, asset.version)
    findings = [one for one in await blocking.open_findings(conn, asset) if not blocking.covered(one, claims)]
    reasons = [blocking.claim_reason(claim) for claim in claims if blocking.stands_open(claim)]
    return LedgerView(
        asset_id=asset.id,
        version=asset.version,
        content_hash=asset.content_hash,
        items=await claim_views(conn, claims),
        counts=_counts(claims),
        blocking=[*reasons, *map(blocking.finding_reason, findings)],
        findings=[FindingView(id=one["id"], sentence=blocking.finding_reason(one)) for one in findings],
        may_accept=caller.role in MAY_ACCEPT,
        parts=[PartView(name=name, text=text) for name, text in parts_of(asset)],
        read_by=reading.model if reading else "",
        unread=reading.unread if reading else "",
    )


def _counts(claims: Sequence[Claim]) -> dict[str, int]:
    counted = {"supported": 0, "unsupported": 0, "contradicted": 0, "opinion": 0, "accepted": 0}
    for claim in claims:
        accepted = claim.status in ("unsupported", "contradicted") and blocking.is_accepted(claim)
        counted["accepted" if accepted else claim.status] += 1
    return counted


def _view(claim: Claim, names: dict[str, str]) -> ClaimView:
    kept = claim.model_dump(include=_COPIED)
    return ClaimView(
        **kept,
        start=claim.start_at,
        end=claim.end_at,
        evidence=[_evidence(one, names) for one in claim.evidence],
        blocks=blocking.stands_open(claim),
        accepted_by=names.get(str(claim.accepted_by), "Somebody") if claim.accepted_at else None,
    )


_COPIED = {"id", "asset_id", "asset_version", "kind", "part", "text", "status", "reason", "accepted_at", "accepted_note",
           "expires_on", "named_by"}  # fmt: skip


def _evidence(entry: dict[str, Any], names: dict[str, str]) -> EvidenceView:
    by = entry.get("addedBy") if entry.get("added") else None
    return EvidenceView(
        kind=entry["kind"],
        id=entry["id"],
        quote=entry["quote"],
        title=entry["title"],
        added_by=names.get(str(by), str(by)) if by else None,
        expires_on=entry.get("expiresOn"),
    )


async def _names(conn: Connection, claims: Sequence[Claim]) -> dict[str, str]:
    if not any(claim.accepted_by or any(one.get("added") for one in claim.evidence) for claim in claims):
        return {}
    return {str(user.id): user.display_name for user in await list_users(conn)}
