"""/plan-task: a task is planned here, and accepted here in words."""

from uuid import UUID

from knowledge.ids import RunId
from tests.assistant.at_work import open_house
from tests.assistant.commands.test_experiments import said
from tests.conftest import TestDatabase


async def test_a_plan_is_accepted_in_words(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        desk = await at_work.session()
        answer = await said(at_work, "plan-task", "Compare us with supermarket beans", session_id=desk)
        run_id = RunId(UUID(answer.cards[0].props["runId"]))
        assert await at_work.question(run_id, within=20) is not None
        elsewhere = await said(at_work, "plan-task", "done reviewing")
        assert "No plan waits" in elsewhere.text, "a plan of another conversation is not accepted from here"
        accepted = await said(at_work, "plan-task", "done reviewing", session_id=desk)
        assert accepted.cards[0].props == {"runId": str(run_id)}
        assert await at_work.question(run_id, within=30) is None
        assert (await at_work.runs.get(at_work.org_id, run_id)).status == "completed"


async def test_without_a_task_it_says_how(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        assert "/plan-task Prepare the spring launch" in (await said(at_work, "plan-task")).text
