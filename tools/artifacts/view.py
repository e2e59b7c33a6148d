"""A document as cards, programs and agents see it: one shape, built once.

``summaries`` serves lists, ``artifact_view`` the document itself; both ask the database once for everything that
stands around the documents, however many there are.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from knowledge.artifacts import store
from knowledge.artifacts.models import Artifact
from knowledge.artifacts.readable import example_ids, to_markdown
from knowledge.artifacts.registry import SPECS, ArtifactType
from knowledge.db import Connection
from knowledge.ids import ID, ApprovalId, ArtifactId, CampaignId, ClientId, RunId
from knowledge.overview.models import AroundDocument, AroundPiece
from knowledge.overview.queries import around_documents
from knowledge.people.models import Caller
from knowledge.swipes.queries import client_swipes
from tools.spec import Wire

#: of a swipe without a title, the words of it that stand for one
LONGEST_TITLE = 80
#: what the button of ``TypeSpec.next_step`` says to the chat; a type without a command here offers no button
NEXT_COMMANDS: dict[ArtifactType, str] = {
    "intake": "/onboard",
    "client_canon": "/onboard",
    "metric_schema": "/strategy",
    "strategy_sheet": "/write",
    "experiment_spec": "/briefs",
    "asset_brief": "/assets",
}


class BuiltFrom(Wire):
    type: str
    type_title: str
    version: int
    artifact_id: ArtifactId


class NextStep(Wire):
    label: str
    command: str


class DecisionView(Wire):
    """The last decision on this very version."""

    decision: str
    decided_by_name: str | None
    decided_at: datetime | None
    decided_in: str | None
    notes: str | None


class ArtifactSummary(Wire):
    """``status`` is of this version; it is outdated when ``latestVersion`` is higher.

    ``approvalId``: the question that is open about it. ``mayDecide``: the reader's role may, and it can be decided.
    """

    id: ArtifactId
    type: ArtifactType
    type_title: str
    client_id: ClientId
    client_name: str
    campaign_id: CampaignId | None
    campaign_name: str | None
    key: str
    version: int
    latest_version: int
    latest_id: ArtifactId
    status: str
    flagged_reason: str | None
    created_by: str
    model: str | None
    created_at: datetime
    approved_at: datetime | None
    approved_by_name: str | None
    content_hash: str
    built_from: list[BuiltFrom]
    open_comments: int
    approval_id: ApprovalId | None
    run_id: RunId | None = Field(description="The run that waits for the decision.")
    may_decide: bool
    unlocked: NextStep | None
    decision: DecisionView | None


class ArtifactView(ArtifactSummary):
    """``data`` is the document as stored, ``markdown`` the same for reading."""

    data: dict[str, Any] | None
    markdown: str


async def summaries(conn: Connection, caller: Caller, artifacts: Sequence[Artifact]) -> list[ArtifactSummary]:
    around = await around_documents(conn, [artifact.id for artifact in artifacts])
    return [ArtifactSummary.model_validate(_facts(caller, artifact, around[artifact.id])) for artifact in artifacts]


async def artifact_view(conn: Connection, caller: Caller, artifact: Artifact) -> ArtifactView:
    around = await around_documents(conn, [artifact.id])
    facts = _facts(caller, artifact, around[artifact.id])
    markdown = to_markdown(artifact.type, artifact.data, await _titles(conn, artifact))
    return ArtifactView.model_validate({**facts, "data": artifact.data, "markdown": markdown})


async def _titles(conn: Connection, artifact: Artifact) -> dict[str, str]:
    """What the swipes are called that the document names as examples."""
    ids = [UUID(id) for id in example_ids(artifact.data) if ID.fullmatch(id)]
    found = await client_swipes(conn, artifact.client_id, ids) if ids else []
    named = {str(swipe.id): swipe.title or _first_words(swipe.body or "") for swipe in found}
    return {id: title for id, title in named.items() if title}


def _first_words(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else f"{text[:LONGEST_TITLE].rsplit(' ', 1)[0]} …"


async def get_view(conn: Connection, caller: Caller, artifact_id: UUID) -> ArtifactView:
    """Raises NotFound."""
    return await artifact_view(conn, caller, await store.get(conn, artifact_id))


def _facts(caller: Caller, artifact: Artifact, around: AroundDocument) -> dict[str, Any]:
    newest = around.latest_id == artifact.id
    open_to_decide = newest and artifact.status not in ("approved", "archived")
    return {
        **artifact.model_dump(include=_COPIED),
        **around.model_dump(include=_AROUND),
        "type_title": SPECS[artifact.type].title,
        "created_by": around.created_by_name.removeprefix("agent:"),
        "built_from": [
            BuiltFrom(type=name, type_title=type_title(name), version=source.version, artifact_id=source.id)
            for name, source in artifact.source_versions.items()
        ],
        "run_id": around.waiting_run_id,
        "may_decide": open_to_decide and store.may_decide(caller.role, artifact.type),
        "unlocked": _unlocked(artifact, around) if newest else None,
        "decision": decision_view(around),
    }


_COPIED = {"id", "type", "client_id", "campaign_id", "key", "version", "status", "flagged_reason", "model", "created_at",
           "approved_at", "content_hash"}  # fmt: skip
_AROUND = {"client_name", "campaign_name", "latest_version", "latest_id", "approved_by_name", "open_comments",
           "approval_id"}  # fmt: skip


def type_title(type: str) -> str:
    return next((spec.title for name, spec in SPECS.items() if name == type), type)


def _unlocked(artifact: Artifact, around: AroundDocument) -> NextStep | None:
    """The next step of an approved document, unless it has been taken, or work that takes it is under way."""
    command = NEXT_COMMANDS.get(artifact.type)
    if artifact.status != "approved" or command is None or around.work_under_way or around.built_upon:
        return None
    return NextStep(label=SPECS[artifact.type].next_step, command=command)


def decision_view(around: AroundDocument | AroundPiece) -> DecisionView | None:
    """The last decision on this content; none while a newer question about it is open."""
    if around.decision is None or around.approval_id is not None:
        return None
    return DecisionView(
        decision=around.decision,
        decided_by_name=around.decided_by_name,
        decided_at=around.decided_at,
        decided_in=around.decided_in,
        notes=around.decision_notes,
    )
