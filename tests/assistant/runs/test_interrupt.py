"""Interrupting: the end for good, whatever the run was doing, with everything it has made kept."""

import asyncio
from dataclasses import replace

import pytest

from knowledge.errors import Conflict, Denied
from tests.assistant.runs import toys
from tests.assistant.runs.toys import Room, check_log
from tests.conftest import People


async def test_a_run_at_work_ends_at_once_and_never_goes_on(room: Room) -> None:
    toys.hold("say two")
    run = await room.start("chatter", "one", "two", "three")
    await room.until_event(run.id, "step_started", "say two")
    assert (await room.runs.interrupt(room.caller, run.id)).status == "cancelled"
    assert await room.engine.ended(run)
    log = await room.log(run.id)
    assert (log[-1].type, log[-1].data["sentence"]) == (
        "run_interrupted",
        "Interrupted: it does not go on. 1 finished step is kept.",
    )
    check_log(log)
    await asyncio.sleep(0.3)
    assert [key.split(":")[1] for key in toys.ran] == ["say one", "say two"]
    for wish in (room.runs.stop, room.runs.resume, room.runs.interrupt):
        with pytest.raises(Conflict, match="was interrupted and does not go on"):
            await wish(room.caller, run.id)
    assert (await room.log(run.id)) == log


async def test_a_waiting_run_takes_its_question_back(room: Room) -> None:
    run = await room.start("speak", "one")
    await room.until(run.id, "waiting")
    await room.runs.interrupt(room.caller, run.id)
    with pytest.raises(Conflict, match="no longer asked for"):
        await room.decide(run.id, "canon")
    assert (await room.runs.get(room.org_id, run.id)).status == "cancelled"


async def test_a_stopped_run_can_be_ended_too(room: Room) -> None:
    toys.hold("say one")
    run = await room.start("chatter", "one")
    await room.until_event(run.id, "step_started")
    await room.runs.stop(room.caller, run.id)
    assert (await room.runs.interrupt(room.caller, run.id)).status == "cancelled"


async def test_of_five_interrupts_at_once_one_ends_it_and_the_others_are_told(room: Room) -> None:
    toys.hold("say one")
    run = await room.start("chatter", "one")
    wishes = (room.runs.interrupt(room.caller, run.id) for _ in range(5))
    answers = await asyncio.gather(*wishes, return_exceptions=True)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 4
    assert [event.type for event in await room.log(run.id)].count("run_interrupted") == 1


async def test_a_run_and_those_it_started_end_together_and_not_one_by_one(room: Room) -> None:
    toys.hold("say one")
    run = await room.start("parent", "one", "two")
    async with asyncio.timeout(10):
        while not (children := await room.runs._started_by(room.org_id, run.id)):
            await asyncio.sleep(0.02)
    with pytest.raises(Conflict, match="a part of ‘Parent’"):
        await room.runs.interrupt(room.caller, children[0].id)
    await room.runs.interrupt(room.caller, run.id)
    assert {one.status for one in await room.runs._started_by(room.org_id, run.id)} == {"cancelled"}


async def test_an_interrupted_run_stays_ended_when_the_process_starts_anew(room: Room) -> None:
    toys.hold("say one")
    run = await room.start("chatter", "one")
    await room.until_event(run.id, "step_started")
    await room.runs.interrupt(room.caller, run.id)
    await room.engine.mending.reconcile()
    await asyncio.sleep(0.2)
    assert (await room.runs.get(room.org_id, run.id)).status == "cancelled"
    assert len(toys.ran) == 1


async def test_a_run_with_a_client_token_and_its_children_answer_to_it(room: Room, people: People) -> None:
    holder = replace(room.caller, role="creative", client_token="sixteen or more characters")
    stranger = replace(holder, client_token=None)
    toys.hold("say one")
    run = await room.runs.start(holder, "parent", toys.Words(words=["one"]))
    assert run.guarded
    async with asyncio.timeout(10):
        while not (children := await room.runs._started_by(room.org_id, run.id)):
            await asyncio.sleep(0.02)
    for one in (run.id, children[0].id):
        for wish in (room.runs.stop, room.runs.resume, room.runs.interrupt):
            with pytest.raises(Denied, match="X-Client-Token"):
                await wish(stranger, one)
    await room.runs.stop(holder, run.id)
    await room.runs.resume(replace(stranger, role="ops"), run.id)
    await room.runs.stop(replace(stranger, via="chat"), run.id)
