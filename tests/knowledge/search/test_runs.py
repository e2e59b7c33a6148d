"""Texts put together from runs of letters that are taken apart once: the same as each text by itself, here and in Postgres."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.db import Database
from knowledge.search import runs as runs_module
from knowledge.search.chunks import ChunkDraft, Drafts, replace_chunks, write_chunks
from knowledge.search.runs import Runs, ask
from knowledge.search.text import fingerprints, plain_words, simhash
from knowledge.search.together import Texts, indexed, simhashes
from tests.conftest import People
from tests.knowledge.search.test_chunks import draft

TEXTS = (
    "Your face called. It wants its mornings back! Don't wait: 4,302 people say so, e.g. U.S. buyers (and Dr. O'Neill).",
    "Häuser, Straßen und Bäume – für 9,90 € im Online-Shop https://shop.example/angebot?x=1&y=2 von info@beispiel.de",
    "A promoção não é só hoje; as crianças adoram. Ação! R$ 1.299,00 à vista, -20% off, v2.1.3, AT&amp;T",
    "the and of\tto a\n\nbecause\u00a0we\u2009are 'quoted' \"twice\" back\\slash it''s /usr/lib/x.so foo_bar #tag @you 🙂 1e5",
    "<b>bold</b> and <a href='x y'>a link</a> running running RUNS",
    "x" * 3000 + " word after a very long one",
    "Привет, мир: собаки бегут. 你好 世界 مرحبا بالعالم ǅungla İstanbul ﬁne ½ x² a´b",
    "",
    "One sits",
)
LETTERS = st.characters(exclude_characters="\x00", exclude_categories=["Cs"])
WORDS = st.lists(st.text(LETTERS, max_size=12), max_size=12)
STORED = "select tsv::text, fingerprints, content_hash from chunks where parent_id = %s order by part, ordinal"


async def put_together(conn: Any, runs: Runs, drafts: list[ChunkDraft]) -> bytes:
    made = Drafts(drafts, runs)
    for config, unknown in made.unknown.items():
        runs.keep(config, await ask(conn, config, unknown))
    return made.data()


async def stored(conn: Any, people: People, drafts: list[ChunkDraft], runs: Runs | None) -> list[list[Any]]:
    """What is stored of drafts that are made together, or each by itself where there are no ``runs``."""
    parents = [one.parent_id for one in drafts]
    if runs is None:
        await replace_chunks(conn, people.org_id, parents, drafts)
    else:
        await write_chunks(conn, people.org_id, await put_together(conn, runs, drafts), known=())
    found = [await (await conn.execute(STORED, (parent,))).fetchall() for parent in parents]
    await replace_chunks(conn, people.org_id, parents, [])
    return found


@pytest.mark.parametrize("language", ["en", "de", "pt", None])
async def test_passages_made_together_are_stored_like_each_by_itself(
    db: Database, people: People, language: str | None
) -> None:
    drafts = [draft(text=text, language=language, also_found_by="Man-Club 77 wait") for text in TEXTS if text]
    async with db.org(people.org_id) as conn:
        alone = await stored(conn, people, drafts, None)
        runs = Runs()
        assert await stored(conn, people, drafts, runs) == alone
        assert await stored(conn, people, drafts[::-1], runs) == alone[::-1], "now that all of it is remembered"


async def test_only_what_may_hold_a_tag_or_a_very_long_word_is_left_to_the_server(db: Database, people: People) -> None:
    runs = Runs()
    texts = Texts.of(runs, TEXTS)
    async with db.org(people.org_id) as conn:
        runs.keep("english", await ask(conn, "english", runs.unknown("english", texts.numbers)))
    made = list(indexed(runs, "english", texts, [()] * len(TEXTS)))
    left = [text for text, each in zip(TEXTS, made, strict=True) if each is None]
    assert left == [text for text in TEXTS if "<" in text or len(text) > 3000]
    assert runs.unknown("english", texts.numbers) == []


@given(texts=st.lists(WORDS.map(" ".join), max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_passages_say_they_are_stored_alike(db: Database, people: People, texts: list[str]) -> None:
    drafts = [draft(text=text, language="en") for text in texts]
    async with db.org(people.org_id) as conn:
        assert await stored(conn, people, drafts, Runs()) == await stored(conn, people, drafts, None)


@given(texts=st.lists(WORDS.map(" ".join), max_size=6))
@settings(max_examples=300, deadline=None)
def test_simhashes_are_those_of_each_text(texts: list[str]) -> None:
    assert simhashes(Runs(), [*texts, *texts]) == [simhash(text) for text in (*texts, *texts)]


def test_fingerprints_and_simhashes_of_long_texts_are_those_of_each() -> None:
    chance = random.Random(7)
    said = [f"word{number}" for number in range(60)] + ["don't", "over-the-top", "Crème", "é"]
    texts = [" ".join(chance.choices(said, k=chance.randrange(0, 400))) for _ in range(200)]
    runs = Runs()
    assert simhashes(runs, texts) == [simhash(text) for text in texts]
    met = Texts.of(runs, texts)
    runs.keep("simple", [(run, 0, [], []) for run in runs.unknown("simple", met.numbers)])
    for text, made in zip(texts, indexed(runs, "simple", met, [()] * len(texts)), strict=True):
        assert made is not None
        assert made[0] == fingerprints(text)
        assert {part.rsplit(":")[0] for part in made[1].split()} == set(plain_words(text))


async def test_what_is_remembered_stays_within_bounds_and_is_right_after_it_was_forgotten(
    db: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs_module, "MOST", 50)
    runs = Runs()
    async with db.org(people.org_id) as conn:
        for part in range(6):
            drafts = [draft(text=" ".join(f"word{part}x{number}" for number in range(40)), language="en")]
            assert await stored(conn, people, drafts, runs) == await stored(conn, people, drafts, None)
            assert len(runs.number) <= 91
    assert runs.generation > 1


async def test_what_was_numbered_before_all_was_forgotten_is_taken_apart_by_itself(
    db: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, one = Runs(), draft(text=TEXTS[0], language="en")
    early = Drafts([one], runs)
    monkeypatch.setattr(runs_module, "MOST", 5)
    Drafts([draft(text="something else entirely", language="en")], runs)
    async with db.org(people.org_id) as conn:
        await write_chunks(conn, people.org_id, early.data(), known=())
        found = await (await conn.execute(STORED, (one.parent_id,))).fetchall()
        await replace_chunks(conn, people.org_id, [one.parent_id], [])
        assert [found] == await stored(conn, people, [one], None)


def test_a_language_of_nothing_but_new_words_is_not_remembered() -> None:
    runs = Runs()
    assert not Texts.of(runs, [" ".join(f"word{number}" for number in range(5000))]).numbers.any()
    assert len(runs.number) == 1
