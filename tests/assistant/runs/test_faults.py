"""What goes wrong in a step, and what becomes of the run."""

import asyncio
import logging

import psycopg
import pytest

from knowledge.errors import Invalid, Upstream
from knowledge.ids import RunId
from knowledge.outages import through_outages
from tests.assistant.runs import toys
from tests.assistant.runs.toys import Room, check_log
from tests.conftest import TestDatabase


async def test_a_transient_fault_is_tried_again_without_asking_anybody(room: Room) -> None:
    toys.faults["say hello"] = [Upstream("busy", retryable=True), Upstream("busy", retryable=True)]
    run = await room.start("chatter", "hello")
    done = await room.until(run.id, "completed")
    assert done.output == {"text": "hello"}
    assert toys.ran == [f"{run.id}:say hello"] * 3
    check_log(await room.log(run.id))


async def test_a_service_that_stays_away_asks_people_and_the_run_goes_on(room: Room) -> None:
    toys.faults["say hello"] = [Upstream("The model did not answer.", retryable=True) for _ in range(5)]
    run = await room.start("chatter", "hello")
    asked = await room.until_event(run.id, "approval_requested", "retry")
    assert asked.data["sentence"] == "The model did not answer. Try again, or stop here?"
    await room.decide(run.id, "retry")
    await room.until(run.id, "completed")
    assert len(toys.ran) == 6
    check_log(await room.log(run.id))


async def test_a_fault_that_trying_again_cannot_mend_asks_at_once(room: Room) -> None:
    toys.faults["say hello"] = [Upstream("The key was refused.", retryable=False)]
    run = await room.start("chatter", "hello")
    await room.until_event(run.id, "approval_requested", "retry")
    assert len(toys.ran) == 1
    await room.decide(run.id, "retry", "rejected")
    await room.until(run.id, "stopped")
    await room.runs.resume(room.caller, run.id)
    await room.until(run.id, "completed")


async def test_bad_input_ends_the_run_with_its_own_sentence_and_is_not_tried_again(room: Room) -> None:
    toys.faults["say hello"] = [Invalid(fields={"word": "too rude"})]
    run = await room.start("chatter", "hello")
    failed = await room.until(run.id, "failed")
    assert failed.error == "word: too rude"
    assert len(toys.ran) == 1
    log = await room.log(run.id)
    assert [event.type for event in log[-2:]] == ["step_failed", "run_failed"]
    assert log[-1].data == {"error": "word: too rude", "code": "invalid"}
    view = await room.runs.view(room.org_id, run.id)
    assert [(step.name, step.status) for step in view.steps] == [("say hello", "failed")]


async def test_an_error_that_a_framework_wrapped_is_still_ours(room: Room) -> None:
    wrapped = RuntimeError("agent framework")
    wrapped.__cause__ = Upstream("The model did not answer.", retryable=False)
    toys.faults["say hello"] = [wrapped]
    run = await room.start("chatter", "hello")
    asked = await room.until_event(run.id, "approval_requested", "retry")
    assert "The model did not answer." in asked.data["sentence"]


@pytest.mark.parametrize("kind", ["chatter", "broken"])
async def test_a_bug_ends_the_run_in_a_plain_sentence_and_its_traceback_is_only_in_the_log(
    room: Room, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    toys.faults["say hello"] = [ZeroDivisionError("secret detail")]
    with caplog.at_level(logging.ERROR):
        run = await room.start(kind, "hello")
        failed = await room.until(run.id, "failed")
    assert failed.error is not None and failed.error.startswith("Something went wrong on our side")
    shown = str(await room.log(run.id)) + str(failed)
    assert "secret" not in shown and "ZeroDivision" not in shown and "Traceback" not in shown
    assert "secret detail" in caplog.text
    assert len(toys.ran) == (1 if kind == "chatter" else 0)


async def test_a_step_that_takes_too_long_is_broken_off_and_people_are_asked(room: Room) -> None:
    run = await room.start("slow", "hello", pause=30)
    asked = await room.until_event(run.id, "approval_requested", "retry")
    assert asked.data["sentence"] == "‘say’ took longer than 0.2 seconds. Try again, or stop here?"


async def test_a_run_outlives_every_connection_to_the_database_being_cut(room: Room, database: TestDatabase) -> None:
    run = await room.start("speak", *"abcdefgh", pause=0.05)
    with psycopg.connect(database.owner_url, autocommit=True) as conn:
        for _ in range(4):
            await asyncio.sleep(0.15)
            conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
    async with asyncio.timeout(30):
        while (await _status(room, run.id)) != "waiting":
            await asyncio.sleep(0.1)
    await room.decide(run.id, "canon")
    done = await room.until(run.id, "completed")
    assert done.output == {"text": "a b c d e f g h"}
    check_log(await room.log(run.id))


async def _status(room: Room, run_id: RunId) -> str:
    return (await through_outages(lambda: room.runs.get(room.org_id, run_id))).status
