"""What polishing and optimising share: the piece in parts a model can hold, and its changes kept as a proposal.

What always holds: the piece itself is not touched; a change that would alter a figure, a quotation or a link is left out
and said so.
"""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from assistant.runs.protocol import StepContext
from assistant.services import services_of
from assistant.workflows.ask import model_name
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.errors import Blocked
from knowledge.proposals import service as proposals
from knowledge.proposals.hunks import Hunk, hunks
from knowledge.proposals.models import Account, LeftOut
from knowledge.proposals.truth import objections

#: the parts of a piece that hold running text, in the order in which they are looked for
BODIES = ("markdown", "bodyMarkdown", "text")
#: words of a part that are edited in one go; sections are not torn apart
WORDS_AT_ONCE = 900
_SECTION = re.compile(r"(?m)^(?=#{1,2}[ \t])")


class EditInput(BaseModel):
    """Which piece, and what to look at above all."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    client_id: UUID
    campaign_id: UUID | None = None
    asset_id: UUID
    note: str = Field(default="", max_length=4_000)


class Reading(BaseModel):
    """One version of a piece, taken apart: ``chunks`` joined are the text of ``part``."""

    asset_id: UUID
    version: int
    content_hash: str
    title: str
    language: str
    part: str
    chunks: list[str]


class ProposalOutput(BaseModel):
    """What came of it; ``proposal_id`` is None when there was nothing to change."""

    asset_id: UUID
    proposal_id: UUID | None = None
    title: str
    changes: int = 0
    left_out: int = 0
    score_before: int | None = None
    score_after: int | None = None


async def read_piece(context: StepContext, given: EditInput) -> Reading:
    """Raises NotFound, and Blocked for a piece without running text."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        asset = await assets.get(conn, given.asset_id)
    part = next((name for name in BODIES if str(asset.content.get(name) or "").strip()), None)
    if part is None:
        raise Blocked("This piece has no running text to edit.", reasons=["it holds no text"])
    return Reading(
        asset_id=asset.id,
        version=asset.version,
        content_hash=asset.content_hash,
        title=asset.title,
        language=str(asset.content.get("language") or ""),
        part=part,
        chunks=chunks(str(asset.content[part])),
    )


def chunks(text: str) -> list[str]:
    """The text in runs of whole sections of about :data:`WORDS_AT_ONCE` words; joined they are the text."""
    found: list[str] = []
    for section in _SECTION.split(text):
        if found and len((found[-1] + section).split()) <= WORDS_AT_ONCE:
            found[-1] += section
        elif section:
            found.append(section)
    return found


def like(chunk: str, edited: str) -> str:
    """``edited`` with the white space around it that ``chunk`` has, so that the parts still join."""
    lead = chunk[: len(chunk) - len(chunk.lstrip())]
    tail = chunk[len(chunk.rstrip()) :]
    return f"{lead}{edited.strip()}{tail}" if edited.strip() else chunk


def offered(
    part: str, before: str, after: str, allow: Callable[[str], bool] | None = None
) -> tuple[list[Hunk], list[LeftOut]]:
    """The changes as hunks that touch no truth, and those left out with the reason."""
    kept: list[Hunk] = []
    left_out: list[LeftOut] = []
    for hunk in hunks(before, after, part):
        why = [one for one in objections(hunk.before, hunk.after) if allow is None or not allow(one)]
        if why:
            text = hunk.after.strip() or hunk.before.strip()
            left_out.append(LeftOut(text=text[:400], why="; ".join(why)))
        else:
            kept.append(hunk)
    return kept, left_out


async def keep(
    context: StepContext, kind: str, agent: str, reading: Reading, found: list[Hunk], account: Account
) -> ProposalOutput:
    """Store the proposal for the version that was read; nothing is stored when there is nothing to take."""
    made: UUID | None = None
    run = context.run
    async with services_of(context).db.org(run.org_id) as conn:
        asset = await assets.get(conn, reading.asset_id)
        if found:
            shown = _as_read(asset, reading)
            who: dict[str, Any] = {"kind": kind, "run_id": run.id, "agent": agent, "idempotency_key": context.key}
            made = (await proposals.propose(conn, shown, found, account, model=model_name(context, agent), **who)).id
    return ProposalOutput(
        asset_id=reading.asset_id,
        proposal_id=made,
        title=reading.title,
        changes=len(found),
        left_out=len(account.left_out),
        score_before=account.score_before,
        score_after=account.score_after,
    )


def _as_read(asset: Asset, reading: Reading) -> Asset:
    """The piece under the version that was read: a proposal for an older one says so when somebody wants to take it."""
    return asset.model_copy(update={"version": reading.version, "content_hash": reading.content_hash})
