"""Folding, hashing, fingerprints: what is stored depends on them."""

import random

from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.text import NEAR, config_of, content_hash, fingerprints, fold, hamming, simhash, words

SENTENCE = "I winced at the price but then it outlived three cheap ones and my wife stopped laughing at the box"


def test_case_accents_and_width_do_not_count() -> None:
    assert fold("Crème BRÛLÉE Straße ＦＵＬＬ İstanbul") == "creme brulee strasse full istanbul"
    assert fold("Ação é não") == "acao e nao"
    assert words("Don't stop-me: 3,5 l") == ["don't", "stop-me", "3", "5", "l"]


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.sampled_from("abcdefghijklmnop"), min_size=8, max_size=40), st.data())
def test_a_shared_run_of_eight_words_always_shares_a_fingerprint(run: list[str], data: st.DataObject) -> None:
    noise = st.lists(st.sampled_from(["x1", "x2", "x3", "x4"]), max_size=30)
    one = [*data.draw(noise), *run, *data.draw(noise)]
    other = [*data.draw(noise), *run, *data.draw(noise)]
    assert set(fingerprints(" ".join(one))) & set(fingerprints(" ".join(other)))


def test_fingerprints_fit_an_integer_column_and_ignore_case() -> None:
    prints = fingerprints(SENTENCE)
    assert prints == sorted(set(prints))
    assert all(-(2**31) <= one < 2**31 for one in prints)
    assert prints == fingerprints(SENTENCE.upper())
    assert fingerprints("four words are few") == []


def test_nearly_the_same_text_has_a_near_simhash_and_another_has_not() -> None:
    long = " ".join(f"{SENTENCE} number {n}" for n in range(12))
    one, other = simhash(long), simhash(long.replace("number 7", "number seven"))
    assert one is not None
    assert other is not None
    assert hamming(one, other) <= NEAR
    shuffled = random.Random(3)
    foreign = simhash(" ".join(f"w{shuffled.randrange(500)}" for _ in range(200)))
    assert foreign is not None
    assert hamming(one, foreign) > 10


@given(st.text())
def test_a_simhash_is_a_signed_bigint_or_nothing(text: str) -> None:
    value = simhash(text)
    assert value is None or -(2**63) <= value < 2**63


def test_languages_have_their_stems_and_unknown_ones_none() -> None:
    assert config_of("pt-BR") == "portuguese"
    assert config_of("EN") == "english"
    assert config_of("ja") == config_of(None) == config_of("") == "simple"


def test_the_content_hash_is_of_the_text_as_it_is() -> None:
    assert len(content_hash("a")) == 32
    assert content_hash("a") != content_hash("A")
