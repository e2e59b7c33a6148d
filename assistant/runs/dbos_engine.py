"""The durable engine: our runs on DBOS, a library on the same Postgres.

What always holds: ``runs`` is the truth about where a run stands, DBOS only knows which steps are done. Every
difference between the two that a crash can leave is put right at start (``_reconcile``) or where the run begins.
One process or many on one database: each has an id of its own (``peers``), the runs of one that is not there wait for
another on the engine's queue, and whoever does runs takes them from there (``engine_rows``). A process that only
serves people (``web``) puts new runs on that queue and does none itself.

Facts about DBOS 3.4 relied on: a step or receive is known by its number in the body, so a body always makes the
same calls; a call made outside the body must be made outside its context (``_outside``); a cancelled workflow is
not revived by a restart; resuming and recovering go over DBOS' own queue, which we look at ourselves.
"""

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from uuid import UUID

import psycopg
from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos._core import WorkflowHandleAsyncPolling
from dbos._error import DBOSAwaitedWorkflowCancelledError, DBOSNonExistentWorkflowError
from psycopg_pool import PoolTimeout

from assistant.runs.approvals import Gates
from assistant.runs.bus import NIL, EventBus
from assistant.runs.encoding import JsonSerializer
from assistant.runs.engine_rows import QUEUE, EngineRows, go_through_outages
from assistant.runs.execution import execute
from assistant.runs.mending import Mending
from assistant.runs.peers import Peers, Rhythm
from assistant.runs.protocol import Services, Workflow
from assistant.runs.run_log import Fenced, Moved
from assistant.runs.stopping import Execution
from assistant.runs.taking import Taking
from knowledge.approvals.models import Approval
from knowledge.db import Database, in_turn
from knowledge.errors import Conflict
from knowledge.ids import OrgId, RunId
from knowledge.migrate import sqlalchemy_url
from knowledge.outages import through_outages
from knowledge.runs import queries, workers
from knowledge.runs.models import RunRow
from knowledge.runs.workers import Role

T = TypeVar("T")
logger = logging.getLogger(__name__)

NAME = "adroom"
SCHEMA = "dbos"
#: what processes tell each other: there is a run to be taken; a message has come for a run
WORK, MAIL = "work", "mail"
#: longer than any process lives: the engine's own look at its queue is not wanted
NEVER = 1e8


@dataclass(frozen=True)
class EngineOptions:
    """Sizes and times. ``version`` is pinned: a changed body gets a new kind, not a new version."""

    role: Role = "all"
    version: str = "1"
    pool_size: int = 5
    threads: int = 16
    #: pauses between attempts of a step after a transient fault: this many seconds, doubled each time
    retry_pause: float = 1.0
    #: how often runs that wait to be taken are looked for when nobody has told of any, in seconds
    poll_seconds: float = 0.5
    #: runs taken at once, so that processes share what waits
    take_at_once: int = 4
    #: how often what nobody told of is looked for: runs left behind, and differences between ``runs`` and the engine
    mend_seconds: float = 5.0
    #: after so long a run that nobody takes is said to be of a kind that nobody knows
    unknown_seconds: float = 20.0
    rhythm: Rhythm = field(default_factory=Rhythm)
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
    #: this process' name among others, if its connections are named so
    id: str | None = None
    name: str = "dbos"

    def __post_init__(self) -> None:
        self.services: Services | None = None
        #: from here on whatever goes wrong in a body is the process going away, not the run failing
        self.closing = False
        self.executions: dict[RunId, Execution] = {}
        #: begun here a moment ago, straight from their start, as they were written
        self.fresh: dict[RunId, RunRow] = {}
        self.peers = Peers(self.db.url, self.options.role, self.options.version, self.options.rhythm, self.id)
        self.rows = EngineRows(self.owner_url)
        self.taking = Taking(self)
        self._tasks: set[asyncio.Task[None]] = set()
        self.instance: Any = None
        self._bodies: dict[str, Callable[[str, str], Coroutine[Any, Any, None]]] = {}
        self.mending = Mending(self)
        self.gates = Gates(self.db, self._org_of, self.options.sweep_seconds)

    async def start(self, services: Services) -> None:
        """Take up the runs of whoever died before, and be ready for new ones."""
        self.services = services
        await self.peers.start()
        _quiet_logs()
        go_through_outages()
        DBOS(config=self._config())
        for kind in self.workflows:
            self._bodies[kind] = self._register(kind)
        self.instance = cast(Any, DBOS(config=self._config()))
        self.instance._registry._register_internal_queue(QUEUE, polling_interval_sec=NEVER)
        DBOS.launch()
        await self.rows.open()
        self.bus.on("approval_decided", self.gates.nudge)
        self.bus.on("run_stopped", self._look_whether_stopped)
        self.bus.heed(WORK, self.taking.nudge)
        self.bus.heed(MAIL, self._on_mail)
        self.peers.on_death(self.mending.recover)
        await self.peers.sure()  # frozen until now, it may have been ended by the others
        await self.mending.recover()
        await self.mending.reconcile()
        self.gates.start()
        if self.works:
            self._spawn(self.taking.forever(), "work")
        self._spawn(self.mending.forever(), "mending")

    @property
    def works(self) -> bool:
        """Whether this process does runs itself."""
        return self.options.role != "web"

    @property
    def holder(self) -> str | None:
        """The process that has a run in hand which is begun here; None when any may take it."""
        return self.peers.id if self.works else None

    async def stop(self) -> None:
        """Let go of everything; runs under way go on elsewhere or at the next start, from their last completed step."""
        self.closing = True
        await self.gates.stop()
        tasks = {execution.task for execution in self.executions.values()} | self._tasks
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5)
        await self.peers.stop()
        with contextlib.suppress(psycopg.OperationalError, PoolTimeout):
            await self.mending.recover()
        await self.rows.close()
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor())  # the engine had put its own there
        await loop.run_in_executor(None, _destroy)

    # ---------------------------------------------------------------- what the service asks for

    async def begin(self, run: RunRow) -> None:
        """Start the run, once however often it is asked: here, or where runs are done."""
        body = self._bodies[run.kind]

        async def start() -> None:
            with SetWorkflowID(str(run.id)):
                if self.works:
                    if run.status == "queued" and run.holder == self.holder:
                        self.fresh[run.id] = run
                    handle = await DBOS.start_workflow_async(body, str(run.org_id), str(run.id))
                    if isinstance(handle, WorkflowHandleAsyncPolling):  # it had been begun before
                        self.fresh.pop(run.id, None)
                else:
                    await DBOS.enqueue_workflow_async(QUEUE, body, str(run.org_id), str(run.id))

        await _outside(start)
        if not self.works:
            await self.tell_work()

    async def tell_work(self) -> None:
        """There is a run to be taken, by whichever process does runs."""
        await self.bus.tell(WORK)

    async def interrupt(self, run_id: RunId) -> None:
        """Make the run's body end at once, wherever it is at work, and not be taken up again until ``take_up``.

        Another process hears of it with the event that says so.
        """
        await _outside(lambda: DBOS.cancel_workflow_async(str(run_id)))
        execution = self.executions.get(run_id)
        if execution is not None:
            execution.stop()

    async def give_up(self, run_id: RunId, owner: str | None) -> None:
        """The same for the execution that has this token, which has seen by itself that the run is stopped."""
        await self.rows.give_up(run_id, owner)

    async def again(self, run_id: RunId, owner: str | None) -> None:
        """The execution with this token has let go of a run that is to go on: whoever is there takes it."""
        if await through_outages(lambda: self.rows.again(run_id, owner)):
            logger.warning("the database has lost the end of what run %s had written: it is made again", run_id)
            await self.tell_work()

    async def ended(self, run: RunRow, within: float = 15.0) -> bool:
        """Wait until nothing of the run is at work in any process; False when something still is."""
        execution = self.executions.get(run.id)
        if execution is not None:
            await asyncio.wait({execution.task}, timeout=within)
            if not execution.task.done():
                return False
        deadline, pause = asyncio.get_running_loop().time() + within, 0.01
        while await workers.held_elsewhere(self.db, run.org_id, run.id, self.peers.id):
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.25)
        return True

    async def take_up(self, run: RunRow) -> None:
        """Go on with an interrupted run after its last completed step."""
        try:
            await _outside(lambda: DBOS.resume_workflow_async(str(run.id)))
            await self.tell_work()
        except DBOSNonExistentWorkflowError:  # stopped before the engine ever heard of it
            await self.begin(run)

    async def send(self, run_id: RunId, topic: str, message: str) -> None:
        """A message to a run, kept until it asks for it; the same topic and message arrives once."""
        key = f"{topic}:{message}"
        await _outside(lambda: DBOS.send_async(str(run_id), message, topic, idempotency_key=key))
        if run_id in self.executions:
            self._wake(run_id, topic)
        else:
            await self.bus.tell(MAIL, run_id, topic)

    def _wake(self, run_id: RunId, topic: str) -> None:
        """Let the run look at once. The engine gathers its own notices first, and one may be lost with its
        connection: it would look again by itself only after a minute."""
        state = self.instance._sys_db
        waiter, _ = state._waiter(str(run_id), topic)
        signal = state.notifications_map.get(waiter)
        if signal is not None:
            signal.set()

    def _on_mail(self, run_id: RunId, topic: str) -> None:
        """Another process has sent a message to a run that may be here; after a break there may be any."""
        if run_id == NIL:
            for _, (waiting, about, _), _ in self.instance._sys_db.notifications_map.snapshot():
                self._spawn(self._check_mail(RunId(UUID(waiting)), about), "mail")
        elif run_id in self.executions:
            self._spawn(self._check_mail(run_id, topic), "mail")

    async def _check_mail(self, run_id: RunId, topic: str) -> None:
        # woken for nothing, a run would take nothing for its message: the table is asked first
        state = self.instance._sys_db
        signal = state.notifications_map.get(state._waiter(str(run_id), topic)[0])
        if signal is not None:
            await asyncio.to_thread(state.recv_check, str(run_id), topic, signal)

    async def decided(self, org_id: OrgId) -> None:
        """Somebody has just decided something in this organisation: runs of this process that waited for it go on."""
        await self.gates.look(org_id)

    def decided_now(self, approval: Approval) -> None:
        """This was decided just now, by a request of this process, and is committed: its run may go on."""
        self.gates.hand_over(approval)

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
            db_engine_kwargs={"connect_args": {}},  # its connections bear this process' name too, not the library's
            max_executor_threads=self.options.threads,
            executor_id=self.peers.id,
            application_version=self.options.version,
            serializer=JsonSerializer(),
            enable_otlp=False,
            log_level="ERROR",
        )

    def _register(self, kind: str) -> Callable[[str, str], Coroutine[Any, Any, None]]:
        async def body(org_id: str, run_id: str) -> None:
            await execute(self, OrgId(UUID(org_id)), RunId(UUID(run_id)))

        return DBOS.workflow(name=kind, max_recovery_attempts=self.options.max_recoveries)(body)

    # ---------------------------------------------------------------- taking runs, and putting right

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=f"engine: {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _look_whether_stopped(self, run_id: RunId) -> None:
        """Some process has stopped a run; after a break of the connection any may have been, or the database lost
        the last of what was written."""
        here = list(self.executions.items()) if run_id == NIL else [(run_id, self.executions.get(run_id))]
        for id, execution in here:
            if execution is not None:
                self._spawn(self._stop_if_stopped(id, execution), "stopping")

    async def _stop_if_stopped(self, run_id: RunId, execution: Execution) -> None:
        # the news may be old: what is at work here may have been resumed since
        run = await through_outages(lambda: queries.read_run(self.db, execution.org_id, run_id))
        if run is not None and run.status == "stopped":
            # first: the engine asks a second later otherwise
            await through_outages(lambda: self.rows.give_up(run_id, execution.owner))
            execution.stop()
        elif execution.log is not None:
            try:
                await execution.log.check()
            except Moved:  # it goes on from what the database has kept, in an execution of its own
                execution.stop()
            except Fenced:  # told of by itself
                return

    @contextlib.asynccontextmanager
    async def one_at_a_time(self, run_id: RunId, within: float = 20.0) -> AsyncGenerator[None]:
        """Stopping, resuming and putting right a run: one at a time among all processes.

        Raises ``Conflict`` when another is still at it after ``within`` seconds.
        """
        try:
            async with in_turn(self.db.url, f"run {run_id}", within):
                yield
        except psycopg.errors.LockNotAvailable:
            raise Conflict("This run is being stopped or resumed already; try again in a moment.") from None


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
