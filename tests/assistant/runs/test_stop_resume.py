"""Stop, resume, and every wish that comes twice, too late or at the wrong time."""

import asyncio
import contextlib
import random
from dataclasses import replace

import pytest

from assistant.runs.execution import execute
from knowledge.db import in_turn
from knowledge.errors import Conflict, Invalid, NotFound
from knowledge.ids import RunId
from tests.assistant.runs import toys
from tests.assistant.runs.toys import QUICK, Room, check_log, open_room
from tests.conftest import People, TestDatabase, make_people


async def test_a_stop_breaks_off_the_step_says_where_and_resume_goes_on_from_there(room: Room) -> None:
    go_on = toys.hold("say two")
    run = await room.start("chatter", "one", "two", "three")
    await room.until_event(run.id, "step_started", "say two")
    stopped = await room.runs.stop(room.caller, run.id)
    assert stopped.status == "stopped"
    assert await room.engine.ended(run)
    last = (await room.log(run.id))[-1]
    assert (last.type, last.step) == ("run_stopped", "say two")
    assert last.data["sentence"] == (
        "Stopped during ‘say two’, which starts over when resumed. 1 finished step is kept."
    )
    view = await room.runs.view(room.org_id, run.id)
    assert [(step.name, step.status) for step in view.steps] == [
        ("say one", "completed"),
        ("say two", "stopped"),
    ]
    go_on.set()
    await asyncio.sleep(0.5)
    assert [key.split(":")[1] for key in toys.ran] == ["say one", "say two"], "no orphaned work"
    await room.runs.resume(room.caller, run.id)
    done = await room.until(run.id, "completed")
    assert done.output == {"text": "one two three"}
    assert [key.split(":")[1] for key in toys.ran] == ["say one", "say two", "say two", "say three"]
    check_log(await room.log(run.id))


async def test_stopping_twice_is_stopping_once(room: Room) -> None:
    toys.hold("say one")
    run = await room.start("chatter", "one")
    await asyncio.gather(*(room.runs.stop(room.caller, run.id) for _ in range(5)))
    assert [event.type for event in await room.log(run.id)].count("run_stopped") == 1


async def test_resuming_twice_is_resuming_once(room: Room) -> None:
    go_on = toys.hold("say one")
    run = await room.start("chatter", "one")
    await room.until_event(run.id, "step_started")
    await room.runs.stop(room.caller, run.id)
    await asyncio.gather(*(room.runs.resume(room.caller, run.id) for _ in range(5)))
    go_on.set()
    await room.until(run.id, "completed")
    assert [event.type for event in await room.log(run.id)].count("run_resumed") == 1
    assert len(toys.ran) == 2


async def test_what_has_ended_can_be_neither_stopped_nor_resumed_and_says_so(room: Room) -> None:
    run = await room.start("chatter", "one")
    await room.until(run.id, "completed")
    with pytest.raises(Conflict, match="‘Chatter’ has already finished, so there is nothing to stop"):
        await room.runs.stop(room.caller, run.id)
    with pytest.raises(Conflict, match="nothing to resume"):
        await room.runs.resume(room.caller, run.id)
    failed = await room.start("broken")
    await room.until(failed.id, "failed")
    with pytest.raises(Conflict, match="failed and cannot go on"):
        await room.runs.resume(room.caller, failed.id)


async def test_a_run_that_waits_for_a_person_is_not_resumed_but_says_what_it_waits_for(room: Room) -> None:
    run = await room.start("speak", "one")
    await room.until(run.id, "waiting")
    with pytest.raises(Conflict, match="it waits for ‘canon’ to be decided"):
        await room.runs.resume(room.caller, run.id)


async def test_a_stop_during_a_nap_and_a_resume_sleep_only_once_more_and_run_each_step_once(
    room: Room,
) -> None:
    run = await room.start("nap", pause=3.0)  # longer than it takes to stop and resume it so often
    await room.until_event(run.id, "step_completed", "before")
    for _ in range(4):
        await asyncio.sleep(0.03)
        await room.runs.stop(room.caller, run.id)
        await room.runs.resume(room.caller, run.id)
    await room.until(run.id, "completed")
    assert [key.split(":")[1] for key in toys.ran] == ["before", "after"]
    check_log(await room.log(run.id))


async def test_stop_and_resume_hammered_at_random_moments_repeat_no_completed_step(room: Room) -> None:
    chance = random.Random(3)
    run = await room.start("chatter", *"abcdefgh", pause=0.05)
    completed_before: list[str | None] = []
    for _ in range(12):
        await asyncio.sleep(chance.uniform(0, 0.06))
        try:
            await room.runs.stop(room.caller, run.id)
        except Conflict:
            break
        await room.engine.ended(run)
        done = {event.step for event in await room.log(run.id) if event.type == "step_completed"}
        before = len(toys.ran)
        await room.runs.resume(room.caller, run.id)
        await room.until_event(run.id, "run_resumed")
        again = {key.split(":")[1] for key in toys.ran[before:]}
        assert not (again & done), "a completed step ran again"
        completed_before = sorted(str(step) for step in done)
    done_run = await room.until(run.id, "completed")
    assert done_run.output == {"text": "a b c d e f g h"}
    assert completed_before is not None
    check_log(await room.log(run.id))


async def test_stopping_a_run_stops_what_it_started_and_resuming_brings_both_to_their_end(room: Room) -> None:
    go_on = toys.hold("say one")
    run = await room.start("parent", "one", "two")
    child = await room.part_of(run.id)
    await room.until_event(child, "step_started", "say one")
    await room.runs.stop(room.caller, run.id)
    assert (await room.runs.get(room.org_id, child)).status == "stopped"
    go_on.set()
    ran = len(toys.ran)
    await asyncio.sleep(0.5)
    assert len(toys.ran) == ran, "no orphaned work"
    await room.runs.resume(room.caller, run.id)
    done = await room.until(run.id, "completed")
    assert done.output == {"text": "one two again"}
    check_log(await room.log(run.id))
    check_log(await room.log(child))


async def test_a_child_that_failed_fails_its_parent_with_its_sentence_as_a_question(room: Room) -> None:
    toys.faults["say one"] = [Invalid("That word is not allowed.")]
    run = await room.start("parent", "one")
    failed = await room.until(run.id, "failed")
    assert failed.error == "That word is not allowed."


async def test_the_same_key_gives_the_same_run_and_other_input_is_refused(room: Room) -> None:
    started = await asyncio.gather(
        *(room.start("chatter", "one", idempotency_key="k1") for _ in range(5)), return_exceptions=True
    )
    ids = {run.id for run in started if not isinstance(run, BaseException)}
    assert len(ids) == 1 and not any(isinstance(run, BaseException) for run in started)
    await room.until(ids.pop(), "completed")
    assert len(toys.ran) == 1
    with pytest.raises(Conflict, match="another run"):
        await room.start("chatter", "two", idempotency_key="k1")


async def test_a_client_has_one_onboarding_at_a_time_and_the_second_is_told_of_the_first(
    room: Room, people: object
) -> None:
    client_id = people.client_id  # type: ignore[attr-defined]
    first = await room.start("client_onboarding", "one", client_id=client_id)
    with pytest.raises(Conflict, match="for Agency's client is already") as refused:
        await room.start("client_onboarding", "two", client_id=client_id)
    assert refused.value.facts["run_id"] == first.id
    await room.runs.stop(room.caller, first.id)
    second = await room.start("client_onboarding", "two", client_id=client_id)
    with pytest.raises(Conflict, match="Finish or stop that one first") as taken:
        await room.runs.resume(room.caller, first.id)
    assert taken.value.facts["run_id"] == second.id


async def test_a_client_of_another_organisation_does_not_exist_here(room: Room) -> None:
    other = await make_people(room.db, "Other")
    with pytest.raises(NotFound):
        await room.start("chatter", "one", client_id=other.client_id)


async def test_an_unknown_kind_and_bad_input_are_named(room: Room) -> None:
    with pytest.raises(Invalid, match="there is no ‘dance’"):
        await room.runs.start(room.caller, "dance", {})
    with pytest.raises(Invalid) as refused:
        await room.runs.start(room.caller, "chatter", {"words": "not a list"})
    assert list(refused.value.fields) == ["words"]


async def test_pages_list_every_run_once_newest_first(room: Room) -> None:
    async with room.db.org(room.org_id) as conn:
        for n in range(7):
            await conn.execute(
                "insert into runs (org_id, kind, title, engine, status) values (%s, %s, 't', 'dbos', 'completed')",
                (room.org_id, "odd" if n % 2 else "even"),
            )
    seen: list[RunId] = []
    cursor = None
    while True:
        page, cursor = await room.runs.page(room.org_id, cursor=cursor, limit=2)
        seen += [run.id for run in page]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    odd, _ = await room.runs.page(room.org_id, kind="odd", statuses=["completed"])
    assert len(odd) == 3
    with pytest.raises(Invalid):
        await room.runs.page(room.org_id, cursor="nonsense")


async def test_a_run_stopped_before_the_engine_heard_of_it_can_be_resumed(room: Room) -> None:
    begin = room.engine.begin

    async def deaf(_: object) -> None: ...

    room.engine.begin = deaf  # type: ignore[method-assign]
    run = await room.start("chatter", "one")
    await room.runs.stop(room.caller, run.id)
    room.engine.begin = begin  # type: ignore[method-assign]
    await room.runs.resume(room.caller, run.id)
    done = await room.until(run.id, "completed")
    assert done.output == {"text": "one"}


async def test_a_run_that_somebody_is_at_for_long_holds_up_neither_a_start_nor_another_run(
    database: TestDatabase, people: People
) -> None:
    given = (database.owner_url, database.app_url, people.org_id, people["admin"])

    async def dies(_: object) -> None: ...

    async with open_room(*given) as room:
        room.engine.begin = dies  # type: ignore[method-assign]
        held, other = await room.start("chatter", "one"), await room.start("chatter", "two")
    async with contextlib.AsyncExitStack() as turn:
        await turn.enter_async_context(in_turn(database.owner_url, f"run {held.id}"))
        async with open_room(*given, options=replace(QUICK, mend_seconds=0.1)) as room:
            await room.until(other.id, "completed")
            assert (await room.runs.get(room.org_id, held.id)).status == "queued"
            await turn.aclose()
            await room.until(held.id, "completed")


async def test_a_process_that_goes_away_in_good_order_ends_no_run_and_the_next_one_goes_on(
    database: TestDatabase, people: People
) -> None:
    given = (database.owner_url, database.app_url, people.org_id, people["admin"])
    async with open_room(*given) as room:
        ids = [(await room.start("chatter", *"abcdef", pause=0.1)).id for _ in range(6)]
    chance = random.Random(5)
    for _ in range(6):
        async with open_room(*given) as room:
            await asyncio.sleep(chance.uniform(0, 0.12))  # while the engine takes the runs up
    async with open_room(*given) as room:
        for run_id in ids:
            done = await room.until(run_id, "completed", "failed")
            assert done.status == "completed", done.error
            check_log(await room.log(run_id))


async def test_a_run_handed_to_a_process_that_is_going_away_is_left_for_the_next_one(room: Room) -> None:
    run = await room.start("chatter", "one", pause=30)
    await room.until_event(run.id, "step_started")
    room.engine.closing = True
    execution = room.engine.executions[run.id]
    execution.task.cancel()
    await asyncio.wait({execution.task})
    with pytest.raises(asyncio.CancelledError):
        await execute(room.engine, room.org_id, run.id)
    assert (await room.runs.get(room.org_id, run.id)).status == "running"

    assert (await room.log(run.id))[-1].type in ("step_started", "message")
