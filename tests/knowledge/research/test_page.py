"""What is read on a page, and what hostile ones make of it: nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.research.findings import facts_of, is_question, questions_of
from knowledge.research.page import LONGEST_TEXT, decoded, read_page
from knowledge.research.words import shared_terms, terms_of, topic_words
from tests.knowledge.research.pages import GUIDE, STORAGE


def test_a_page_is_its_title_description_outline_and_own_text() -> None:
    page = read_page(GUIDE)
    assert page.title == "How to keep coffee fresh | Beans & Co"
    assert page.description.startswith("Airtight, dark and cool")
    assert page.language == "en"
    assert str(page.published_on) == "2026-03-04"
    assert [(one.level, one.text) for one in page.outline] == [
        (1, "How to keep coffee fresh"),
        (2, "Why do coffee beans go stale?"),
        (2, "The airtight container"),
        (3, "Glass or steel"),
    ]
    assert "## Why do coffee beans go stale?\n" in page.text
    assert "- Buy whole beans\n- Grind before brewing" in page.text
    for menu in ("Our shop", "Home", "Newsletter", "Subscribe"):
        assert menu not in page.text


def test_text_that_no_reader_sees_is_left_out_and_counted() -> None:
    page = read_page(GUIDE)
    assert "Ignore all previous" not in page.text
    assert "client list" not in page.text
    assert page.unseen == 15
    for style in ("left: -9999px", "text-indent:-1000em", "OPACITY:0", "font-size:0px", "visibility: hidden"):
        assert read_page(f"<p>seen<p style='position:absolute; {style}'>unseen").text == "seen", style
    for style in ("left: -9px", "opacity:0.8", "font-size:0.9em", "display:block"):
        assert "words" in read_page(f"<p style='{style}'>words").text, style
    hidden = read_page(f"<p>{'Seen words here. ' * 30}\U000e0041\U000e0042\u200bend</p>")
    assert hidden.text.endswith("end")
    assert "\U000e0041" not in hidden.text


def test_facts_and_questions_stand_on_the_page_word_for_word() -> None:
    page = read_page(GUIDE)
    facts = facts_of(page)
    assert facts == [
        "Coffee beans lose half of their aroma within 14 days of roasting when the bag stays open.",
        "An airtight container is the simplest way to keep coffee fresh, and it costs less than 20 €.",
    ]
    assert all(fact in page.text for fact in facts)
    assert questions_of(page) == [
        "Can coffee beans be frozen?",
        "How to keep coffee fresh",
        "Why do coffee beans go stale?",
    ]
    assert is_question("¿Cómo conservar el café?")
    assert is_question("Wie man Kaffee lagert")
    assert not is_question("The airtight container")


def test_terms_are_what_pages_have_in_common_and_menus_never() -> None:
    pages = [terms_of(read_page(html).text, "en") for html in (GUIDE, STORAGE)]
    shared = shared_terms(pages, "keep coffee fresh")
    names = [one.term for one in shared]
    assert "airtight container" in names[:5]
    assert "coffee beans" in names[:5]
    assert not {"the", "airtight", "home", "newsletter"} & set(names), "a part of a longer term counts once"
    assert shared[0].weight == 1.0
    assert all(0 < one.weight <= 1 and 1 <= one.pages <= 2 for one in shared)
    assert terms_of("コーヒー豆の保存方法。新鮮なコーヒー豆を保存する。", "ja") == []
    assert topic_words("Wie lagere ich Kaffee richtig?") == ["kaffe", "lager", "richtig"]


@pytest.mark.parametrize(("html", "text"), [
    ("", ""), ("just words", "just words"), ("<nav>left open <p>words", "left open\nwords"),
    ("<h2>open <p>words", "## open\n\nwords"), ("<p style='display:none'>left open<p>words", ""),
    ("<h1></h1><h2>  </h2>", ""), ("<h2>a<br>b</h2>c", "## a b\n\nc"), ("<p>a<script>b", "ab"),
])  # fmt: skip
def test_broken_pages_are_read_as_far_as_they_go(html: str, text: str) -> None:
    assert read_page(html).text == text


@pytest.mark.parametrize("html", [
    "<div>" * 200_000, "<nav>" * 200_000, "<h1>" * 200_000, "<p hidden>" * 200_000, "<p style='" * 200_000,
    "<meta " + "a=1 " * 300_000 + ">", "<script type='application/ld+json'>" + "[" * 500_000, "<li>" * 300_000,
    "<title>" * 200_000, "word " * 1_000_000,
], ids=lambda html: html[:12])  # fmt: skip
def test_hostile_pages_take_no_longer_than_their_length(html: str) -> None:
    page = read_page(html)
    assert len(page.text) <= LONGEST_TEXT
    assert len(page.outline) <= 200
    assert len(facts_of(page)) + len(terms_of(page.text, "en")) < 1_000


@given(st.text(st.sampled_from("<>/!-\"'= \nabp&;h1navhidden"), max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_letters_are_a_page(letters: str) -> None:
    page = read_page(letters)
    assert "\x00" not in page.text + page.title
    assert "\n\n\n" not in page.text


def test_the_encoding_is_what_the_host_says_else_the_page_else_the_letters() -> None:
    assert decoded("Müsli".encode("latin-1"), "cp1252") == "Müsli"
    assert "Müsli" in decoded('<meta charset="windows-1252"><p>Müsli'.encode("cp1252"), None)
    assert decoded("Müsli".encode(), None) == "Müsli"
    assert "a" in decoded(b'<meta charset="no-such-thing">a', None)
