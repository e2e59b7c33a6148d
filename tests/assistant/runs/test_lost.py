"""The database comes back and has lost the last of what was written, or its answer: nothing stands still for it."""

from typing import Any

import psycopg
import pytest

from knowledge.ids import RunId
from tests.assistant.runs import toys
from tests.assistant.runs.toys import Room, check_log
from tests.conftest import TestDatabase

CUT = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
"""


def lose(database: TestDatabase, run_id: RunId, events: int, *, holder: bool = False) -> None:
    """What a crash of the database takes back: the last events with the questions they asked, and every connection."""
    with psycopg.connect(database.owner_url, autocommit=True) as conn:
        conn.execute("delete from approvals where run_id = %s", (run_id,))
        conn.execute(
            "delete from run_events where run_id = %s and seq > (select last_seq from runs where id = %s) - %s",
            (run_id, run_id, events),
        )
        conn.execute(
            "update runs set last_seq = last_seq - %s, status = case when %s then 'queued' else 'running' end, "
            "holder = case when %s then null else holder end where id = %s",
            (events, holder, holder, run_id),
        )
        conn.execute(CUT)


async def test_a_question_that_the_database_has_lost_is_asked_again(room: Room, database: TestDatabase) -> None:
    run = await room.start("speak", "one", "two")
    await room.until(run.id, "waiting")
    before = await room.log(run.id)
    lose(database, run.id, 1)
    await room.until(run.id, "waiting", within=30)
    await room.decide(run.id, "canon")
    done = await room.until(run.id, "completed", within=30)
    assert done.output == {"text": "one two"}
    log = await room.log(run.id)
    check_log(log)
    assert [event.type for event in log[: len(before)]] == [event.type for event in before], "under the same numbers"
    assert len(toys.ran) == 3, "what was done is not done again"


async def test_a_run_whose_beginning_was_lost_goes_on(room: Room, database: TestDatabase) -> None:
    run = await room.start("speak", "one", "two")
    await room.until(run.id, "waiting")
    lose(database, run.id, len(await room.log(run.id)), holder=True)
    await room.until(run.id, "waiting", within=30)
    await room.decide(run.id, "canon")
    await room.until(run.id, "completed", within=30)
    check_log(await room.log(run.id))
    assert len(toys.ran) == 3


async def test_an_end_that_only_the_engine_has_kept_is_told_again(room: Room, database: TestDatabase) -> None:
    run = await room.start("choir", "one", "two")
    await room.until(run.id, "completed")
    before = await room.log(run.id)
    lose(database, run.id, 1)
    done = await room.until(run.id, "completed", within=30)
    assert done.output == {"text": "one two"} and len(toys.ran) == 3
    log = await room.log(run.id)
    check_log(log)
    assert [event.type for event in log] == [event.type for event in before]


async def test_a_claim_whose_answer_was_lost_leaves_no_run_in_nobodys_hands(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await room.start("speak", "one", "two", pause=0.2)
    await room.until_event(run.id, "step_started")
    await room.runs.stop(room.caller, run.id)
    claim, lost = room.engine.rows.claim, list[list[str]]()

    async def cut_off(*given: Any) -> list[str]:
        taken = await claim(*given)
        if taken and not lost:
            lost.append(taken)
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return taken

    monkeypatch.setattr(room.engine.rows, "claim", cut_off)
    await room.runs.resume(room.caller, run.id)
    await room.until(run.id, "waiting", within=30)
    assert lost == [[str(run.id)]]
    await room.decide(run.id, "canon")
    await room.until(run.id, "completed")
    check_log(await room.log(run.id))


async def test_connections_cut_off_while_nobody_used_them_are_nobodys_trouble(
    room: Room, database: TestDatabase
) -> None:
    for _ in range(3):
        with psycopg.connect(database.owner_url, autocommit=True) as conn:
            conn.execute(CUT)
        assert await room.db.ping()
        run = await room.start("chatter", "one")
        await room.until(run.id, "completed", within=30)
