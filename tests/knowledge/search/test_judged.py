"""What is found for 70 judged questions in three languages, by how they are asked; falls below these shares fail.

The passages and questions are beside this file (judged/); the shares are what was measured when they were written.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.db import Database
from knowledge.people.models import Caller
from knowledge.search.models import Found
from tests.assistant.embedding.conftest import Meaning
from tests.conftest import People, TestDatabase
from tests.knowledge.search.shelf import Shelf
from tests.tiny_model import build
from tools.meaning import meaning_of

HERE = Path(__file__).parent / "judged"
#: how a question is asked -> (hit@1, hit@10), with words alone
WORDS = {
    "words": (1.0, 1.0), "form": (1.0, 1.0), "accent": (1.0, 1.0), "typo": (1.0, 1.0), "code": (1.0, 1.0),
    "meaning": (0.05, 0.05),
}  # fmt: skip

#: the same with the tests' own embedding model, which knows a few dozen ideas and nothing else, beside them
HYBRID = {**WORDS, "form": (0.75, 1.0), "typo": (0.9, 1.0), "meaning": (0.85, 1.0)}
#: its vectors alone, as for what is like an ad: names, forms and codes are not among its ideas
VECTORS = {
    "words": (0.55, 0.9), "form": (0.5, 0.8), "accent": (0.15, 1.0), "typo": (0.2, 0.6), "code": (0.0, 0.0),
    "meaning": (0.85, 1.0),
}  # fmt: skip

Ask = Callable[[str], Awaitable[Found]]


def read(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.fixture
async def shelf(db: Database, people: People) -> Shelf:
    shelf = Shelf(db, people)
    for passage in read("passages"):
        named = f"{passage.get('brand', '')} {passage.get('sku', '')}".strip()
        if brand := passage.get("brand"):
            await shelf.brand(brand)
        voc = {"kind": "voc", "client_id": people.client_id, "part": "quote"} if passage["kind"] == "voc" else {}
        given = {"text": passage["text"], "language": passage["language"], "also_found_by": named, **voc}
        await shelf.put(**{passage["id"]: given})
    return shelf


def test_the_questions_are_many_and_each_can_be_answered() -> None:
    known = {passage["id"] for passage in read("passages")}
    questions = read("questions")
    assert len(questions) >= 60
    assert {name for question in questions for name in question["wants"]} <= known
    assert {question["how"] for question in questions} == set(WORDS)


async def judge(shelf: Shelf, ask: Ask) -> dict[str, tuple[float, float]]:
    """Shares of questions with an answer in first place, and among the first ten."""
    first, ten, n = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, int](int)
    for question in read("questions"):
        names = shelf.names(await ask(question["ask"]))
        how = question["how"]
        n[how] += 1
        first[how] += bool(set(names[:1]) & set(question["wants"]))
        ten[how] += bool(set(names[:10]) & set(question["wants"]))
        if not set(names[:1]) & set(question["wants"]):
            print(f"{how}: {question['ask']} → {names[:3]}, wanted {question['wants']}")
    return {how: (first[how] / n[how], ten[how] / n[how]) for how in n}


def check(measured: dict[str, tuple[float, float]], least: dict[str, tuple[float, float]]) -> None:
    print({how: (round(one, 2), round(ten, 2)) for how, (one, ten) in measured.items()})
    low = {how: got for how, got in measured.items() if got[0] < least[how][0] or got[1] < least[how][1]}
    assert low == {}


async def test_words_alone_find_what_is_asked_in_its_words_forms_accents_typos_and_codes(shelf: Shelf) -> None:
    check(await judge(shelf, lambda words: shelf.find(words, kinds=("swipe", "voc"))), WORDS)


@pytest.mark.parametrize("mode", ["hybrid", "vector"])
async def test_with_a_model_what_means_the_same_is_among_the_first_ten_too(
    shelf: Shelf, database: TestDatabase, tmp_path: Path, mode: str
) -> None:
    meaning = Meaning(shelf.db, database, build(tmp_path))
    await meaning.worker.once()
    caller = Caller(shelf.people.org_id, shelf.people["partner"], "partner")

    async def ask(words: str) -> Found:
        vector, _ = await meaning_of(meaning.library, caller, words)
        found = await shelf.find(words if mode == "hybrid" else "", vector, kinds=("swipe", "voc"))
        assert found.mode in (mode, "vector")
        return found

    check(await judge(shelf, ask), HYBRID if mode == "hybrid" else VECTORS)
