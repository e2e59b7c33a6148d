"""The log of a run: no gap, one order, an event of a repeated step written once."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from knowledge.db import Database
from knowledge.errors import NotFound
from knowledge.ids import RunId
from knowledge.runs import agent_queries, events, queries
from knowledge.runs.models import Event, NewEvent, NewRun
from tests.conftest import People, TestDatabase, make_people


@pytest.fixture
async def run_id(db: Database, people: People) -> RunId:
    run_id = RunId(uuid4())
    async with db.org(people.org_id) as conn:
        new = NewRun(id=run_id, org_id=people.org_id, kind="k", title="t", input={}, engine="dbos", started_by=None)
        assert await queries.insert_run(conn, new)
    return run_id


async def test_many_writers_at_once_leave_no_gap_and_write_a_repeated_event_once(
    db: Database, people: People, run_id: RunId
) -> None:
    async def write(writer: int) -> None:
        for n in range(10):
            async with db.org(people.org_id) as conn:
                own = NewEvent(type="progress", data={"by": writer, "n": n})
                shared = NewEvent(type="message", data={"n": n}, dedup_key=f"shared {n}")
                await events.append(conn, run_id, [own, shared])

    await asyncio.gather(*(write(writer) for writer in range(8)))
    async with db.org(people.org_id) as conn:
        log = await queries.list_events(conn, run_id, limit=1000)
        run = await queries.find_run(conn, run_id)
    assert [event.seq for event in log] == list(range(1, 91))
    assert run is not None and run.last_seq == 90
    for writer in range(8):
        assert [e.data["n"] for e in log if e.data.get("by") == writer] == list(range(10))


async def test_a_transaction_that_is_undone_leaves_no_gap(db: Database, people: People, run_id: RunId) -> None:
    with pytest.raises(RuntimeError):
        async with db.org(people.org_id) as conn:
            await events.append(conn, run_id, [NewEvent(type="message")])
            raise RuntimeError
    async with db.org(people.org_id) as conn:
        assert await events.append(conn, run_id, [NewEvent(type="message")]) == 1


async def test_what_is_offered_again_is_not_written_and_is_no_error(
    db: Database, people: People, run_id: RunId
) -> None:
    once = NewEvent(type="message", dedup_key="a")
    async with db.org(people.org_id) as conn:
        assert await events.append(conn, run_id, [once]) == 1
        assert await events.append(conn, run_id, [once]) == 0
        assert await events.append(conn, run_id, [once, NewEvent(type="message", dedup_key="b")]) == 2
        assert await queries.known_keys(conn, run_id) == {"a", "b"}


async def test_a_nul_that_a_model_wrote_does_not_stop_the_log(db: Database, people: People, run_id: RunId) -> None:
    texts = ["a\x00b", "\\u0000 spelled out", "\\\x00"]
    async with db.org(people.org_id) as conn:
        await events.append(conn, run_id, [NewEvent(type="message", data={"text": text}) for text in texts])
        log = await queries.list_events(conn, run_id)
    assert [event.data["text"] for event in log] == ["ab", "\\u0000 spelled out", "\\"]


async def test_another_organisation_can_neither_read_nor_write_the_log(
    db: Database, people: People, run_id: RunId
) -> None:
    other = await make_people(db, "Other")
    async with db.org(people.org_id) as conn:
        await events.append(conn, run_id, [NewEvent(type="message")])
    with pytest.raises(NotFound):
        async with db.org(other.org_id) as conn:
            await events.append(conn, run_id, [NewEvent(type="message")])
    async with db.org(other.org_id) as conn:
        assert await queries.list_events(conn, run_id) == []


async def test_each_transaction_says_how_far_the_run_has_grown(
    db: Database, people: People, run_id: RunId, database: TestDatabase
) -> None:
    listener = await psycopg.AsyncConnection.connect(database.owner_url, autocommit=True)
    await listener.execute(f"listen {events.CHANNEL}")
    async with db.org(people.org_id) as conn:
        await events.append(conn, run_id, [NewEvent(type="message"), NewEvent(type="progress")])
    async with db.org(people.org_id) as conn:
        await events.append(conn, run_id, [NewEvent(type="message", data={"text": "é" * 4000})])
        stored = await queries.list_events(conn, run_id)
    told: list[dict[str, Any]] = [json.loads(note.payload) async for note in listener.notifies(timeout=5, stop_after=2)]
    await listener.close()
    went_along = [Event.model_validate(row) for row in told[0].pop("e")]
    assert went_along == stored[:2]
    assert told[0] == {"r": str(run_id), "s": 2, "t": ["message", "progress"], "o": str(people.org_id)}
    assert told[1] == {"r": str(run_id), "s": 3, "t": ["message"]}  # too long


def log_of(*lines: tuple[str, str | None]) -> list[Event]:
    run_id = RunId(uuid4())
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Event(run_id=run_id, seq=n, at=at, type=type, agent=None, iteration=0, step=step, data={})
        for n, (type, step) in enumerate(lines, 1)
    ]


def test_the_task_list_is_read_from_the_log_and_shows_what_is_still_to_come() -> None:
    log = log_of(
        ("run_started", None),
        ("step_started", "draft"),
        ("step_completed", "draft"),
        ("approval_requested", "canon"),
    )
    found = [(step.name, step.status) for step in events.steps_of(log, ("draft", "canon", "persist"))]
    assert found == [("draft", "completed"), ("canon", "waiting"), ("persist", "pending")]


def test_a_planned_step_whose_parts_are_counted_is_not_still_to_come() -> None:
    log = log_of(("step_started", "section 1"), ("step_started", "section 2"), ("progress", None))
    log[-1].data.update(step="sections", done=0, of=2)
    found = [step.name for step in events.steps_of(log, ("sections", "join"))]
    assert found == ["section 1", "section 2", "join"]


def test_a_stop_shows_on_the_step_that_was_under_way_and_a_resume_takes_it_up() -> None:
    stopped = log_of(("step_started", "draft"), ("run_stopped", "draft"))
    assert [step.status for step in events.steps_of(stopped)] == ["stopped"]
    resumed = log_of(("step_started", "draft"), ("run_stopped", "draft"), ("run_resumed", None))
    assert [step.status for step in events.steps_of(resumed)] == ["running"]


async def test_the_usual_time_of_a_kind_is_the_median_of_the_last_twenty_without_peoples_waiting(
    db: Database, people: People
) -> None:
    async with db.org(people.org_id) as conn:
        assert await queries.usual_seconds(conn, "k") is None
        for n in range(30):  # the first ten are older and slow
            seconds = 1000 if n < 10 else 10
            await conn.execute(
                "insert into runs (org_id, kind, title, engine, status, started_at, finished_at) values "
                "(%s, 'k', 't', 'dbos', 'completed', now() - make_interval(days => %s, secs => %s), "
                "now() - make_interval(days => %s))",
                (people.org_id, 30 - n, seconds, 30 - n),
            )
        assert await queries.usual_seconds(conn, "k") == pytest.approx(10)
        await conn.execute(
            "insert into approvals (org_id, run_id, gate, subject_type, subject_id, requested_at, decided_at, decision) "
            "select org_id, id, 'g', 'run', id, finished_at - interval '4 seconds', finished_at, 'approved' from runs"
        )
        assert await queries.usual_seconds(conn, "k") == pytest.approx(6)


async def test_an_agent_counts_as_busy_until_it_is_closed_once(db: Database, people: People, run_id: RunId) -> None:
    async with db.org(people.org_id) as conn:
        one = await agent_queries.start_agent_run(conn, people.org_id, "planner", run_id=run_id)
        assert [agent.id for agent in await agent_queries.list_busy_agents(conn)] == [one.id]
        await agent_queries.finish_agent_run(conn, one.id, "completed", input_tokens=5)
        await agent_queries.finish_agent_run(conn, one.id, "failed", error="too late")
        assert await agent_queries.list_busy_agents(conn) == []
        closed = (await agent_queries.list_agent_runs(conn, run_id))[0]
    assert (closed.status, closed.input_tokens, closed.error) == ("completed", 5, None)
