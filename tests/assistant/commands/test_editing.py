"""/polish, /optimize, /landing-page: which piece is meant, and what is said when none is."""

from assistant.commands import Answer, Desk, run_command
from tests.assistant.at_work import AtWork, open_house
from tests.assistant.workflows.test_edits import a_piece
from tests.conftest import TestDatabase


async def said(at_work: AtWork, name: str, words: str) -> Answer:
    desk = Desk(at_work.house.services, at_work.caller, await at_work.session(), at_work.house.work)
    return await run_command(desk, name, words)


async def test_a_piece_is_named_by_its_id_its_title_or_words_of_it(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        assert "no piece to work on yet" in (await said(at_work, "polish", "")).text
        piece = await a_piece(at_work)
        for words in (piece["assetId"], "How to keep coffee fresh", "coffee fresh", "", "coffee : shorter, please"):
            answer = await said(at_work, "polish", words)
            assert "**How to keep coffee fresh**" in answer.text and answer.cards[0].name == "RunCard", words
        assert "There is no piece “tea” here." in (await said(at_work, "optimize", "tea")).text


async def test_with_several_pieces_it_asks_which(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        first = await a_piece(at_work)
        await a_piece(at_work, "# Another\n\nText.")
        async with at_work.db.org(at_work.org_id) as conn:
            await conn.execute("update assets set title = 'How to grind coffee' where id <> %s", (first["assetId"],))
        answer = await said(at_work, "optimize", "coffee")
        assert answer.text == "Which piece?" and {step.label for step in answer.next} == {
            "How to keep coffee fresh", "How to grind coffee",
        }  # fmt: skip
        assert answer.next[0].command.startswith("/optimize ")


async def test_a_landing_page_is_started_from_words(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        assert "/landing-page Get fresh coffee every week" in (await said(at_work, "landing-page", "")).text
        answer = await said(at_work, "landing-page", "Get fresh coffee every week")
        assert answer.cards[0].name == "RunCard" and "landing page" in answer.text
