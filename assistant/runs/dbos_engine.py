"""The durable engine: our runs on DBOS, a library on the same Postgres.

What always holds: ``runs`` is the truth about where a run stands, DBOS only knows which steps are done. Every
difference between the two that a crash can leave is put right at start (``_reconcile``) or where the run begins.
One process at a time uses one data folder (the door holds a lock), so the executor's id is fixed and whatever it
had in hand when it died is its own to go on with.

Facts about DBOS 3.4 relied on: a step or receive is known by its number in the body, so a body always makes the
same calls; a call made outside the body must be made outside its context (``_outside``); a cancelled workflow is
not revived by a restart; resuming goes over DBOS' own queue, which is looked at every ``poll_seconds``.
"""

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from uuid import UUID

import psycopg
from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos._error import DBOSAwaitedWorkflowCancelledError, DBOSNonExistentWorkflowError
from dbos._utils import INTERNAL_QUEUE_NAME

from assistant.runs.approvals import Outbox
from assistant.runs.bus import EventBus
from assistant.runs.encoding import JsonSerializer
from assistant.runs.execution import execute
from assistant.runs.protocol import Services, Workflow
from assistant.runs.stopping import Execution
from knowledge.approvals.models import Approval
from knowledge.db import Database
from knowledge.ids import OrgId, RunId
from knowledge.migrate import sqlalchemy_url
from knowledge.people.queries import list_orgs
from knowledge.runs import events, queries
from knowledge.runs.models import ACTIVE, NewEvent, RunRow

T = TypeVar("T")
logger = logging.getLogger(__name__)

NAME = "adroom"
SCHEMA = "dbos"
LOST = "This run was lost by the engine and cannot go on. Everything finished before is kept; start it again."


@dataclass(frozen=True)
class EngineOptions:
    """Sizes and times. ``version`` is pinned: a changed body gets a new kind, not a new version."""

    executor_id: str = "adroom"
    version: str = "1"
    pool_size: int = 5
    threads: int = 16
    #: pauses between attempts of a step after a transient fault: this many seconds, doubled each time
    retry_pause: float = 1.0
    #: how often resumed and recovered runs are picked up, in seconds
    poll_seconds: float = 0.5
    sweep_seconds: float = 15.0
    #: recoveries count against this; a run may live for weeks of restarts
    max_recoveries: int = 1_000_000


@dataclass
class DbosEngine:
    """One for the process. ``start`` inside the running loop; runs share that loop."""

    owner_url: str
    db: Database
    bus: EventBus
    workflows: Mapping[str, Workflow[Any]]
    options: EngineOptions = field(default_factory=EngineOptions)
    name: str = "dbos"

    def __post_init__(self) -> None:
        self.services: Services | None = None
        #: from here on whatever goes wrong in a body is the process going away, not the run failing
        self.closing = False
        self.executions: dict[RunId, Execution] = {}
        self._instance: Any = None
        self._bodies: dict[str, Callable[[str, str], Coroutine[Any, Any, None]]] = {}
        self._outbox = Outbox(self.db, self.owner_url, self.deliver, self._org_of, self.options.sweep_seconds)

    async def start(self, services: Services) -> None:
        """Take up the runs of whoever died before, and be ready for new ones."""
        self.services = services
        _quiet_logs()
        DBOS(config=self._config())
        for kind in self.workflows:
            self._bodies[kind] = self._register(kind)
        self._instance = cast(Any, DBOS(config=self._config()))
        self._instance._registry._register_internal_queue(
            INTERNAL_QUEUE_NAME, polling_interval_sec=self.options.poll_seconds
        )
        DBOS.launch()
        self.bus.on("approval_decided", self._outbox.nudge)
        await self._reconcile()
        await self._outbox.start()

    async def stop(self) -> None:
        """Let go of everything; runs under way go on at the next start, from their last completed step."""
        self.closing = True
        await self._outbox.stop()
        tasks = {execution.task for execution in self.executions.values()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5)
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor())  # the engine had put its own there
        await loop.run_in_executor(None, _destroy)

    # ---------------------------------------------------------------- what the service asks for

    async def begin(self, run: RunRow) -> None:
        """Start the run, once however often it is asked."""
        body = self._bodies[run.kind]

        async def start() -> None:
            with SetWorkflowID(str(run.id)):
                await DBOS.start_workflow_async(body, str(run.org_id), str(run.id))

        await _outside(start)

    async def interrupt(self, run_id: RunId) -> None:
        """Make the run's body end at once here, and not be taken up again until ``take_up``."""
        await _outside(lambda: DBOS.cancel_workflow_async(str(run_id)))
        execution = self.executions.get(run_id)
        if execution is not None:
            execution.stop()

    async def ended(self, run_id: RunId, within: float = 15.0) -> bool:
        """Wait until nothing of the run is at work in this process; False when it still is."""
        execution = self.executions.get(run_id)
        if execution is not None:
            await asyncio.wait({execution.task}, timeout=within)
            return execution.task.done()
        return True

    async def take_up(self, run: RunRow) -> None:
        """Go on with an interrupted run after its last completed step."""
        try:
            await _outside(lambda: DBOS.resume_workflow_async(str(run.id)))
        except DBOSNonExistentWorkflowError:  # stopped before the engine ever heard of it
            await self.begin(run)

    async def deliver(self, approval: Approval) -> None:
        """Wake the run that waits for this decision; the first message counts, the others are the same."""
        await self.send(cast(RunId, approval.run_id), f"gate:{approval.gate}", str(approval.id))

    async def send(self, run_id: RunId, topic: str, message: str) -> None:
        """A message to a run, kept until it asks for it; the same topic and message arrives once."""
        key = f"{topic}:{message}"
        await _outside(lambda: DBOS.send_async(str(run_id), message, topic, idempotency_key=key))
        if run_id in self.executions:
            self._wake(run_id, topic)

    def _wake(self, run_id: RunId, topic: str) -> None:
        """Let the run look at once. The engine gathers its own notices first, and one may be lost with its
        connection: it would look again by itself only after a minute."""
        state = self._instance._sys_db
        waiter, _ = state._waiter(str(run_id), topic)
        signal = state.notifications_map.get(waiter)
        if signal is not None:
            signal.set()

    async def decided(self, org_id: OrgId) -> None:
        """Somebody has just decided something in this organisation: deliver it now."""
        await self._outbox.deliver(org_id)

    def _org_of(self, run_id: RunId) -> OrgId | None:
        """Whose the run is, if it is at work in this process."""
        execution = self.executions.get(run_id)
        return None if execution is None else execution.org_id

    # ---------------------------------------------------------------- set-up

    def _config(self) -> DBOSConfig:
        url = sqlalchemy_url(self.owner_url).set(drivername="postgresql")
        return DBOSConfig(
            name=NAME,
            system_database_url=url.render_as_string(hide_password=False),
            dbos_system_schema=SCHEMA,
            sys_db_pool_size=self.options.pool_size,
            max_executor_threads=self.options.threads,
            executor_id=self.options.executor_id,
            application_version=self.options.version,
            serializer=JsonSerializer(),
            enable_otlp=False,
            log_level="ERROR",
        )

    def _register(self, kind: str) -> Callable[[str, str], Coroutine[Any, Any, None]]:
        async def body(org_id: str, run_id: str) -> None:
            await execute(self, OrgId(UUID(org_id)), RunId(UUID(run_id)))

        return DBOS.workflow(name=kind, max_recovery_attempts=self.options.max_recoveries)(body)

    async def _reconcile(self) -> None:
        """Put right what a crash left different between ``runs`` and the engine."""
        for org_id in await list_orgs(self.owner_url):
            async with self.db.org(org_id) as conn:
                active = await queries.list_runs(conn, statuses=sorted(ACTIVE), limit=100_000)
            known = await self._engine_states([run.id for run in active])
            for run in active:
                await self._put_right(run, known.get(str(run.id)))

    async def _put_right(self, run: RunRow, state: str | None) -> None:
        if run.kind not in self.workflows:
            logger.error("run %s is of a kind nobody knows any more: %s", run.id, run.kind)
        elif state is None:  # died between writing the run and starting it
            await self.begin(run)
        elif state == "CANCELLED":  # died between writing that it goes on and saying so to the engine
            await self.take_up(run)
        elif state not in ("PENDING", "ENQUEUED", "DELAYED"):
            logger.error("run %s is %s here and %s in the engine", run.id, run.status, state)
            async with self.db.org(run.org_id) as conn:
                status = await events.lock(conn, run.id)
                if status in ACTIVE:
                    await queries.update_status(conn, run.id, "failed", error=LOST)
                    await events.append(conn, run.id, [NewEvent(type="run_failed", data={"error": LOST})])

    async def _engine_states(self, run_ids: list[RunId]) -> dict[str, str]:
        if not run_ids:
            return {}
        async with await psycopg.AsyncConnection.connect(self.owner_url, autocommit=True) as conn:
            found = await conn.execute(
                "select workflow_uuid, status, application_version from dbos.workflow_status "
                "where workflow_uuid = any(%s)",
                ([str(run_id) for run_id in run_ids],),
            )
            rows = await found.fetchall()
        old = [row[0] for row in rows if row[1] == "PENDING" and row[2] not in (None, self.options.version)]
        if old:
            logger.error("%d runs were begun under another engine version and wait for it: %s", len(old), old)
        return {row[0]: row[1] for row in rows}


async def _outside(work: Callable[[], Awaitable[T]]) -> T:
    """Do engine work in a context of its own: inside a body it would count as one of the body's steps."""

    async def alone() -> T:
        return await work()

    return await asyncio.create_task(alone(), context=contextvars.Context())


def _destroy() -> None:
    DBOS.destroy(destroy_registry=True)


class _NoiseFilter(logging.Filter):
    """A stopped run ends inside the engine with an error of its own, which is nobody's news."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, DBOSAwaitedWorkflowCancelledError)


def _quiet_logs() -> None:
    """The engine's errors go where ours go; its chatter goes nowhere."""
    engine = logging.getLogger("dbos")
    if not any(isinstance(handler, logging.NullHandler) for handler in engine.handlers):
        engine.handlers = [logging.NullHandler()]  # with a handler there, the engine adds none of its own
        engine.addFilter(_NoiseFilter())
    engine.setLevel(logging.ERROR)
    engine.propagate = True
