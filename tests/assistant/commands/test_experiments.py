"""/experiments: limits are read from words, and what stands in the way is said with the way on."""

from typing import Any
from uuid import UUID

import pytest

from assistant.commands import Answer, Desk, run_command
from assistant.commands.experiments import read_limits
from knowledge.ids import RunId, SessionId
from tests.assistant.at_work import AtWork, open_house
from tests.conftest import TestDatabase


async def said(at_work: AtWork, name: str, words: str = "", session_id: SessionId | None = None) -> Answer:
    """A command in this conversation, or in a new one."""
    session_id = session_id or await at_work.session()
    desk = Desk(at_work.house.services, at_work.caller, session_id, at_work.house.work)
    return await run_command(desk, name, words)


LIMITS: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    ("2 tests, budget 1500, baseline 3 %, 400 users a day, only on meta, email", {
        "maxConcurrentExperiments": 2, "budget": "1500", "baselineRate": 0.03, "usersPerDay": 400,
        "channels": ["meta", "email"]}),
    ("at most 3 experiments with €1,500.50", {"maxConcurrentExperiments": 3, "budget": "1500.50"}),
    ("effect 25 %, budget 1.500", {"minimumDetectableEffect": 0.25, "budget": "1500"}),
    ("channels google search; 12,000 visitors per day", {"channels": ["google_search"], "usersPerDay": 12_000}),
    ("whatever you think", {}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "limits"), LIMITS)
def test_limits_are_read_from_plain_words(words: str, limits: dict[str, Any]) -> None:
    assert read_limits(words) == limits


async def test_the_design_starts_within_the_limits_named(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        answer = await said(at_work, "experiments", "1 test, budget 500")
        (card,) = answer.cards
        assert card.name == "RunCard" and "within: 1 test, budget 500" in answer.text
        asked = await at_work.question(RunId(UUID(card.props["runId"])), within=20)
        assert asked is not None and asked["gate"] == "experiment_spec"
        view = await at_work.use("get_artifact", artifactId=asked["subjectId"], withData=True)
        assert float(view["data"]["budget"]) <= 500


async def test_words_without_a_limit_start_nothing(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        answer = await said(at_work, "experiments", "make it good")
        assert not answer.cards and "I could read no limit" in answer.text and "/experiments 2 tests" in answer.text


async def test_before_the_strategy_is_approved_the_way_on_is_offered(onboarded: TestDatabase) -> None:
    async with open_house(onboarded.owner_url, onboarded.app_url) as at_work:
        answer = await said(at_work, "experiments")
        assert "strategy sheet is missing" in answer.text and answer.next[0].command == "/strategy"
