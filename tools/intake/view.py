"""An intake as the form, programs and agents see it: answers, what is wrong or odd, how far it is."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from knowledge.artifacts import queries
from knowledge.artifacts.intake_form import Finding, check_intake, missing_fields, progress
from knowledge.artifacts.models import Artifact
from knowledge.artifacts.registry import empty
from knowledge.clients import service as clients
from knowledge.clients.models import Client
from knowledge.db import Connection
from knowledge.ids import ApprovalId, ArtifactId, ClientId
from knowledge.people.models import Caller
from tools.artifacts.view import DecisionView, NextStep, summaries
from tools.spec import Wire


class FindingView(Wire):
    """``by``: the model that noticed it, or null for a rule."""

    field: str
    message: str
    by: str | None = None


class Findings(Wire):
    """Errors block the approval, warnings do not."""

    errors: list[FindingView]
    warnings: list[FindingView]


class SectionView(Wire):
    """``done`` of ``total`` questions that apply are answered; likewise the required ones."""

    section: str
    title: str
    done: int
    total: int
    required_done: int
    required_total: int


class Missing(Wire):
    """A required question without an answer. ``path`` is where its answer goes."""

    path: str
    label: str
    help: str


class IntakeView(Wire):
    """``artifactId`` is null and ``version`` 0 while nothing has been answered."""

    artifact_id: ArtifactId | None
    version: int
    status: str
    content_hash: str | None
    client_id: ClientId
    client_name: str
    data: dict[str, Any]
    findings: Findings
    progress: list[SectionView]
    missing: list[Missing]
    approval_id: ApprovalId | None
    may_decide: bool
    approved_at: datetime | None
    approved_by_name: str | None
    flagged_reason: str | None
    unlocked: NextStep | None
    decision: DecisionView | None


async def find_intake(conn: Connection, client_id: UUID) -> Artifact | None:
    return await queries.latest(conn, client_id, "intake")


def beginning(client: Client) -> dict[str, Any]:
    """An intake nobody has answered yet, with what the client was set up with: that is not asked again."""
    data = empty("intake")
    known = {"name": client.name, "website": client.website, "industry": client.industry}
    identity = {**cast("dict[str, Any]", data["identity"]), **{name: value for name, value in known.items() if value}}
    return {**data, "identity": identity}


async def get_view(conn: Connection, caller: Caller, client_id: ClientId) -> IntakeView:
    """Raises NotFound for a client that is not there."""
    client = await clients.get_client(conn, client_id)
    intake = await find_intake(conn, client_id)
    state = (await summaries(conn, caller, [intake]))[0] if intake else None
    data = intake.data if intake else beginning(client)
    return IntakeView(
        artifact_id=state.id if state else None,
        version=state.version if state else 0,
        status=state.status if state else "draft",
        content_hash=state.content_hash if state else None,
        client_id=client_id,
        client_name=client.name,
        data=data,
        **read_form(data),
        approval_id=state.approval_id if state else None,
        may_decide=state.may_decide if state else False,
        approved_at=state.approved_at if state else None,
        approved_by_name=state.approved_by_name if state else None,
        flagged_reason=state.flagged_reason if state else None,
        unlocked=state.unlocked if state else None,
        decision=state.decision if state else None,
    )


def read_form(data: dict[str, Any]) -> dict[str, Any]:
    """``findings``, ``progress`` and ``missing`` of these answers."""
    found = check_intake(data)
    return {
        "findings": Findings(errors=_told(found.errors), warnings=_told(found.warnings)),
        "progress": [
            SectionView(
                section=section.key,
                title=section.title,
                done=section.filled,
                total=section.total,
                required_done=section.required_filled,
                required_total=section.required_total,
            )
            for section in progress(data)
        ],
        "missing": [Missing(path=field.path, label=field.label, help=field.help) for field in missing_fields(data)],
    }


def _told(found: list[Finding]) -> list[FindingView]:
    return [FindingView(field=finding.field, message=finding.message, by=finding.by) for finding in found]
