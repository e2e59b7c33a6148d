"""What a workflow may do, and nothing else: step, approval, sleep, child, emit.

Workflow bodies are written against ``Run`` and know no engine. A body only calls these, waits and branches on
results: no clock, no random, no I/O, because after a crash it is run again from its first line and every completed
call gives back what it gave before. Work happens in step functions, which get a ``StepContext``.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, Literal, Protocol, TypeVar, TypeVarTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from knowledge.db import Database
from knowledge.ids import ApprovalId, CampaignId, ClientId, OrgId, RunId, SessionId, UserId
from knowledge.runs.models import Event

T = TypeVar("T")
Args = TypeVarTuple("Args")
Input = TypeVar("Input", bound=BaseModel)

SubjectType = Literal["artifact", "asset", "run", "plan", "budget"]


class LiveEvents(Protocol):
    """Where text goes that is shown while it is being written, and never stored; and who is told of what was stored."""

    def delta(
        self, run_id: RunId, text: str, *, message: str = "", agent: str | None = None, step: str | None = None
    ) -> None: ...

    async def flush(self, run_id: RunId | None = None) -> None: ...
    def watched(self, run_id: RunId) -> bool: ...
    def wrote(self, rows: Sequence[Event]) -> None: ...


class Services(Protocol):
    """What the run machinery itself needs of the services a step is given."""

    @property
    def db(self) -> Database: ...
    @property
    def events(self) -> LiveEvents: ...


@dataclass(frozen=True)
class RunFacts:
    """What does not change during a run."""

    id: RunId
    org_id: OrgId
    client_id: ClientId | None
    campaign_id: CampaignId | None
    session_id: SessionId | None
    started_by: UserId | None
    kind: str
    title: str
    budget_limit: Decimal | None


class StepEvents(Protocol):
    """What a step can say while it works."""

    async def emit(self, type: str, *, agent: str | None = None, **data: Any) -> None: ...
    def delta(self, text: str, *, message: str = "", agent: str | None = None) -> None: ...
    async def flush(self) -> None: ...


def step_key(run_id: RunId, label: str) -> str:
    """``label``: the step's name with its occurrence."""
    return f"{run_id}:{label}"


@dataclass(frozen=True)
class StepContext:
    """What a step function works with.

    ``key`` is the same over retries, raised budgets and crashes (run, step name, occurrence): the scope of the
    journal and the idempotency key towards the outside.
    """

    services: Services
    run: RunFacts
    step: str
    key: str
    _events: StepEvents

    async def emit(self, type: str, *, agent: str | None = None, **data: Any) -> None:
        """Write an event of this step; a repeated step does not write it again."""
        await self._events.emit(type, agent=agent, **data)

    def delta(self, text: str, *, message: str = "", agent: str | None = None) -> None:
        """Show text as it is written. ``message`` names the message it belongs to; the finished one is emitted
        as a ``message`` event with the same ``message``."""
        self._events.delta(text, message=message, agent=agent)

    async def flush(self) -> None:
        """Wait until everything that the run has said so far is written, as a step does that writes events itself."""
        await self._events.flush()


class Subject(BaseModel):
    """What people are asked about. ``hash`` binds their answer to the content they were shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: SubjectType
    id: UUID
    version: int = 1
    hash: str = ""
    #: the question in one sentence, where the gate's name is not enough
    sentence: str | None = None


class Decision(BaseModel):
    """What people answered; ``subject_…`` is what they decided on in the end (an edit makes a newer version)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    approval_id: ApprovalId
    gate: str
    decision: Literal["approved", "rejected", "changes_requested"]
    subject_id: UUID
    subject_version: int
    subject_hash: str
    decided_by: UserId | None
    notes: str | None
    edits: dict[str, Any] | None

    @property
    def approved(self) -> bool:
        return self.decision == "approved"


class Run(Protocol):
    """One durable piece of work, as its body sees it."""

    @property
    def id(self) -> RunId: ...
    @property
    def org_id(self) -> OrgId: ...
    @property
    def client_id(self) -> ClientId | None: ...
    @property
    def campaign_id(self) -> CampaignId | None: ...
    @property
    def session_id(self) -> SessionId | None: ...
    @property
    def started_by(self) -> UserId | None: ...

    async def step(
        self,
        name: str,
        fn: Callable[[StepContext, *Args], Awaitable[T]],
        *args: *Args,
        retries: int = 3,
        timeout: float = 600,  # noqa: ASYNC109 - a durable limit, kept by the engine
    ) -> T:
        """Run ``fn`` once and keep its result.

        ``retries`` counts repetitions after a transient fault, ``timeout`` is in seconds for each attempt. A
        reached budget or an outside service that stays away asks people and goes on. Raises the ``AdroomError``
        that ``fn`` raised otherwise.
        """
        ...

    async def side_by_side(
        self,
        fn: Callable[[StepContext, *Args], Awaitable[T]],
        works: Mapping[str, tuple[*Args]],
        *,
        width: int = 4,
        counted: str | None = None,
        retries: int = 3,
        timeout: float = 600,  # noqa: ASYNC109 - as for ``step``
    ) -> list[T]:
        """``fn`` once for each of ``works`` (a step's name and its arguments), ``width`` of them at a time.

        Each is a step of its own: one that fails is tried again alone, what the others gave is kept. Their results
        come in the order of ``works``. ``counted``: the name under which ``progress`` is told as they finish.
        """
        ...

    async def approval(self, gate: str, subject: Subject) -> Decision:
        """Ask, and wait as long as it takes. The same gate asked again is ``gate#2``, ``gate#3`` …"""
        ...

    async def sleep(self, seconds: float) -> None: ...

    async def child(self, kind: str, input: BaseModel) -> BaseModel:
        """Run another workflow to its end. Raises ``Upstream`` with its sentence when it failed."""
        ...

    async def emit(self, type: str, *, agent: str | None = None, step: str | None = None, **data: Any) -> None: ...


@dataclass(frozen=True)
class Workflow(Generic[Input]):
    """A kind of run. ``steps`` are the names of its steps and gates in order, for the task list and progress.

    The run belongs to the client and campaign named by the input's ``client_id`` and ``campaign_id``, if it has
    them. A changed body gets a new kind (``client_onboarding_v2``) while old runs finish on the old one.
    """

    kind: str
    title: str
    input_model: type[Input]
    body: Callable[[Run, Input], Awaitable[BaseModel | None]]
    steps: tuple[str, ...] = ()
    output_model: type[BaseModel] | None = None


class Output(BaseModel):
    """What a workflow without an ``output_model`` gives its parent: the fields as they are."""

    model_config = ConfigDict(extra="allow")
