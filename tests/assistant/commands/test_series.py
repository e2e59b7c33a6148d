"""/create-series: goal, number, tone and service in any order; what is missing is asked for with buttons."""

import pytest

from assistant.commands import Answer, Desk, run_command
from assistant.commands.series import read_series
from assistant.models.offline.compose.intent import read_intent
from tests.assistant.at_work import AtWork, open_house
from tests.conftest import TestDatabase

GOAL = "Welcome new subscribers"
READ = [
    (f"{GOAL}, 6 emails, tone: warm", (GOAL, 6, "warm", "")),
    (f"6 emails, {GOAL}", (GOAL, 6, "", "")),
    (f"6 emails for {GOAL}, mailchimp", (GOAL, 6, "", "mailchimp")),
    (f"tone: dry and short, {GOAL}", (GOAL, None, "dry and short", "")),
    (f"{GOAL}, 0 emails", (GOAL, 0, "", "")),
    (f"{GOAL}, 500 emails", (GOAL, 500, "", "")),
    ("Neue Kunden begrüßen, 4 E-Mails, Ton: herzlich", ("Neue Kunden begrüßen", 4, "herzlich", "")),
    ("Dar la bienvenida, 5 correos, tono: cercano", ("Dar la bienvenida", 5, "cercano", "")),
    (f"{GOAL}, 4 emails, calm tone", (GOAL, 4, "calm", "")),
    (f"{GOAL}, 4 emails, in a warm but dry tone", (GOAL, 4, "warm but dry", "")),
    ("Neue Kunden begrüßen, 4 E-Mails, in einem ruhigen Ton", ("Neue Kunden begrüßen", 4, "ruhigen", "")),
    ("Dar la bienvenida, 5 correos, con un tono cercano", ("Dar la bienvenida", 5, "cercano", "")),
    ("Announce our new ring tone, 3 emails", ("Announce our new ring tone", 3, "", "")),
    ("6 emails", ("", 6, "", "")),
    ("", ("", None, "", "")),
    ("Sell 3 bags to 100 people", ("Sell 3 bags to 100 people", None, "", "")),
]


@pytest.mark.parametrize(("words", "read"), READ)
def test_the_words_are_read(words: str, read: tuple[str, int | None, str, str]) -> None:
    assert read_series(words) == read


async def said(at_work: AtWork, words: str) -> Answer:
    desk = Desk(at_work.house.services, at_work.caller, await at_work.session(), at_work.house.work)
    return await run_command(desk, "create-series", words)


async def test_a_series_starts_or_says_what_is_missing(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        assert "What should the series achieve?" in (await said(at_work, "")).text
        asked = await said(at_work, GOAL)
        assert "How many emails" in asked.text and asked.next[0].command == f"/create-series {GOAL}, 3 emails"
        for count in (0, 31, 500):
            assert "1 to 30" in (await said(at_work, f"{GOAL}, {count} emails")).text
        assert await at_work.rows("select count(*) from runs where kind = 'email_series'") == [(0,)]
        started = await said(at_work, f"{GOAL}, 2 emails")
        assert started.cards[0].name == "RunCard" and "2 emails" in started.text


async def test_without_a_canon_the_way_on_is_a_button(briefed: TestDatabase) -> None:
    async with open_house(briefed.owner_url, briefed.app_url) as at_work:
        answer = await said(at_work, f"{GOAL}, 2 emails")
        assert "client canon is missing" in answer.text and answer.next


PLAIN = [
    ("Write a series of 5 emails to welcome new subscribers", "write_series"),
    ("Schreib eine E-Mail-Serie mit 4 E-Mails für neue Kunden", "write_series"),
    ("Escribe una serie de 5 correos para nuevos suscriptores", "write_series"),
    ("please create 6 emails to win back customers", "write_series"),
    ("write an email about our series of podcasts", "write_email"),
    ("Write an article about a series of tests", "write_article"),
]


@pytest.mark.parametrize(("words", "kind"), PLAIN)
def test_a_series_is_asked_for_in_plain_words(words: str, kind: str) -> None:
    assert read_intent(words).kind == kind
