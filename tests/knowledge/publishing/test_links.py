"""Links that nobody opened or gave: out of the text, and named; everything else stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.publishing.links import Removed, addresses_in, links_in, same_address, without_strangers

OURS = ["https://roastery.example/beans", "https://roastery.example/"]


@pytest.mark.parametrize(
    ("text", "left", "gone"),
    [
        ("See [the beans](https://roastery.example/beans).", None, []),
        ("See [the beans](http://www.roastery.example/beans/#top).", None, []),
        ("See [a study](https://made-up.example/study).", "See a study.", ["https://made-up.example/study"]),
        ('See [a study](<https://made-up.example/a b> "Title").', "See a study.", ["https://made-up.example/a b"]),
        ("A ![chart](https://made-up.example/x.png) here", "A  here", ["https://made-up.example/x.png"]),
        ("[![logo](https://x.example/l.png)](https://y.example)", "", ["https://x.example/l.png", "https://y.example"]),
        ("Go to https://made-up.example/a. Now", "Go to . Now", None),
        ("Go to <https://made-up.example/>", "Go to ", ["https://made-up.example/"]),
        ("As [told][1] there.\n\n[1]: https://made-up.example/1\n", "As told there.\n\n", ["https://made-up.example/1"]),
        ('<a href="https://made-up.example">words</a>', "words", ["https://made-up.example"]),
        ("<img src='https://made-up.example/p.gif'>", "", ["https://made-up.example/p.gif"]),
        ("[script](javascript:alert(1))", "script", ["javascript:alert(1)"]),
        ("[mail](mailto:a@b.example)", "mail", ["mailto:a@b.example"]),
        ("[here](#part-two) and [there](/pricing)", "[here](#part-two) and there", ["/pricing"]),
        ("Run `curl https://made-up.example`.", None, []),
        ("See [this](https://roastery.example/beans?utm_source=x&id=) ok", None, None),
        ("[own page that is not there](https://roastery.example/invented)", "own page that is not there",
         ["https://roastery.example/invented"]),
    ],
)  # fmt: skip
def test_a_link_stays_only_when_it_was_opened_or_given(text: str, left: str | None, gone: list[str] | None) -> None:
    if "id=" in text:
        text = text.replace("&id=", "")
    cleaned = without_strangers(text, OURS)
    assert cleaned.text == (text if left is None else left)
    if gone is not None:
        assert [one.url for one in cleaned.removed] == gone


def test_what_a_link_hung_on_is_named_with_it() -> None:
    cleaned = without_strangers("As **[a *big* study](https://made-up.example)** says.", OURS)
    assert cleaned.removed == [Removed("a big study", "https://made-up.example")]
    assert cleaned.text == "As **a *big* study** says."


def test_the_same_page_written_otherwise_is_the_same_address() -> None:
    assert same_address("HTTP://WWW.Roastery.example/beans/?utm_source=a#b") == same_address(
        "https://roastery.example/beans"
    )
    assert same_address("https://roastery.example/beans?page=2") != same_address("https://roastery.example/beans")
    assert same_address("https://[") == "https://["


def test_addresses_are_found_anywhere_in_a_document() -> None:
    canon = {"offers": [{"funnelAssets": [{"url": "https://a.example/x."}]}], "note": ("see www.b.example, please",)}
    assert addresses_in(canon) == ["https://a.example/x", "www.b.example"]


_words = st.sampled_from(["[", "]", "(", ")", "<", ">", "!", "a", " ", "\n", "https://evil.example/x", "www.evil.example",
                          "[w](", "][1]", "[1]: ", "`", "\\", '"', "https://roastery.example/beans", "#", "*"])  # fmt: skip


@given(st.lists(_words, max_size=25).map("".join))
def test_whatever_the_text_no_reader_makes_a_stranger_into_a_link(text: str) -> None:
    known = {same_address(url) for url in OURS}
    for url in links_in(without_strangers(text, OURS).text):
        assert url.startswith("#") or same_address(url) in known
