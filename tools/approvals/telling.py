"""A decision is told to the run that waits for it, in the transaction that made it: the run then goes on at once."""

from knowledge.approvals.models import Approval
from knowledge.db import Connection
from knowledge.runs import events
from knowledge.runs.models import NewEvent


async def tell_run(conn: Connection, approval: Approval) -> None:
    """Write the event of the decision into the run's log, if a run asked; written once however often it is told."""
    if approval.run_id is None:
        return
    data = {
        "approvalId": str(approval.id),
        "gate": approval.gate,
        "decision": approval.decision,
        "decidedBy": str(approval.decided_by),
        "notes": approval.notes,
        "subjectId": str(approval.subject_id),
        "subjectVersion": approval.subject_version,
    }
    event = NewEvent(type="approval_decided", step=approval.gate, data=data, dedup_key=f"decided:{approval.id}")
    await events.append(conn, approval.run_id, [event])
