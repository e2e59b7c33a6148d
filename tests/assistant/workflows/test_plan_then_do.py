"""A task is planned, discussed, accepted and done: nothing before the plan is accepted, every result kept."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from assistant.workflows.plan_then_do import batches, plan_key
from knowledge.artifacts.schemas.plan import Plan
from knowledge.errors import Invalid
from tests.assistant.at_work import AtWork, open_house
from tests.assistant.honest import task_of
from tests.assistant.runs.toys import check_log
from tests.conftest import TestDatabase
from tests.knowledge.artifacts.examples import example
from tests.model_server import ModelServer

TASK = "Compare our subscription with supermarket beans; write an email that welcomes new subscribers"


async def plan_of(at_work: AtWork, asked: dict[str, Any]) -> dict[str, Any]:
    return (await at_work.use("get_artifact", artifactId=asked["subjectId"], withData=True))["data"]


async def ended(at_work: AtWork, run_id: Any, status: str = "completed") -> Any:
    while (asked := await at_work.question(run_id)) is not None:
        await at_work.click(asked)
    run = await at_work.runs.get(at_work.org_id, run_id)
    assert run.status == status, run.error
    check_log(await at_work.log(run_id))
    return run


async def test_nothing_is_done_before_the_plan_is_accepted(planned: TestDatabase, honest: ModelServer) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run_id = await at_work.begin("plan_then_do", task=TASK)
        asked = await at_work.question(run_id)
        assert asked is not None and asked["gate"] == "plan"
        assert [task_of(call.request) for call in honest.requests] == ["planner gather_context", "planner write_plan"]
        plan = await plan_of(at_work, asked)
        assert plan["task"] == TASK and [step["makes"] for step in plan["steps"]] == ["text", "text", "email", "text"]
        assert await at_work.rows("select id from assets") == []
        await at_work.click(asked)
        run = await ended(at_work, run_id)
        ((document,),) = await at_work.rows("select content from assets where format = 'document'")
        for step in plan["steps"]:
            assert f". {step['title']}\n" in document["markdown"]
        ((email, status),) = await at_work.rows("select id, status from assets where channel = 'email'")
        assert run.output["pieces"] == [str(email)] and run.output["not_done"] == [] and status == "draft"
        assert not honest.paid_twice()


async def test_comments_and_notes_are_answered_by_the_next_version(planned: TestDatabase, honest: ModelServer) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run_id = await at_work.begin("plan_then_do", task=TASK)
        asked = await at_work.question(run_id)
        assert asked is not None
        await at_work.use("add_comment", artifactId=asked["subjectId"], body="Remove the email step.")
        await at_work.click(asked, "changes_requested", notes="Add a step to list what the supermarket charges.")
        again = await at_work.question(run_id)
        assert again is not None and (again["gate"], again["version"]) == ("plan#2", 2)
        plan = await plan_of(at_work, again)
        titles = [step["title"] for step in plan["steps"]]
        assert any("supermarket charges" in title for title in titles) and len(titles) == 4
        assert all(step["makes"] == "text" for step in plan["steps"])
        notes = await at_work.rows("select notes from artifacts where id = %s", again["subjectId"])
        told = " ".join(note["text"] for note in notes[0][0] if note["kind"] == "answered")
        assert "Added the step" in told and "Took out the step" in told
        assert await at_work.rows("select id from comments where resolved_at is null") == []
        run = await ended(at_work, run_id)
        assert run.output["pieces"] == []


async def test_an_edited_plan_is_what_is_done(planned: TestDatabase, honest: ModelServer) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run_id = await at_work.begin("plan_then_do", task=TASK)
        asked = await at_work.question(run_id)
        assert asked is not None
        plan = await plan_of(at_work, asked)
        only: dict[str, Any] = {**plan["steps"][0], "title": "Only this", "needs": []}
        await at_work.click(asked, edits={**plan, "steps": [only]})
        await ended(at_work, run_id)
        ((document,),) = await at_work.rows("select content from assets")
        assert "## 1. Only this" in document["markdown"] and "## 2." not in document["markdown"]


async def test_a_rejected_plan_ends_the_run(planned: TestDatabase, honest: ModelServer) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run_id = await at_work.begin("plan_then_do", task=TASK)
        asked = await at_work.question(run_id)
        assert asked is not None
        await at_work.click(asked, "rejected", notes="Not now.")
        run = await ended(at_work, run_id)
        assert run.output["rejected"] == "plan" and await at_work.rows("select id from assets") == []


async def test_two_tasks_have_two_plans(planned: TestDatabase, honest: ModelServer) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        for _ in range(2):
            assert await at_work.question(await at_work.begin("plan_then_do", task=TASK)) is not None
        plans = await at_work.rows("select key, version from artifacts where type = 'plan'")
        assert len({key for key, _ in plans}) == 2 and {version for _, version in plans} == {1}


async def test_a_piece_that_cannot_be_written_is_named_and_the_rest_is_done(
    briefed: TestDatabase, honest: ModelServer
) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, provider=honest.base_url) as at_work:
        run = await ended(at_work, await at_work.begin("plan_then_do", task=TASK))
        assert run.output["pieces"] == [] and len(run.output["not_done"]) == 1
        ((document,),) = await at_work.rows("select content from assets")
        assert "Not done: Writing is blocked: client_canon is missing" in document["markdown"]
        assert document["markdown"].count("\n## ") == 4


@pytest.mark.parametrize("answer", ["approved", "rejected"])
async def test_a_stopped_piece_is_asked_about_and_resumed_or_left_out(
    planned: TestDatabase, honest: ModelServer, answer: str
) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run_id = await at_work.begin("plan_then_do", task=TASK)
        asked = await at_work.question(run_id)
        assert asked is not None
        honest.delay = 0.4
        await at_work.click(asked)
        async with asyncio.timeout(30):
            while not (found := await at_work.rows("select id from runs where parent_id = %s", run_id)):
                await asyncio.sleep(0.02)
        await at_work.runs.stop(at_work.caller, found[0][0])
        honest.delay = 0.0
        asked = await at_work.question(run_id)
        assert asked is not None and asked["gate"] == "stopped part"
        assert asked["sentence"] == "‘Email’, a part of this, was stopped. Resume it, or go on without it?"
        await at_work.click(asked, answer)
        run = await ended(at_work, run_id)
        ((document,),) = await at_work.rows("select content from assets where format = 'document'")
        left_out = "Not done: ‘Email’ was stopped and left out." in document["markdown"]
        done = answer == "approved"
        assert (len(run.output["pieces"]), len(run.output["not_done"]), left_out) == (
            (1, 0, False) if done else (0, 1, True)
        )


async def test_a_task_has_to_be_named(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        with pytest.raises(Invalid) as wrong:
            await at_work.begin("plan_then_do")
        assert "task" in wrong.value.facts["fields"]


def test_a_step_waits_for_what_it_needs_and_others_do_not() -> None:
    data = example("plan")
    data["steps"].append({"id": "list", "title": "List", "does": "It.", "makes": "text", "needs": []})
    rounds = [[step.id for step in batch] for batch in batches(Plan.model_validate(data))]
    assert rounds == [["message", "list"], ["article"]]


def test_a_plan_is_told_apart_by_its_words_and_its_run() -> None:
    assert plan_key("Bereite den Frühling vor!", UUID(int=1)) == "bereite-den-frühling-vor-00000000"
    assert plan_key("!!!", UUID(int=1)) == "plan-00000000"
