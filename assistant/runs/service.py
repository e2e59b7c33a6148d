"""Start, stop, resume and look at runs: what chat, Slack and the API call.

What always holds: a change of a run's status and the event that tells of it are one transaction; every wish has one
right answer whatever was clicked twice or too late (a no-op when it is so already, a ``Conflict`` that says why
not otherwise); stopping a run stops the runs it started, resuming it resumes them.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID, uuid4
from weakref import WeakValueDictionary

import psycopg
from pydantic import BaseModel, ValidationError

from assistant.runs import wishes
from assistant.runs.parts import settle_question
from assistant.runs.protocol import Workflow
from assistant.runs.sentences import doing, ended_sentence, interrupted, stopped_event
from knowledge.approvals.models import Approval
from knowledge.db import Connection, Database
from knowledge.errors import Conflict, Invalid, NotFound, Unavailable
from knowledge.ids import ClientId, OrgId, RunId, SessionId
from knowledge.money import service as money
from knowledge.money.models import ScopeKeys
from knowledge.people.models import Caller
from knowledge.runs import agent_queries, events, queries
from knowledge.runs.models import ACTIVE, FINAL, NewRun, RunRow, Step, Waiting
from knowledge.runs.tokens import check_token, token_hash
from tools.spec import Look

#: seconds; a beginning that took longer waited for a database that was away
UNUSUAL = 0.5
GONE = "That run does not exist, or not for you."


class Engine(Protocol):
    """What the service needs of an engine."""

    @property
    def name(self) -> str: ...
    @property
    def holder(self) -> str | None: ...
    async def begin(self, run: RunRow) -> None: ...
    async def interrupt(self, run_id: RunId) -> None: ...
    async def ended(self, run: RunRow, within: float = 15.0) -> bool: ...
    async def take_up(self, run: RunRow) -> None: ...
    async def decided(self, org_id: OrgId) -> None: ...
    def decided_now(self, approval: Approval) -> None: ...
    def one_at_a_time(self, run_id: RunId) -> AbstractAsyncContextManager[None]: ...


@dataclass(frozen=True)
class RunView:
    """Everything a card or the API shows of one run."""

    run: RunRow
    steps: list[Step]
    waiting: Waiting | None
    usual_seconds: float | None


class RunService:
    """One for the process."""

    def __init__(self, db: Database, engine: Engine, workflows: Mapping[str, Workflow[Any]]) -> None:
        self.db = db
        self.engine = engine
        self.workflows = workflows
        self._locks: WeakValueDictionary[RunId, asyncio.Lock] = WeakValueDictionary()

    # ---------------------------------------------------------------- start

    async def start(
        self,
        caller: Caller,
        kind: str,
        input: BaseModel | dict[str, Any],
        *,
        idempotency_key: str | None = None,
        session_id: SessionId | None = None,
        command: str | None = None,
        title: str | None = None,
        budget_limit: Decimal | None = None,
        look: Look | None = None,
    ) -> RunRow:
        """Start a run, or give back the one this idempotency key has started; ``look`` sees it as it is written.

        Raises ``Invalid`` for an unknown kind or bad input, ``NotFound`` for a client or campaign that is not of
        this organisation, ``Conflict`` naming the run that holds the one place (onboarding, planning).
        """
        workflow = self._workflow(kind)
        given = _checked(workflow, input)
        new = NewRun(
            id=RunId(uuid4()),
            org_id=caller.org_id,
            kind=kind,
            title=title or workflow.title,
            input=given.model_dump(mode="json", by_alias=True),
            engine=self.engine.name,
            started_by=caller.user_id,
            client_id=getattr(given, "client_id", None),
            campaign_id=getattr(given, "campaign_id", None),
            session_id=session_id or caller.session_id,
            command=command,
            idempotency_key=idempotency_key,
            client_token_hash=token_hash(caller.client_token),
            budget_limit=budget_limit,
            holder=self.engine.holder,
        )
        run = await self._write(new, look)
        if run.status == "queued":
            began = time.monotonic()
            await self.engine.begin(run)
            if time.monotonic() - began > UNUSUAL and await queries.read_run(self.db, run.org_id, run.id) is None:
                raise Unavailable()  # the database died before the engine's beginning could take it along
        return run

    async def _write(self, new: NewRun, look: Look | None) -> RunRow:
        try:
            # the engine's own beginning waits for the disk and takes this along, before anybody is answered
            async with self.db.org(new.org_id, at_once=False) as conn:
                if not await queries.scope_exists(conn, new.client_id, new.campaign_id, new.session_id):
                    raise NotFound("That client, campaign or conversation does not exist, or not for you.")
                run = await queries.start_run(conn, new)
                if run is not None:
                    await _give_budget(conn, new)
                else:
                    run = _same(await queries.find_run_by_key(conn, new.idempotency_key or ""), new)
                if look is not None:
                    await look(conn, run)
                return run
        except psycopg.errors.UniqueViolation:
            raise await self._taken(new) from None

    async def _taken(self, new: NewRun | RunRow) -> Conflict:
        async with self.db.org(new.org_id) as conn:
            rival = await queries.find_rival(conn, new.kind, new.id, new.client_id, new.campaign_id)
        if rival is None:
            return Conflict("Another run of this kind was under way a moment ago; please try again.")
        about = rival.campaign_name or rival.client_name or "this"
        return Conflict(
            f"‘{rival.title}’ for {about} is already {doing(rival)}, since {rival.created_at:%d %B, %H:%M} UTC. "
            "Finish or stop that one first.",
            run_id=rival.id,
        )

    def _workflow(self, kind: str) -> Workflow[Any]:
        workflow = self.workflows.get(kind)
        if workflow is None:
            raise Invalid(fields={"kind": f"there is no ‘{kind}’; choose from {', '.join(sorted(self.workflows))}"})
        return workflow

    # ---------------------------------------------------------------- stop and resume

    async def stop(self, caller: Caller, run_id: RunId) -> RunRow:
        """Stop at the next safe point: the step under way is broken off, completed ones are kept.

        Stopping a stopped run changes nothing. Raises ``Conflict`` when the run has ended.
        """
        async with self._one_at_a_time(run_id):
            await self._check_token(caller, run_id)
            await self._stop_one(caller, run_id)
            # a stopped run starts no others, so this comes to an end
            while active := [run for run in await self._started_by(caller.org_id, run_id) if run.status in ACTIVE]:
                for run in active:
                    await self._stop_one(caller, run.id, may_have_ended=True)
            return await self.get(caller.org_id, run_id)

    async def _stop_one(self, caller: Caller, run_id: RunId, *, may_have_ended: bool = False) -> None:
        async with self.db.org(caller.org_id) as conn:
            status = await events.lock(conn, run_id)
            if status in ACTIVE:
                steps = await events.list_steps(conn, run_id)
                await queries.update_status(conn, run_id, "stopped")
                await agent_queries.close_agent_runs(conn, run_id, "stopped")
                await events.append(conn, run_id, [stopped_event(caller, steps)], locked=status)
            elif status != "stopped":
                if may_have_ended:
                    return
                raise Conflict(ended_sentence(await _get(conn, run_id), "stop"))
        await self.engine.interrupt(run_id)

    async def interrupt(self, caller: Caller, run_id: RunId) -> RunRow:
        """End it now and for good, stopped or not, keeping everything it has made so far.

        Raises ``Conflict`` when it has ended, or when another run waits for it: that one is interrupted instead.
        """
        async with self._one_at_a_time(run_id):
            await self._check_token(caller, run_id)
            await self._check_alone(caller.org_id, run_id)
            await self._interrupt_one(caller, run_id)
            while left := [run for run in await self._started_by(caller.org_id, run_id) if run.status not in FINAL]:
                for run in left:
                    await self._interrupt_one(caller, run.id, may_have_ended=True)
            return await self.get(caller.org_id, run_id)

    async def _interrupt_one(self, caller: Caller, run_id: RunId, *, may_have_ended: bool = False) -> None:
        async with self.db.org(caller.org_id) as conn:
            await wishes.withdraw_questions(conn, run_id)
            status = await events.lock(conn, run_id)
            if status not in FINAL:
                steps = await events.list_steps(conn, run_id)
                await wishes.end_for_good(conn, run_id, status, str(caller.user_id), interrupted(steps))
            elif not may_have_ended:
                raise Conflict(ended_sentence(await _get(conn, run_id), "interrupt"))
        await self.engine.interrupt(run_id)

    async def _check_alone(self, org_id: OrgId, run_id: RunId) -> None:
        run = await self.get(org_id, run_id)
        above = await self.get(org_id, run.parent_id) if run.parent_id else None
        if above is not None and above.status not in FINAL:
            raise Conflict(
                f"This is a part of ‘{above.title}’, which waits for it: interrupt that one.", run_id=above.id
            )

    async def _check_token(self, caller: Caller, run_id: RunId) -> None:
        async with self.db.org(caller.org_id) as conn:
            await check_token(conn, caller, run_id)

    async def resume(self, caller: Caller, run_id: RunId) -> RunRow:
        """Go on where it was stopped, using decisions that came meanwhile.

        Resuming a run that is under way changes nothing. Raises ``Conflict`` when it waits for a person, has
        ended, or another run has taken its place.
        """
        async with self._one_at_a_time(run_id):
            await self._check_token(caller, run_id)
            await self._resume_one(caller, run_id)
            for run in await self._started_by(caller.org_id, run_id):
                if run.status == "stopped":
                    await self._resume_one(caller, run.id)
            return await self.get(caller.org_id, run_id)

    async def _resume_one(self, caller: Caller, run_id: RunId) -> None:
        run = await self.get(caller.org_id, run_id)
        if run.status == "stopped" and not await self.engine.ended(run):
            raise Conflict("This run is still stopping; try again in a moment.")
        try:
            async with self.db.org(caller.org_id) as conn:
                status = await events.lock(conn, run_id)
                if status == "waiting":
                    raise Conflict(await _waiting_sentence(conn, run_id))
                if status in ACTIVE:
                    return
                if status != "stopped":
                    raise Conflict(ended_sentence(await _get(conn, run_id), "resume"))
                await wishes.go_on(conn, run_id, status, str(caller.user_id))
        except psycopg.errors.UniqueViolation:
            raise await self._taken(run) from None
        await self.engine.take_up(run)
        if run.parent_id is not None:
            async with self.db.org(caller.org_id) as conn:
                await settle_question(conn, run)
            await self.engine.decided(caller.org_id)

    # ---------------------------------------------------------------- look

    async def get(self, org_id: OrgId, run_id: RunId) -> RunRow:
        async with self.db.org(org_id) as conn:
            return await _get(conn, run_id)

    async def view(self, org_id: OrgId, run_id: RunId) -> RunView:
        """One run with its task list, the question it waits on, and how long its kind usually takes."""
        async with self.db.org(org_id) as conn:
            run = await _get(conn, run_id)
            planned = self.workflows[run.kind].steps if run.kind in self.workflows else ()
            steps = await events.list_steps(conn, run_id, planned if run.status in ACTIVE | {"stopped"} else ())
            waiting = await queries.find_waiting(conn, run_id) if run.status in ("waiting", "stopped") else None
            return RunView(run, steps, waiting, await queries.usual_seconds(conn, run.kind))

    async def page(
        self,
        org_id: OrgId,
        *,
        statuses: list[str] | None = None,
        kind: str | None = None,
        client_id: ClientId | None = None,
        session_id: SessionId | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> tuple[list[RunRow], str | None]:
        """Newest first, with the cursor of the next page (None at the end). Raises ``Invalid`` for a bad cursor."""
        size = max(1, min(limit, 200))
        async with self.db.org(org_id) as conn:
            found = await queries.list_runs(
                conn,
                statuses=statuses,
                kind=kind,
                client_id=client_id,
                session_id=session_id,
                before=_read_cursor(cursor),
                limit=size + 1,
            )
        more = found[size - 1] if len(found) > size else None
        return found[:size], _write_cursor(more) if more else None

    async def _started_by(self, org_id: OrgId, run_id: RunId) -> list[RunRow]:
        """Every run that this one has started, and those have started."""
        async with self.db.org(org_id) as conn:
            return await queries.list_descendants(conn, run_id)

    @asynccontextmanager
    async def _one_at_a_time(self, run_id: RunId) -> AsyncGenerator[None]:
        # between our word and the engine's, an opposite wish for the same run has to wait, in any process
        lock = self._locks.setdefault(run_id, asyncio.Lock())
        async with lock, self.engine.one_at_a_time(run_id):
            yield


async def _give_budget(conn: Connection, new: NewRun) -> None:
    if new.budget_limit is not None:
        keys = ScopeKeys(new.org_id, new.started_by, new.session_id, new.id)
        await money.ensure_limit(conn, keys, "run", new.id, new.budget_limit)


async def _get(conn: Connection, run_id: RunId) -> RunRow:
    found = await queries.find_run(conn, run_id)
    if found is None:
        raise NotFound(GONE)
    return found


def _checked(workflow: Workflow[Any], input: BaseModel | dict[str, Any]) -> BaseModel:
    model: type[BaseModel] = workflow.input_model
    if isinstance(input, model):
        return input
    given = input.model_dump(by_alias=True) if isinstance(input, BaseModel) else input
    try:
        return model.model_validate(given)
    except ValidationError as error:
        wrong = {".".join(str(part) for part in item["loc"]) or "input": item["msg"] for item in error.errors()}
        raise Invalid(fields=wrong) from None


def _same(found: RunRow | None, new: NewRun) -> RunRow:
    if found is None:
        raise Conflict()
    if found.kind != new.kind or found.input != new.input:
        raise Conflict("That Idempotency-Key has started another run already.", run_id=found.id)
    return found


async def _waiting_sentence(conn: Connection, run_id: RunId) -> str:
    waiting = await queries.find_waiting(conn, run_id)
    gate = f"‘{waiting.gate}’" if waiting else "an answer"
    return f"This run is not stopped: it waits for {gate} to be decided."


def _write_cursor(run: RunRow) -> str:
    return f"{run.created_at.isoformat()}~{run.id}"


def _read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    at, _, run_id = cursor.partition("~")
    try:
        moment, last = datetime.fromisoformat(at), UUID(run_id)
    except ValueError:
        raise Invalid(fields={"cursor": "not a cursor that this list has given"}) from None
    if moment.tzinfo is None:
        raise Invalid(fields={"cursor": "not a cursor that this list has given"})
    return moment, last
