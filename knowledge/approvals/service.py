"""Asking people, and taking their answer exactly once.

What always holds: the first decision wins and the second is told who decided what; a decision names the content it
was made on (``shown_hash``) and is refused when that has changed; what the decision does (approve the version, flag
what was built from the old one, raise the limit) happens in the same transaction. Lock order: the approval, then
its subject.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from knowledge.approvals import queries
from knowledge.approvals.models import Approval, Decision, SubjectType
from knowledge.approvals.subjects import Answer, Outcome, answer_subject
from knowledge.db import Connection
from knowledge.errors import Conflict, Invalid, NotFound
from knowledge.people.models import Caller
from knowledge.people.queries import get_user

WORDS: dict[str, str] = {
    "approved": "approved",
    "rejected": "rejected",
    "changes_requested": "sent back with changes requested",
}


#: a document or a piece is approved as it was shown; a question about money or about going on has no content
BOUND_TO_CONTENT = ("artifact", "asset")


@dataclass(frozen=True)
class Decided:
    """The answered approval, and what it was finally about (an edit makes a new version)."""

    approval: Approval
    outcome: Outcome


async def request(
    conn: Connection,
    *,
    org_id: UUID,
    gate: str,
    subject_type: SubjectType,
    subject_id: UUID,
    subject_version: int = 1,
    subject_hash: str = "",
    run_id: UUID | None = None,
    expires_at: datetime | None = None,
) -> Approval:
    """Put the question; asking again for the same run and gate gives the same approval."""
    values: dict[str, Any] = {
        "org_id": org_id,
        "run_id": run_id,
        "gate": gate,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "subject_version": subject_version,
        "subject_hash": subject_hash,
        "expires_at": expires_at,
    }
    made = await queries.insert(conn, values)
    found = made or (await queries.find_gate(conn, run_id, gate) if run_id else None)
    assert found is not None  # noqa: S101 - a conflict is only possible with the row that is there
    return found


async def get(conn: Connection, approval_id: UUID) -> Approval:
    found = await queries.get(conn, approval_id)
    if found is None:
        raise NotFound("That request for approval does not exist, or not for you.")
    return found


async def decide(
    conn: Connection,
    *,
    caller: Caller,
    approval_id: UUID,
    decision: Decision,
    shown_hash: str,
    notes: str = "",
    edits: dict[str, Any] | None = None,
    raise_to: Decimal | None = None,
) -> Decided:
    """Decide; raises Conflict (somebody was first, or it changed), Denied (role), Invalid (a note is missing)."""
    approval = await queries.lock(conn, approval_id)
    if approval is None:
        raise NotFound("That request for approval does not exist, or not for you.")
    await _check_open(conn, approval)
    if approval.subject_type in BOUND_TO_CONTENT and approval.subject_hash != shown_hash:
        raise Conflict(f"v{approval.subject_version} is newer than what you were shown; look at it, then decide.")
    if decision == "changes_requested" and not notes.strip():
        raise Invalid(fields={"notes": "say what should change"})
    answer = Answer(caller, decision, notes.strip(), edits, raise_to)
    outcome = await answer_subject(conn, approval, answer)
    return Decided(await _record(conn, approval, answer, outcome), outcome)


async def decide_subject(
    conn: Connection,
    *,
    caller: Caller,
    subject_type: SubjectType,
    subject_id: UUID,
    gate: str,
    decision: Decision,
    shown_hash: str,
    notes: str = "",
    edits: dict[str, Any] | None = None,
) -> Decided:
    """Decide on a document or asset directly: answers the request that is open for it, or records one of its own."""
    approval = await queries.find_open(conn, subject_type, subject_id)
    if approval is None:
        approval = await request(
            conn,
            org_id=caller.org_id,
            gate=gate,
            subject_type=subject_type,
            subject_id=subject_id,
            subject_hash=shown_hash,
        )
    return await decide(
        conn,
        caller=caller,
        approval_id=approval.id,
        decision=decision,
        shown_hash=shown_hash,
        notes=notes,
        edits=edits,
    )


async def _check_open(conn: Connection, approval: Approval) -> None:
    if approval.decision is not None:
        who = await get_user(conn, approval.decided_by) if approval.decided_by else None
        name = who.display_name if who else "somebody"
        raise Conflict(f"{name} has already {WORDS[approval.decision]} this.", decision=approval.decision)
    if approval.withdrawn_at is not None:
        raise Conflict("This is no longer asked for: the run behind it has ended or asks about something newer.")
    if approval.expires_at is not None and approval.expires_at < datetime.now(UTC):
        raise Conflict("The time to decide this has passed.")


async def _record(conn: Connection, approval: Approval, answer: Answer, outcome: Outcome) -> Approval:
    values = {
        "id": approval.id,
        "decision": answer.decision,
        "user_id": answer.caller.user_id,
        "via": answer.caller.via,
        "notes": answer.notes or None,
        "edits": outcome.edits,
        "subject_id": outcome.subject_id,
        "subject_version": outcome.subject_version,
        "subject_hash": outcome.subject_hash,
    }
    decided = await queries.decide(conn, values)
    if decided is None:
        raise Conflict()
    return decided


undelivered = queries.undelivered
mark_delivered = queries.mark_delivered
