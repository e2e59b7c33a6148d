"""A body that changed under its kind's name: a run begun on the old one goes on where it can, or says why it cannot."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from assistant.runs.protocol import Run, Subject, Workflow
from tests.assistant.runs import toys
from tests.assistant.runs.toys import TOYS, Room, Text, Words, check_log, join, open_room, say
from tests.conftest import People, TestDatabase

SENTENCE = (
    "This run was begun with an earlier version of Adroom, in which ‘Chatter’ went another way, so it cannot go on. "
    "Everything finished before is kept; start it again."
)


async def old_body(run: Run, input: Words) -> Text:
    said = await run.step("say", say, input.words[0], 0.0)
    joined = await run.step("join", join, [said.text])
    await run.approval("canon", Subject(type="run", id=run.id))
    return joined


async def another_way(run: Run, input: Words) -> Text:
    """A step more where the old one went on."""
    said = await run.step("say", say, input.words[0], 0.0)
    more = await run.step("say more", say, input.words[0], 0.0)
    return await run.step("join", join, [said.text, more.text])


async def longer(run: Run, input: Words) -> Text:
    """The old one, with more at its end."""
    joined = await old_body(run, input)
    return await run.step("join", join, [joined.text, "more"])


def with_body(body: Any) -> Mapping[str, Workflow[Any]]:
    return {**TOYS, "chatter": replace(TOYS["chatter"], body=body)}


async def begun_on_the_old(database: TestDatabase, people: People) -> Any:
    toys.ran.clear()
    toys.faults.clear()
    who = (people.org_id, people["admin"])
    async with open_room(database.owner_url, database.app_url, *who, workflows=with_body(old_body)) as room:
        run = await room.start("chatter", "hello")
        await room.until(run.id, "waiting")
        return run.id


async def test_a_run_that_cannot_go_on_says_so_and_what_to_do(database: TestDatabase, people: People) -> None:
    run_id = await begun_on_the_old(database, people)
    who = (people.org_id, people["admin"])
    async with open_room(database.owner_url, database.app_url, *who, workflows=with_body(another_way)) as room:
        await _ended_outgrown(room, run_id)
        assert [key.split(":")[1] for key in toys.ran] == ["say", "join"], "nothing was done on a guess"
        again = await room.start("chatter", "hello")
        assert (await room.until(again.id, "completed")).output == {"text": "hello hello"}


async def test_a_run_whose_steps_are_the_same_so_far_goes_on_with_the_new_body(
    database: TestDatabase, people: People
) -> None:
    run_id = await begun_on_the_old(database, people)
    who = (people.org_id, people["admin"])
    async with open_room(database.owner_url, database.app_url, *who, workflows=with_body(longer)) as room:
        await room.until(run_id, "waiting")
        await room.decide(run_id, "canon")
        assert (await room.until(run_id, "completed")).output == {"text": "hello more"}


async def test_what_a_step_has_kept_and_no_longer_gives_ends_the_run_as_plainly(
    database: TestDatabase, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await begun_on_the_old(database, people)
    monkeypatch.setattr(toys, "Text", None)  # the class that its steps' results are kept as is gone
    who = (people.org_id, people["admin"])
    async with open_room(database.owner_url, database.app_url, *who, workflows=with_body(old_body)) as room:
        await _ended_outgrown(room, run_id)


async def _ended_outgrown(room: Room, run_id: Any) -> None:
    failed = await room.until(run_id, "failed")
    assert failed.error == SENTENCE
    log = await room.log(run_id)
    assert log[-1].data == {"error": SENTENCE, "code": "outgrown"}
    check_log(log)
