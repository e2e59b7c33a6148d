"""A part of a run that was stopped alone: the run above says so, and people choose how it goes on."""

import asyncio
from dataclasses import replace

import pytest

from assistant.runs.dbos_engine import EngineOptions
from knowledge.approvals import queries
from knowledge.errors import Conflict, Invalid
from knowledge.ids import RunId
from tests.assistant.runs import toys
from tests.assistant.runs.toys import QUICK, Room, check_log

SENTENCE = "‘Chatter’, a part of this, was stopped. Resume it, or go on without it?"


@pytest.fixture
def engine_options() -> EngineOptions:
    return replace(QUICK, mend_seconds=0.1)


async def stopped_part(room: Room) -> tuple[RunId, RunId, asyncio.Event]:
    """A run, and its part that somebody stopped in the middle of its first word, where it stays until the event is set."""
    go_on = toys.hold("say one")
    run = await room.start("parent", "one", "two")
    part = await room.part_of(run.id)
    await room.until_event(part, "step_started", "say one")
    await room.runs.stop(room.caller, part)
    return run.id, part, go_on


async def test_the_run_above_asks_about_a_stopped_part_and_resumes_it(room: Room) -> None:
    run_id, part, go_on = await stopped_part(room)
    asked = await room.until_event(run_id, "approval_requested", "stopped part")
    assert asked.data["sentence"] == SENTENCE
    assert (asked.data["subjectType"], asked.data["subjectId"]) == ("run", str(part))
    waiting = await room.until(run_id, "waiting")
    assert waiting.status == "waiting"
    with pytest.raises(Invalid):
        await room.decide(run_id, "stopped part", "changes_requested", "both")
    go_on.set()
    await room.decide(run_id, "stopped part")
    done = await room.until(run_id, "completed")
    assert done.output == {"text": "one two again"}
    for id in (run_id, part):
        check_log(await room.log(id))


async def test_a_part_resumed_from_its_own_card_answers_the_question_by_itself(room: Room) -> None:
    run_id, part, go_on = await stopped_part(room)
    await room.until(run_id, "waiting")
    go_on.set()
    await room.runs.resume(room.caller, part)
    await room.until(run_id, "running", "completed")
    done = await room.until(run_id, "completed")
    assert done.output == {"text": "one two again"}


async def test_a_part_is_asked_about_each_time_it_is_stopped_and_can_be_left_out(room: Room) -> None:
    run_id, part, _ = await stopped_part(room)
    await room.until(run_id, "waiting")
    await room.decide(run_id, "stopped part")
    await room.until_event(part, "run_resumed")
    await room.until(part, "running")
    await room.runs.stop(room.caller, part)
    await room.until_event(run_id, "approval_requested", "stopped part#2")
    await room.decide(run_id, "stopped part#2", "rejected")
    failed = await room.until(run_id, "failed")  # a body that wants every part has nothing to go on with
    assert failed.error == "‘Chatter’ was stopped and left out."
    assert (await room.until(part, "cancelled")).status == "cancelled"
    log = await room.log(part)
    assert log[-1].data["sentence"] == "Left out, as decided: it does not go on."
    check_log(log)


async def test_a_stop_of_the_whole_is_no_question(room: Room) -> None:
    go_on = toys.hold("say one")
    run = await room.start("parent", "one", "two")
    part = await room.part_of(run.id)
    await room.until_event(part, "step_started", "say one")
    await room.runs.stop(room.caller, run.id)
    go_on.set()
    await asyncio.sleep(0.5)
    await room.runs.resume(room.caller, run.id)
    await room.until(run.id, "completed")
    assert "approval_requested" not in {event.type for event in await room.log(run.id)}


async def test_what_a_part_asked_is_asked_no_more_when_it_is_left_out(room: Room) -> None:
    run = await room.start("guardian", "one")
    part = await room.part_of(run.id)
    await room.until(part, "waiting")
    await room.runs.stop(room.caller, part)
    await room.until(run.id, "waiting")
    await room.decide(run.id, "stopped part", "rejected")
    await room.until(part, "cancelled")
    async with room.db.org(room.org_id) as conn:
        assert [one.gate for one in await queries.list_open(conn)] == []
    with pytest.raises(Conflict, match="no longer asked for"):
        await room.decide(part, "canon")
