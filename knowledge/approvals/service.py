"""Asking people, and taking their answer exactly once.

What always holds: the first decision wins and the second is told who decided what; a decision names the content it
was made on (``shown_hash``) and is refused when that has changed; what the decision does (approve the version, flag
what was built from the old one, raise the limit) happens in the same transaction; no request waits for a version
that is not the newest, or for one that is approved already. Lock order, everywhere: the subject (a client's documents,
an asset's row), then the approval, then the run.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from knowledge.approvals import queries
from knowledge.approvals.models import Approval, Decision, SubjectType
from knowledge.approvals.subjects import Answer, Outcome, Standing, answer_subject, lock_subject
from knowledge.db import Connection
from knowledge.errors import Conflict, Invalid, NotFound
from knowledge.people.models import Caller
from knowledge.people.queries import get_user
from knowledge.plain_text import storable
from knowledge.runs import events
from knowledge.runs.tokens import check_token

WORDS: dict[str, str] = {
    "approved": "approved this",
    "rejected": "rejected this",
    "changes_requested": "sent this back with changes requested",
}


#: a document or a piece is approved as it was shown; a question about money or about going on has no content
BOUND_TO_CONTENT = ("artifact", "asset")
#: the gates at which a run asks how to go on: yes or no
GOING_ON = ("retry", "stopped part")


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
    """Put the question; asking again for the same run and gate gives the same approval.

    The question is about the newest version, whichever was given. It comes back answered when people were faster: when
    that version is approved already, or was decided on since the run was started. A question that is open without a run
    becomes the run's.
    """
    if run_id and (asked := await queries.find_gate(conn, run_id, gate)):
        return asked  # before any lock: who decides it now has the subject's, and waits for the run's
    standing = await lock_subject(conn, subject_type, subject_id)
    if run_id and standing is not None and (asked := await queries.find_gate(conn, run_id, gate)):
        return asked  # asked by somebody else while we waited for the subject
    values: dict[str, Any] = {
        "org_id": org_id,
        "run_id": run_id,
        "gate": gate,
        "subject_type": subject_type,
        "subject_id": standing.id if standing else subject_id,
        "subject_version": standing.version if standing else subject_version,
        "subject_hash": standing.content_hash if standing else subject_hash,
        "expires_at": expires_at,
    }
    if run_id is not None and standing is not None:
        there = await _answered_before(conn, values, standing) or await queries.adopt(conn, values)
        if there is not None:
            return there
    made = await queries.insert(conn, values)
    found = made or (await queries.find_gate(conn, run_id, gate) if run_id else None)
    assert found is not None  # noqa: S101 - a conflict is only possible with the row that is there
    return found


async def _answered_before(conn: Connection, values: dict[str, Any], standing: Standing) -> Approval | None:
    decisions = ("approved",) if standing.approved else ("rejected", "changes_requested")
    claimed = await queries.claim(conn, values, decisions)
    if claimed is not None or not standing.approved:
        return claimed
    last = await queries.last_decision(conn, values["subject_type"], standing.id)
    by, at = (last.decided_by, last.decided_at) if last else (standing.approved_by, standing.approved_at)
    return await queries.insert_answered(conn, {**values, "decided_by": by, "decided_at": at or datetime.now(UTC)})


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
    """Decide; raises Conflict (somebody was first, or it changed), Denied (role, client token), Invalid (a note is missing)."""
    seen = await get(conn, approval_id)
    standing = await lock_subject(conn, seen.subject_type, seen.subject_id)
    approval = await queries.lock(conn, approval_id) or seen
    if run_id := approval.run_id or (standing.run_id if standing else None):
        await check_token(conn, caller, run_id)
    await _check_open(conn, approval)
    if approval.subject_type in BOUND_TO_CONTENT and approval.subject_hash != shown_hash:
        raise Conflict(f"v{approval.subject_version} is newer than what you were shown; look at it, then decide.")
    answer = Answer(caller, decision, storable(notes).strip(), edits, raise_to)
    _check_answer(approval, answer)
    outcome = await answer_subject(conn, approval, answer)
    recorded = await _record(conn, approval, answer, outcome)
    if approval.subject_type in BOUND_TO_CONTENT and decision == "approved":
        await queries.decide_others(conn, approval.id)
    return Decided(recorded, outcome)


def _check_answer(approval: Approval, answer: Answer) -> None:
    wrong: dict[str, str] = {}
    yes_or_no = approval.subject_type == "budget" or approval.gate.partition("#")[0] in GOING_ON
    if yes_or_no:
        if answer.decision == "changes_requested":
            wrong["decision"] = "this can only be approved or rejected"
    elif answer.decision == "changes_requested" and not answer.notes:
        wrong["notes"] = "say what should change"
    if answer.edits is not None and (approval.subject_type != "artifact" or answer.decision != "approved"):
        wrong["edits"] = "only the approval of a document can carry edits"
    if wrong:
        raise Invalid(fields=wrong)


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
    """Decide on a document or asset directly: answers the request that is open for it, or records one of its own.

    Raises what ``decide`` does, and Conflict for a decision that stands already.
    """
    before = await queries.last_decision(conn, subject_type, subject_id)
    standing = await lock_subject(conn, subject_type, subject_id)
    if standing is not None and standing.id != subject_id:
        raise Conflict(f"v{standing.version} is newer.", newest=str(standing.id), version=standing.version)
    approval = await queries.find_open(conn, subject_type, subject_id)
    if approval is None:
        await _check_first(conn, before, subject_type, subject_id, shown_hash)
        if standing is None or standing.content_hash == shown_hash:  # else something newer is to be looked at
            await _check_new(conn, before, decision, shown_hash, notes)
        values: dict[str, Any] = {
            "org_id": caller.org_id,
            "run_id": None,
            "gate": gate,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "subject_version": standing.version if standing else 1,
            "subject_hash": standing.content_hash if standing else shown_hash,
            "expires_at": None,
        }
        approval = await queries.insert(conn, values)
        assert approval is not None  # noqa: S101 - without a run there is nothing to conflict with
    return await decide(
        conn,
        caller=caller,
        approval_id=approval.id,
        decision=decision,
        shown_hash=shown_hash,
        notes=notes,
        edits=edits,
    )


async def _check_first(
    conn: Connection, before: Approval | None, subject_type: SubjectType, subject_id: UUID, shown_hash: str
) -> None:
    """Refuse who comes second: somebody decided while we waited, or a run is acting on what somebody decided."""
    after = await queries.last_decision(conn, subject_type, subject_id)
    if after is not None and (before is None or before.id != after.id):
        raise await _too_late(conn, after)
    acted_on = await queries.acted_on(conn, subject_type, subject_id, shown_hash)
    if acted_on is not None and acted_on.decision != "approved":
        raise await _too_late(conn, acted_on)


async def _check_new(conn: Connection, before: Approval | None, decision: str, shown_hash: str, notes: str) -> None:
    """Refuse what has been said of this content already. A mind may be changed, and a further note sent back; an approval
    given again is for the subject to judge, which may have been flagged since."""
    if before is None or decision == "approved" or (before.decision, before.subject_hash) != (decision, shown_hash):
        return
    if decision == "rejected" or (before.notes or "") == storable(notes).strip():
        raise await _too_late(conn, before)


async def _check_open(conn: Connection, approval: Approval) -> None:
    if approval.decision is not None:
        raise await _too_late(conn, approval)
    if approval.withdrawn_at is not None:
        raise Conflict("This is no longer asked for: the run behind it has ended or asks about something newer.")
    if approval.expires_at is not None and approval.expires_at < datetime.now(UTC):
        raise Conflict("The time to decide this has passed.")


async def _too_late(conn: Connection, decided: Approval) -> Conflict:
    who = await get_user(conn, decided.decided_by) if decided.decided_by else None
    name = who.display_name if who else "Somebody"
    return Conflict(f"{name} has already {WORDS[decided.decision or '']}.", decision=decided.decision)


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
    if decided.run_id is not None:  # wakes the run, and everybody who watches it
        await events.append(conn, decided.run_id, [events.decided(decided)])
    return decided
