"""A run, its events, the agents at work in it, and its step list: what the log says, as types."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from knowledge.db import Row
from knowledge.ids import CampaignId, ClientId, OrgId, RunId, SessionId, UserId

RunStatus = Literal["queued", "running", "waiting", "completed", "failed", "cancelled", "stopped"]
StepStatus = Literal["pending", "running", "waiting", "completed", "failed", "stopped"]

#: the run is under way: it may still write events and hold its one place (one onboarding per client, …)
ACTIVE: frozenset[RunStatus] = frozenset({"queued", "running", "waiting"})
#: nothing ever happens to the run again
FINAL: frozenset[RunStatus] = frozenset({"completed", "failed", "cancelled"})


class RunRow(Row):
    """One row of ``runs``, with the names a list shows beside it. ``guarded``: it was started with a client token.
    ``holder``: the process that has it in hand."""

    id: RunId
    org_id: OrgId
    client_id: ClientId | None
    campaign_id: CampaignId | None
    session_id: SessionId | None
    parent_id: RunId | None
    kind: str
    command: str | None
    title: str
    state: str
    status: RunStatus
    progress: int
    iteration: int
    input: dict[str, Any]
    output: dict[str, Any] | None
    error: str | None
    engine: str
    engine_id: str | None
    idempotency_key: str | None
    budget_limit: Decimal | None
    last_seq: int
    started_by: UserId | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime
    client_name: str | None
    campaign_name: str | None
    guarded: bool = False
    holder: str | None = None


class NewRun(Row):
    """What a run is started with. ``id`` is given by whoever starts it, so that starting twice is once.
    ``holder``: the process that will have it in hand from its beginning, when that is known."""

    id: RunId
    org_id: OrgId
    kind: str
    title: str
    input: dict[str, Any]
    engine: str
    started_by: UserId | None
    client_id: ClientId | None = None
    campaign_id: CampaignId | None = None
    session_id: SessionId | None = None
    parent_id: RunId | None = None
    command: str | None = None
    idempotency_key: str | None = None
    client_token_hash: str | None = None
    budget_limit: Decimal | None = None
    holder: str | None = None


class NewEvent(Row):
    """An event to be written. Two with the same ``dedup_key`` in one run are one event."""

    type: str
    agent: str | None = None
    step: str | None = None
    iteration: int = 0
    data: dict[str, Any] = Field(default_factory=dict)
    dedup_key: str | None = None


class Event(Row):
    """A written event: ``seq`` counts 1, 2, 3 … within its run, without gaps."""

    run_id: RunId
    seq: int
    at: datetime
    type: str
    agent: str | None
    iteration: int
    step: str | None
    data: dict[str, Any]


class Step(Row):
    """One line of a run's task list, read from its events."""

    name: str
    status: StepStatus
    started_at: datetime | None = None
    finished_at: datetime | None = None
    agent: str | None = None


class Waiting(Row):
    """The question a run waits on."""

    approval_id: UUID
    gate: str
    subject_type: str
    subject_id: UUID
    subject_version: int
    subject_hash: str
    requested_at: datetime


class AgentRun(Row):
    """One agent at work, in a run or in a chat session."""

    id: UUID
    org_id: OrgId
    run_id: RunId | None
    session_id: SessionId | None
    agent: str
    iteration: int
    status: Literal["running", "completed", "failed", "stopped"]
    started_at: datetime
    ended_at: datetime | None
    model: str | None
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost: Decimal
    error: str | None
    created_at: datetime
