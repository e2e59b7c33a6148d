"""One execution of one run on DBOS: the body's step, approval, sleep, child and emit.

What always holds: a body makes the same engine calls in the same order however often it is repeated, so everything
that may differ between two executions (is it decided already? is it stopped?) happens outside the engine's count.
A step's fault is kept as a result, never as an exception, so that it crosses every boundary as it was; a bug ends
the run with one plain sentence, and its traceback is in the log only.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, TypeVarTuple, cast
from uuid import uuid5

from dbos import DBOS, StepReservation
from pydantic import BaseModel

from assistant.runs import parts
from assistant.runs.approvals import gate_name
from assistant.runs.faults import Fault, budget_subject, fault_of, passes
from assistant.runs.protocol import (
    Decision,
    Output,
    RunFacts,
    Services,
    StepContext,
    Subject,
    Workflow,
    step_key,
)
from assistant.runs.run_log import Fenced, RunLog, Told
from assistant.runs.step_voice import StepVoice, plain
from assistant.runs.stopping import Execution, stopped
from assistant.runs.waves import all_of, freed
from knowledge.approvals import service as approvals
from knowledge.approvals.models import Approval
from knowledge.db import Connection
from knowledge.errors import AdroomError, BudgetExceeded, Upstream
from knowledge.ids import CampaignId, ClientId, OrgId, RunId, SessionId, UserId
from knowledge.outages import is_outage, through_outages
from knowledge.runs import events, queries
from knowledge.runs.models import ACTIVE, FINAL, NewEvent, NewRun, RunRow, RunStatus

if TYPE_CHECKING:
    from assistant.runs.dbos_engine import DbosEngine

T = TypeVar("T")
Args = TypeVarTuple("Args")
logger = logging.getLogger(__name__)

#: ``recv`` knows no forever
YEARS = 20 * 365 * 24 * 3600.0
#: times that a step begins anew because the database was away, before that counts as the step's own fault
MOST_OUTAGES = 50


class DbosRun:
    """``Run`` on DBOS."""

    def __init__(self, engine: "DbosEngine", execution: Execution, facts: RunFacts, log: RunLog) -> None:
        self.facts = facts
        self._engine = engine
        self._execution = execution
        self._log = log
        self._names: Counter[str] = Counter()

    @property
    def id(self) -> RunId:
        return self.facts.id

    @property
    def org_id(self) -> OrgId:
        return self.facts.org_id

    @property
    def client_id(self) -> ClientId | None:
        return self.facts.client_id

    @property
    def campaign_id(self) -> CampaignId | None:
        return self.facts.campaign_id

    @property
    def session_id(self) -> SessionId | None:
        return self.facts.session_id

    @property
    def started_by(self) -> UserId | None:
        return self.facts.started_by

    # ---------------------------------------------------------------- step

    async def step(
        self,
        name: str,
        fn: Callable[[StepContext, *Args], Awaitable[T]],
        *args: *Args,
        retries: int = 3,
        timeout: float = 600,  # noqa: ASYNC109 - the protocol's word for it
    ) -> T:
        label = self._nth(name)
        self._event("step_started", label)
        while True:
            ended: T | Fault = await self._attempts(label, fn, args, retries, timeout)
            if not isinstance(ended, Fault):
                self._event("step_completed", label)
                return ended
            if not await self._ask_about(ended.error, label):
                self._failed(label, ended)

    async def _attempts(
        self,
        label: str,
        fn: Callable[[StepContext, *Args], Awaitable[T]],
        args: tuple[*Args],
        retries: int,
        limit: float,
        number: StepReservation | None = None,
    ) -> T | Fault:
        """One step of the engine: ``fn`` with its repetitions, kept as its value or as the fault it ended in.

        ``number``: its own in the body, when it was drawn beforehand.
        """

        async def kept() -> dict[str, Any]:
            attempt = outages = 0
            while True:
                await self._engine.peers.sure()  # woken from a freeze, it may have been completed elsewhere by now
                try:
                    return {"value": await self._attempt(label, fn, args, limit)}
                except Fenced:
                    raise stopped() from None
                except Exception as error:
                    if self._engine.closing:
                        raise asyncio.CancelledError from error
                    fault, away = fault_of(error, label, limit), is_outage(error) and outages < MOST_OUTAGES
                if not away and (attempt == retries or not passes(fault.error)):
                    return {"error": fault.error, "bug": fault.bug}
                pause = self._engine.options.retry_pause * 2**attempt
                await self._execution.interruptible(partial(asyncio.sleep, pause))
                attempt, outages = attempt + (not away), outages + away

        result = await (number.run_async if number else DBOS.run_step_async)({"name": label}, kept)
        if "error" in result:
            return Fault(result["error"], result["bug"])
        return result["value"]

    async def side_by_side(
        self,
        fn: Callable[[StepContext, *Args], Awaitable[T]],
        works: Mapping[str, tuple[*Args]],
        *,
        width: int = 4,
        counted: str | None = None,
        retries: int = 3,
        timeout: float = 600,  # noqa: ASYNC109 - the protocol's word for it
    ) -> list[T]:
        """In waves: all that is open, then one question about what fell out, then all that is still open.

        A step's number in the body is drawn before any of a wave begins, so it does not matter which ends first.
        """
        given = {self._nth(name): args for name, args in works.items()}
        done: dict[str, T] = {}

        async def one(label: str, number: StepReservation, turn: asyncio.Semaphore) -> T | Fault:
            async with turn:
                self._event("step_started", label)
                ended: T | Fault = await self._attempts(label, fn, given[label], retries, timeout, number)
            if not isinstance(ended, Fault):
                done[label] = ended
                self._event("step_completed", label)
                if counted is not None:
                    self._count(counted, len(done), len(given))
            return ended

        if counted is not None and given:
            self._count(counted, 0, len(given))
        while len(done) < len(given):
            before, turn = len(done), asyncio.Semaphore(width)
            open_ones = [label for label in given if label not in done]
            ended = await all_of([one(label, DBOS.reserve_step(), turn) for label in open_ones])
            faults = {label: end for label, end in zip(open_ones, ended, strict=True) if isinstance(end, Fault)}
            if faults and not (len(done) > before and freed(faults)):
                await self._ask_about_one_of(faults)
        return [done[label] for label in given]

    async def _ask_about_one_of(self, faults: dict[str, Fault]) -> None:
        """Ask people about what one of several steps fell out with: what nobody can answer first, else the first."""
        label, fault = min(faults.items(), key=lambda one: isinstance(one[1].error, BudgetExceeded | Upstream))
        if not await self._ask_about(fault.error, label):
            self._failed(label, fault)

    def _failed(self, label: str, fault: Fault) -> NoReturn:
        data = {"error": fault.error.message, "code": "bug" if fault.bug else fault.error.code}
        self._event("step_failed", label, **data)
        raise fault.error

    def _count(self, name: str, done: int, of: int) -> None:
        data = {"step": name, "done": done, "of": of}
        self._log.add(NewEvent(type="progress", data=data, dedup_key=f"count:{name}:{done}"))

    async def _attempt(
        self, label: str, fn: Callable[[StepContext, *Args], Awaitable[T]], args: tuple[*Args], limit: float
    ) -> T:
        said = StepVoice(self._log, label)
        services = cast(Services, self._engine.services)
        context = StepContext(services, self.facts, label, step_key(self.id, label), said)
        value = await self._execution.interruptible(lambda: fn(context, *args), limit)
        if said.count:
            await self._log.flush()  # once the step counts as done nothing would say it again
        return value

    async def _ask_about(self, error: AdroomError, label: str) -> bool:
        """Ask people about a reached budget or a service that stays away; False when it is neither."""
        if isinstance(error, BudgetExceeded):
            self._names[f"budget:{label}"] += 1
            self._event("budget_reached", label, key=self._names[f"budget:{label}"], **plain(error.facts))
            decision = await self.approval("budget", budget_subject(error, self.id))
        elif isinstance(error, Upstream):
            sentence = f"{error.message} Try again, or stop here?"
            decision = await self.approval("retry", Subject(type="run", id=self.id, sentence=sentence))
        else:
            return False
        if not decision.approved:
            await self._stop_here(decision, label)
        return True

    async def _stop_here(self, decision: Decision, label: str) -> None:
        """End as stopped, once for this decision: who resumes afterwards comes past here and tries again."""
        key = f"stopped:{decision.approval_id}"
        if key in self._log.known:
            return

        async def change(_: Connection, __: RunStatus) -> Told:
            sentence = f"Stopped at ‘{label}’, as decided. Everything finished before is kept."
            event = NewEvent(type="run_stopped", step=label, data={"sentence": sentence}, dedup_key=key)
            return Told([event], "stopped")

        await self._log.write_with(change)
        await self._engine.interrupt(self.id)
        raise stopped()

    # ---------------------------------------------------------------- waiting

    async def approval(self, gate: str, subject: Subject) -> Decision:
        label = self._nth(gate, "gate:")
        with self._engine.gates.listening(self.org_id, self.id, label) as waiting:
            asked = await self._ask(label, subject)
            if asked.decision is None:
                asked = await self._execution.interruptible(lambda: waiting.answer)
                self._log.go_on()  # written with what it says next
        return self._answer(asked)

    async def _ask(self, label: str, subject: Subject) -> Approval:
        """Put the question, or find it put, and be waiting unless it is answered already.

        A run that is repeated comes past answers it went on from long ago: it waits as long as a later one is missing.
        """
        asked: list[Approval] = []

        async def change(conn: Connection, status: RunStatus) -> Told:
            approval = await approvals.request(
                conn,
                org_id=self.org_id,
                run_id=self.id,
                gate=label,
                subject_type=subject.type,
                subject_id=subject.id,
                subject_version=subject.version,
                subject_hash=subject.hash,
            )
            asked.append(approval)
            event = _asked_event(approval, subject)
            news = [] if event.dedup_key in self._log.known else [event]
            if approval.decision is not None:
                answered = status == "waiting" and await queries.find_waiting(conn, self.id) is None
                return Told(news, "running" if answered else None)
            if not news and status != "waiting":  # it was stopped meanwhile, and waits again
                news = [event.model_copy(update={"dedup_key": None, "data": event.data | {"again": True}})]
            return Told(news, "waiting")

        await self._log.write_with(change, at_once=True)
        return asked[-1]

    def _answer(self, approval: Approval) -> Decision:
        self._log.add(events.decided(approval))
        return _decision_of(approval)

    async def sleep(self, seconds: float) -> None:
        await self._receive("sleep", seconds)  # nobody sends on it; the engine's own sleep is not safe to stop

    async def _receive(self, topic: str, seconds: float) -> Any:
        await self._log.flush()
        return await self._execution.interruptible(lambda: DBOS.recv_async(topic, timeout_seconds=seconds))

    # ---------------------------------------------------------------- child, emit

    async def child(self, kind: str, input: BaseModel) -> BaseModel:
        workflow = self._engine.workflows[kind]
        child_id = RunId(uuid5(self.id, self._nth(kind, "child:")))
        row = await through_outages(lambda: self._child_row(child_id, workflow, input))
        if row.status not in FINAL:
            await self._engine.begin(row)
        await self._until_over(row)
        ended = await through_outages(lambda: self._find(child_id))
        if ended.status != "completed":
            how = "was stopped and left out" if ended.status == "cancelled" else "did not finish"
            raise Upstream(ended.error or f"‘{ended.title}’ {how}.", retryable=False)
        return (workflow.output_model or Output).model_validate(ended.output or {})

    async def _until_over(self, child: RunRow) -> None:
        """Wait for the child's end, asking people whenever somebody has stopped it alone."""

        async def stands_still() -> bool:
            return (await through_outages(lambda: self._find(child.id))).status == "stopped"

        while str(await self._receive(parts.topic(child.id), YEARS)).startswith(parts.STOPPED):
            if not await DBOS.run_step_async({"name": parts.GATE}, stands_still):
                continue
            decision = await self.approval(parts.GATE, parts.question(child))
            await through_outages(partial(parts.act_on, self._engine, self.org_id, child.id, decision))
            if not decision.approved:
                return

    async def _child_row(self, child_id: RunId, workflow: Workflow[Any], input: BaseModel) -> RunRow:
        async with self._engine.db.org(self.org_id) as conn:
            found = await queries.find_run(conn, child_id)
            if found is not None:
                return found
            if (status := await events.lock(conn, self.id)) not in ACTIVE:
                raise Fenced(status)
            new = NewRun(
                id=child_id,
                org_id=self.org_id,
                kind=workflow.kind,
                title=workflow.title,
                input=input.model_dump(mode="json", by_alias=True),
                engine=self._engine.name,
                started_by=self.started_by,
                client_id=getattr(input, "client_id", None) or self.client_id,
                campaign_id=getattr(input, "campaign_id", None) or self.campaign_id,
                session_id=self.session_id,
                parent_id=self.id,
                holder=self._engine.holder,
            )
            await queries.insert_run(conn, new)
        return await self._find(child_id)

    async def _find(self, run_id: RunId) -> RunRow:
        async with self._engine.db.org(self.org_id) as conn:
            found = await queries.find_run(conn, run_id)
        if found is None:
            raise RuntimeError(f"run {run_id} is gone")
        return found

    async def emit(self, type: str, *, agent: str | None = None, step: str | None = None, **data: Any) -> None:
        key = self._nth("emit", "")
        self._log.add(NewEvent(type=type, agent=agent, step=step, data=plain(data), dedup_key=f"body:{key}"))

    # ---------------------------------------------------------------- small things

    def _nth(self, name: str, prefix: str = "step:") -> str:
        self._names[prefix + name] += 1
        return gate_name(name, self._names[prefix + name])

    def _event(self, type: str, label: str, *, key: object = "", **data: Any) -> None:
        dedup = f"step:{label}:{type}{key or ''}"
        self._log.add(NewEvent(type=type, step=label, data=data, dedup_key=dedup))


def _asked_event(approval: Approval, subject: Subject) -> NewEvent:
    data: dict[str, Any] = {
        "approvalId": approval.id,
        "gate": approval.gate,
        "subjectType": approval.subject_type,
        "subjectId": approval.subject_id,
        "subjectVersion": approval.subject_version,
        "sentence": subject.sentence,
    }
    return NewEvent(type="approval_requested", step=approval.gate, data=plain(data), dedup_key=f"asked:{approval.id}")


def _decision_of(approval: Approval) -> Decision:
    """Of an answered one."""
    if approval.decision is None:
        raise RuntimeError(f"gate {approval.gate} of run {approval.run_id} was woken without a decision")
    return Decision(
        approval_id=approval.id,
        gate=approval.gate,
        decision=approval.decision,
        subject_id=approval.subject_id,
        subject_version=approval.subject_version,
        subject_hash=approval.subject_hash,
        decided_by=approval.decided_by,
        notes=approval.notes,
        edits=approval.edits,
    )
