"""The same words in the same order."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.originality.runs import LEAST_WORDS, containment, longest_run, words_of

AD = "Your face called and it wants its quiet mornings back before the coffee is cold"


def test_a_copied_run_is_found_where_it_stands_whatever_its_case() -> None:
    text = f"We say it plainly. {AD.upper()}! That is all."
    run = longest_run(words_of(text), words_of(AD))
    assert run is not None
    assert text[run.start : run.end] == AD.upper()
    assert run.words == len(AD.split())


def test_seven_words_of_a_longer_ad_are_idiom_and_eight_are_not() -> None:
    seven = " ".join(AD.split()[:7])
    eight = " ".join(AD.split()[2:10])
    assert longest_run(words_of(f"So {seven} indeed"), words_of(AD)) is None
    found = longest_run(words_of(f"So {eight} indeed"), words_of(AD))
    assert found is not None
    assert found.words == LEAST_WORDS


def test_a_short_line_counts_when_all_of_it_is_there() -> None:
    line = "It wants its mornings back"
    assert longest_run(words_of(f"Hello. {line}."), words_of(line)) is not None
    assert longest_run(words_of("It wants its mornings"), words_of(line)) is None


def test_how_much_of_an_ad_is_in_a_text() -> None:
    assert containment(words_of(f"Before. {AD} After."), words_of(AD)) == 1.0
    assert containment(words_of("Nothing of the kind is here at all"), words_of(AD)) == 0.0
    assert 0.3 < containment(words_of(" ".join(AD.split()[:8])), words_of(AD)) < 0.7


words = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g"]), max_size=40)


@given(words, words)
def test_the_run_is_really_in_both_and_none_is_longer(mine: list[str], theirs: list[str]) -> None:
    one, other = " ".join(mine), " ".join(theirs)
    run = longest_run(words_of(one), words_of(other))
    longest = max(
        (n for n in range(len(mine) + 1) for at in range(len(mine) - n + 1) if _within(mine[at : at + n], theirs)),
        default=0,
    )
    if run is None:
        assert longest < LEAST_WORDS
    else:
        passage = one[run.start : run.end].split()
        assert len(passage) == run.words == longest
        assert _within(passage, theirs)


def _within(part: list[str], whole: list[str]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
