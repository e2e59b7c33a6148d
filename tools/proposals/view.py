"""Proposed edits of a piece, as the panel shows them: each hunk word by word, with what all of them would do."""

from datetime import datetime
from typing import Any
from uuid import UUID

from knowledge.artifacts.diff import words
from knowledge.assets import service as assets
from knowledge.db import Connection
from knowledge.ids import AssetId, RunId
from knowledge.proposals import service
from knowledge.proposals.hunks import Hunk
from knowledge.proposals.models import Account, Kind, Proposal
from tools.spec import Wire


class SpanView(Wire):
    """``op``: same, added or removed."""

    op: str
    text: str


class HunkView(Wire):
    """``heading``: the heading above it; ``spans``: its words, those that stay, go and come."""

    id: str
    part: str
    heading: str
    spans: list[SpanView]
    why: str


class ProposalView(Wire):
    """``current``: the piece is still the version it was made for; ``taken``: ids of the hunks that were taken."""

    id: UUID
    asset_id: AssetId
    title: str
    kind: Kind
    asset_version: int
    current: bool
    status: str
    hunks: list[HunkView]
    account: Account
    taken: list[Any]
    run_id: RunId | None
    agent: str | None
    model: str | None
    created_at: datetime
    may_take: bool


async def proposal_view(conn: Connection, proposal: Proposal) -> ProposalView:
    asset = await assets.get(conn, proposal.asset_id)
    current = asset.content_hash == proposal.content_hash
    text = str(asset.content.get("markdown") or asset.content.get("bodyMarkdown") or "") if current else ""
    return ProposalView(
        **proposal.model_dump(include=_COPIED),
        title=asset.title,
        current=current,
        account=proposal.account,
        hunks=[_hunk(hunk, text) for hunk in proposal.hunks],
        may_take=current and proposal.status == "open",
    )


_COPIED = {"id", "asset_id", "kind", "asset_version", "status", "taken", "run_id", "agent", "model", "created_at"}


async def get_proposal_view(conn: Connection, id: UUID) -> ProposalView:
    """Raises NotFound."""
    return await proposal_view(conn, await service.get(conn, id))


def _hunk(hunk: Hunk, text: str) -> HunkView:
    spans = [SpanView(op=op, text=part) for op, part in words(hunk.before, hunk.after)]
    heading = _heading_above(text, hunk.start) if hunk.part in ("markdown", "bodyMarkdown") else ""
    return HunkView(id=hunk.id, part=hunk.part, heading=heading, spans=spans, why=hunk.why)


def _heading_above(text: str, at: int) -> str:
    lines = [line for line in text[: at + 1].splitlines() if line.startswith("#")]
    return lines[-1].lstrip("# ").strip() if lines else ""
