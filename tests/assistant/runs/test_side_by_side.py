"""Steps side by side: how many at once, in what order they are given back, what falls out and what is kept."""

import asyncio
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from knowledge.errors import BudgetExceeded, Invalid, Upstream
from tests.assistant.runs import toys
from tests.assistant.runs.crash import Case, check, live_through
from tests.assistant.runs.toys import Room, check_log
from tests.conftest import People, TestDatabase

SONG = ["do", "re", "mi", "fa", "so", "la", "ti"]


async def test_steps_side_by_side_keep_to_their_width_and_come_back_in_order(room: Room) -> None:
    run = await room.start("choir", *SONG, pause=0.05)
    done = await room.until(run.id, "completed")
    assert done.output == {"text": " ".join(SONG)}
    assert max(toys.at_once) == 3
    log = await room.log(run.id)
    check_log(log)
    counted = [event.data["done"] for event in log if event.type == "progress"]
    assert counted == [0, 1, 2, 3, 4, 5, 6, 7]


async def test_nothing_side_by_side_is_nothing_to_do(room: Room) -> None:
    run = await room.start("choir")
    assert (await room.until(run.id, "completed")).output == {"text": ""}


async def test_one_that_fails_for_good_asks_alone_and_only_it_is_tried_again(room: Room) -> None:
    toys.faults["sing mi"] = [Upstream("The model did not answer.", retryable=False)]
    run = await room.start("choir", *SONG, pause=0.01)
    await room.until_event(run.id, "approval_requested", "retry")
    assert sorted(toys.ran) == sorted(f"{run.id}:sing {word}" for word in SONG), "the others went on to their end"
    await room.decide(run.id, "retry")
    done = await room.until(run.id, "completed")
    assert done.output == {"text": " ".join(SONG)}
    assert toys.ran[len(SONG) :] == [f"{run.id}:sing mi", f"{run.id}:join"]
    check_log(await room.log(run.id))


async def test_a_budget_reached_by_several_is_asked_about_once_and_nothing_finished_is_done_again(room: Room) -> None:
    for word in SONG[4:]:
        toys.faults[f"sing {word}"] = [BudgetExceeded("This would cost up to $1.00, but nothing is left.", scope="run")]
    run = await room.start("choir", *SONG, budget_limit=Decimal(1))
    await room.until_event(run.id, "approval_requested", "budget")
    await room.decide(run.id, "budget", raise_to=Decimal(5))
    done = await room.until(run.id, "completed")
    assert done.output == {"text": " ".join(SONG)}
    log = await room.log(run.id)
    assert sum(event.type == "approval_requested" for event in log) == 1
    assert len(toys.ran) == len(SONG) + 3 + 1
    check_log(log)


async def test_money_held_by_the_others_is_waited_for_without_asking(room: Room) -> None:
    held = BudgetExceeded("Only $0.10 is free while other work is running.", scope="run", scope_id=uuid4(), reserved=2)
    toys.faults["sing do"] = [held]
    toys.faults["sing ti"] = [held]
    run = await room.start("choir", *SONG)
    assert (await room.until(run.id, "completed")).output == {"text": " ".join(SONG)}
    assert not any(event.type == "approval_requested" for event in await room.log(run.id))


async def test_money_held_elsewhere_is_asked_about_when_nothing_beside_it_has_ended(room: Room) -> None:
    held = BudgetExceeded("Only $0.10 is free while other work is running.", scope="run", scope_id=uuid4(), reserved=2)
    toys.faults["sing do"] = [held]
    run = await room.start("choir", "do")
    await room.until_event(run.id, "approval_requested", "budget")


async def test_bad_input_of_one_ends_the_run_with_its_sentence(room: Room) -> None:
    toys.faults["sing re"] = [Upstream("away", retryable=False)]
    toys.faults["sing fa"] = [Invalid(fields={"word": "too rude"})]
    run = await room.start("choir", *SONG)
    assert (await room.until(run.id, "failed")).error == "word: too rude"


async def test_a_stop_breaks_off_all_of_them_and_resume_does_the_rest(room: Room) -> None:
    go_on = toys.hold("sing fa", "sing so", "sing la")
    run = await room.start("choir", *SONG)
    while sum(event.type == "progress" for event in await room.log(run.id)) <= 3:
        await asyncio.sleep(0.02)
    stopped = await room.runs.stop(room.caller, run.id)
    assert stopped.status == "stopped" and await room.engine.ended(run)
    go_on.set()
    said = (await room.log(run.id))[-1].data["sentence"]
    assert "which start over when resumed. 3 finished steps are kept." in said and " more" in said
    before = len(toys.ran)
    await room.runs.resume(room.caller, run.id)
    assert (await room.until(run.id, "completed")).output == {"text": " ".join(SONG)}
    assert len(toys.ran) - before == len(SONG) - 3 + 1
    check_log(await room.log(run.id))


POINTS = ["entered sing do", "half sing re", "left sing mi", "completed sing do", "completed sing ti", "left join"]


@pytest.mark.process
async def test_steps_side_by_side_live_through_deaths(database: TestDatabase, people: People, tmp_path: Path) -> None:
    given = {"words": SONG, "pause": 0.03}
    trace = tmp_path / "trace"
    case = Case(database.owner_url, database.app_url, people.org_id, people["admin"], trace, "choir", given)
    outcome = await live_through(case, POINTS, until_done=True)
    check(outcome)
    assert outcome.run.output == {"text": " ".join(SONG)}
