"""What an answer does to what it is about: a document, an asset, a budget, a run that asks how to go on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from knowledge.approvals.models import Approval, Decision, SubjectType
from knowledge.artifacts import store
from knowledge.artifacts.hashes import content_hash
from knowledge.artifacts.models import Artifact
from knowledge.artifacts.registry import validate
from knowledge.assets import service as assets
from knowledge.db import Connection
from knowledge.errors import Denied, Invalid
from knowledge.ids import ArtifactId, AssetId
from knowledge.money import service as money
from knowledge.money.models import Period, Scope, ScopeKeys
from knowledge.people.models import Caller

MAY_RAISE_BUDGETS = frozenset({"ops", "partner", "admin"})


@dataclass(frozen=True)
class Answer:
    caller: Caller
    decision: Decision
    notes: str
    edits: dict[str, Any] | None
    raise_to: Decimal | None


@dataclass(frozen=True)
class Outcome:
    """What was decided on in the end; ``artifact`` when it was a document."""

    subject_id: UUID
    subject_version: int
    subject_hash: str
    edits: dict[str, Any] | None = None
    artifact: Artifact | None = None


@dataclass(frozen=True)
class Standing:
    """The newest version of a document, or an asset with the run that made it, as it stands while we hold it."""

    id: UUID
    version: int
    content_hash: str
    approved: bool
    approved_by: UUID | None = None
    approved_at: datetime | None = None
    run_id: UUID | None = None


async def lock_subject(conn: Connection, subject_type: SubjectType, subject_id: UUID) -> Standing | None:
    """Keep everybody else from changing the subject until the transaction ends; None: there is nothing to hold.

    Raises NotFound.
    """
    if subject_type == "artifact":
        newest = await store.lock_newest(conn, subject_id)
        approved = newest.status == "approved"
        return Standing(
            newest.id, newest.version, newest.content_hash, approved, newest.approved_by, newest.approved_at
        )
    if subject_type == "asset":
        asset = await assets.lock(conn, AssetId(subject_id))
        approved = asset.status in ("approved", "published")
        return Standing(asset.id, asset.version, asset.content_hash, approved, run_id=asset.run_id)
    return None


async def answer_subject(conn: Connection, approval: Approval, answer: Answer) -> Outcome:
    return await _BY_SUBJECT[approval.subject_type](conn, approval, answer)


async def _artifact(conn: Connection, approval: Approval, answer: Answer) -> Outcome:
    caller, subject = answer.caller, ArtifactId(approval.subject_id)
    if answer.decision != "approved":
        kept = await store.send_back(
            conn,
            subject,
            decision=answer.decision,
            user_id=caller.user_id,
            role=caller.role,
            shown_hash=approval.subject_hash,
            note=answer.notes,
        )
        return _of(kept, None)
    current = await store.get(conn, subject)
    shown = approval.subject_hash
    edits = answer.edits
    if edits is not None and content_hash(validate(current.type, edits).wire()) == current.content_hash:
        edits = None  # saved without a change
    if edits is not None:
        await store.check_decidable(conn, current, caller.role, shown)
        current = await store.create_version(conn, _edited(current, edits, caller))
        shown = current.content_hash
    approved = await store.approve(
        conn, current.id, user_id=caller.user_id, role=caller.role, shown_hash=shown, note=answer.notes
    )
    return _of(approved, edits)


def _edited(artifact: Artifact, data: dict[str, Any], caller: Caller) -> store.Draft:
    return store.Draft(
        org_id=artifact.org_id,
        client_id=artifact.client_id,
        campaign_id=artifact.campaign_id,
        type=artifact.type,
        key=artifact.key,
        data=data,
        created_by=f"user:{caller.user_id}",
        inputs={"edited": data},
    )


def _of(artifact: Artifact, edits: dict[str, Any] | None) -> Outcome:
    return Outcome(artifact.id, artifact.version, artifact.content_hash, edits, artifact)


async def _asset(conn: Connection, approval: Approval, answer: Answer) -> Outcome:
    asset = await assets.decide(
        conn,
        AssetId(approval.subject_id),
        decision=answer.decision,
        role=answer.caller.role,
        shown_hash=approval.subject_hash,
    )
    return Outcome(asset.id, asset.version, asset.content_hash)


# the subject of a budget gate is the budget's scope: its id, and "scope:period" in place of a content hash
async def _budget(conn: Connection, approval: Approval, answer: Answer) -> Outcome:
    if answer.caller.role not in MAY_RAISE_BUDGETS:
        raise Denied("Raising a budget is for ops, partner or admin.")
    edits = None
    if answer.decision == "approved":
        if answer.raise_to is None:
            raise Invalid(fields={"raiseTo": "say what the limit should be raised to, in US dollars"})
        keys = ScopeKeys(answer.caller.org_id, answer.caller.user_id)
        scope, _, period = approval.subject_hash.partition(":")
        await money.raise_limit(
            conn,
            keys,
            cast("Scope", scope),
            approval.subject_id,
            answer.raise_to,
            period=cast("Period", period),
        )
        edits = {"raiseTo": str(answer.raise_to)}
    return Outcome(approval.subject_id, approval.subject_version, approval.subject_hash, edits)


async def _as_it_is(conn: Connection, approval: Approval, answer: Answer) -> Outcome:
    return Outcome(approval.subject_id, approval.subject_version, approval.subject_hash, answer.edits)


_BY_SUBJECT: dict[str, Callable[[Connection, Approval, Answer], Awaitable[Outcome]]] = {
    "artifact": _artifact,
    "asset": _asset,
    "budget": _budget,
    "run": _as_it_is,
    "plan": _as_it_is,
}
