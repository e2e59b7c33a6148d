"""The planted faults of the benchmark, held to its bars; and the offline writer's own pieces, whose claims are carried."""

from pathlib import Path

import pytest

from benchmarks.claims import FRESH, LANGUAGES, OPEN, ROUNDS_HELD_OUT, UNMENDED, planted, tallies, whole
from benchmarks.offline_pieces import pieces
from knowledge.claims.extraction import extract
from knowledge.claims.matching import judge
from knowledge.claims.models import KINDS


def test_planted_faults_stand_in_the_way_and_their_clean_twins_do_not() -> None:
    found, wrong = tallies()
    total = whole(found)
    assert total.faults >= 300 and total.clean >= 300
    assert total.caught / total.faults >= 0.98, wrong
    assert total.alarms / total.clean <= 0.01, wrong
    assert total.rightly / total.faults >= 0.95, wrong


def test_other_clients_faults_in_other_words_are_caught() -> None:
    total = whole((found := tallies(FRESH))[0])
    assert total.faults >= 200 and total.clean >= 200
    assert total.caught / total.faults >= 0.98, found[1]
    assert total.alarms / total.clean <= 0.02, found[1]


@pytest.mark.parametrize("path", [UNMENDED, *ROUNDS_HELD_OUT], ids=lambda path: path.stem)
def test_what_held_out_sentences_showed_stays_mended(path: Path) -> None:
    total = whole((found := tallies(path))[0])
    assert total.caught / total.faults >= 0.9, found[1]
    assert total.alarms / total.clean <= 0.01, found[1]


def test_every_kind_of_claim_is_planted_in_every_language() -> None:
    data = planted()
    assert tuple(data) == LANGUAGES
    for language in LANGUAGES:
        assert {pair["kind"] for pair in data[language]["pairs"]} == set(KINDS) - {"general"}, language


def test_the_offline_writers_own_pieces_have_no_open_claim() -> None:
    for name, parts, about, shelf in pieces():
        verdicts = [(one, judge(one, shelf)) for one in extract(parts, about)]
        assert [one.text for one, got in verdicts if got.status in OPEN and one.kind != "general"] == [], name
        assert sum(got.status == "supported" for _, got in verdicts) >= 3, name
