"""Kill -9 anywhere, start again: nothing completed is repeated, the log has no gap, the end is right."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.assistant.runs.crash import Case, check, check_trace, live_through
from tests.conftest import People, TestDatabase

POINTS = [
    "started",
    "begun",
    "before say",
    "entered say",
    "half say",
    "left say",
    "completed say",
    "before say#2",
    "half say#2",
    "left say#2",
    "completed say#2",
    "asked canon",
    "woken canon",
    "before join",
    "entered join",
    "left join",
    "completed join",
    "ended",
]


@pytest.fixture
def case(database: TestDatabase, people: People, tmp_path: Path) -> Case:
    words = {"words": ["good", "morning"], "pause": 0.03}
    trace = tmp_path / "trace"
    return Case(database.owner_url, database.app_url, people.org_id, people["admin"], trace, "speak", words)


async def test_a_run_lives_through_a_death_at_every_point_one_after_the_other(case: Case) -> None:
    outcome = await live_through(case, POINTS)
    check(outcome)
    assert outcome.lives == len(POINTS) + 1
    assert outcome.run.output == {"text": "good morning"}
    assert [event.data["text"] for event in outcome.log if event.type == "message"] == ["good", "morning"]


async def test_a_nap_goes_on_where_it_was_and_is_not_slept_twice(case: Case) -> None:
    napping = replace(case, kind="nap", input={"words": [], "pause": 0.4})
    check(await live_through(napping, ["completed before", "after 0.2", "entered after"]))


async def test_a_run_and_the_runs_it_started_live_through_deaths_together(case: Case) -> None:
    family = replace(case, kind="parent", input={"words": ["one", "two"], "pause": 0.01})
    points = ["begun", "half say one", "completed say two", "ended", "entered say again", "left join", "ended"]
    outcome = await live_through(family, points)
    check(outcome)
    assert outcome.run.output == {"text": "one two again"}


async def test_a_run_lives_through_deaths_at_random_moments(case: Case) -> None:
    chance = random.Random(7)
    points = [f"after {chance.uniform(0.0, 0.15):.3f}" for _ in range(12)]
    outcome = await live_through(case, points)
    check(outcome)
    assert outcome.run.output == {"text": "good morning"}


async def test_a_death_after_a_bug_was_recorded_still_ends_in_the_same_plain_sentence(case: Case) -> None:
    outcome = await live_through(replace(case, kind="buggy"), ["faulted divide"])
    check(outcome, "failed")
    assert outcome.run.error == "Something went wrong on our side in ‘divide’. Everything finished before is kept."
    assert sum(what == "entered" for what, *_ in outcome.trace) == 1


async def test_a_step_that_fell_out_and_was_tried_again_counts_as_done_once() -> None:
    """The storm counts by this: what people were asked about was not completed before they answered."""
    trace = [("entered", "a", "1"), ("faulted", "a", "1"), ("entered", "a", "2"), ("completed", "a", "2")]
    check_trace(trace)
    with pytest.raises(AssertionError, match="run again after it was completed: 1 completed; 2 entered"):
        check_trace([("completed", "a", "1"), ("entered", "a", "2")])
