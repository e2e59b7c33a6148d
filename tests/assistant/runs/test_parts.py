"""A part of a run that was stopped alone: the run above says so, and people choose how it goes on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from knowledge.errors import Invalid
from knowledge.ids import RunId
from tests.assistant.runs import toys
from tests.assistant.runs.toys import QUICK, Room, check_log, open_room
from tests.conftest import People, TestDatabase

SENTENCE = "‘Chatter’, a part of this, was stopped. Resume it, or go on without it?"


@pytest.fixture
async def room(database: TestDatabase, people: People) -> AsyncIterator[Room]:
    toys.ran.clear()
    toys.faults.clear()
    options = replace(QUICK, mend_seconds=0.1)
    who = (people.org_id, people["admin"])
    async with open_room(database.owner_url, database.app_url, *who, options=options) as opened:
        yield opened


async def stopped_part(room: Room) -> tuple[RunId, RunId]:
    """A run, and its part that somebody stopped in the middle of its first word."""
    run = await room.start("parent", "one", "two", pause=0.3)
    part = await part_of(room, run.id)
    await room.until_event(part, "step_started", "say one")
    await room.runs.stop(room.caller, part)
    return run.id, part


async def part_of(room: Room, run_id: RunId) -> RunId:
    async with asyncio.timeout(10):
        while True:
            page, _ = await room.runs.page(room.org_id)
            for row in page:
                if row.parent_id == run_id:
                    return row.id
            await asyncio.sleep(0.02)


async def test_the_run_above_asks_about_a_stopped_part_and_resumes_it(room: Room) -> None:
    run_id, part = await stopped_part(room)
    asked = await room.until_event(run_id, "approval_requested", "stopped part")
    assert asked.data["sentence"] == SENTENCE
    assert (asked.data["subjectType"], asked.data["subjectId"]) == ("run", str(part))
    waiting = await room.until(run_id, "waiting")
    assert waiting.status == "waiting"
    with pytest.raises(Invalid):
        await room.decide(run_id, "stopped part", "changes_requested", "both")
    await room.decide(run_id, "stopped part")
    done = await room.until(run_id, "completed")
    assert done.output == {"text": "one two again"}
    for id in (run_id, part):
        check_log(await room.log(id))


async def test_a_part_resumed_from_its_own_card_answers_the_question_by_itself(room: Room) -> None:
    run_id, part = await stopped_part(room)
    await room.until(run_id, "waiting")
    await room.runs.resume(room.caller, part)
    await room.until(run_id, "running", "completed")
    done = await room.until(run_id, "completed")
    assert done.output == {"text": "one two again"}


async def test_a_part_is_asked_about_each_time_it_is_stopped_and_can_be_left_out(room: Room) -> None:
    run_id, part = await stopped_part(room)
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
    run = await room.start("parent", "one", "two", pause=0.2)
    part = await part_of(room, run.id)
    await room.until_event(part, "step_started", "say one")
    await room.runs.stop(room.caller, run.id)
    await asyncio.sleep(0.5)
    await room.runs.resume(room.caller, run.id)
    await room.until(run.id, "completed")
    assert "approval_requested" not in {event.type for event in await room.log(run.id)}
