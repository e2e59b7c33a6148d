"""/review in words: what a pasted text claims, what the rules say, and what was not looked at and why."""

from tests.assistant.at_work import open_house
from tests.assistant.commands.test_experiments import said
from tests.conftest import TestDatabase


async def test_a_pasted_texts_claims_are_told_with_their_words_and_what_they_lack(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        text = "Our coffee cures headaches. 87 % of customers drink it daily. Money back, no questions asked."
        answer = (await said(at_work, "review", text)).text
        assert answer.startswith("It must not go out like this.")
        assert "**Claims:** 3 need evidence." in answer
        assert "A regulated claim about health" in answer
        assert "“Our coffee cures headaches.”" in answer
        assert "“87 % of customers drink it daily.”" in answer
        assert "A promise" in answer


async def test_what_was_not_checked_is_listed_with_the_reason(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        answer = (await said(at_work, "review", "email Subject: A quiet morning\n\nCoffee wants time.")).text
        _, mark, listed = answer.partition("**Not checked**")
        assert mark
        lines = [line for line in listed.splitlines() if line.startswith("- ")]
        assert lines
        assert all(": " in line for line in lines)


async def test_a_text_that_claims_nothing_passes(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        text = "text Rain falls on the harbour, and nobody minds it today. Prices include UK delivery."
        answer = (await said(at_work, "review", text)).text
        assert answer.startswith("It passes.")
        assert "evidence" not in answer
