"""Words on their way into the chat's Markdown: what people wrote stays what they wrote, and fetches nothing."""

import pytest

from assistant.chat.showing import plain
from assistant.commands.answer import literal, sentence
from assistant.work import _title  # pyright: ignore[reportPrivateUsage]
from knowledge.errors import Blocked, Invalid


def test_a_picture_in_a_text_is_never_one_in_the_chat() -> None:
    assert plain("See ![x](http://evil.example/p.png)") == r"See \![x](http://evil.example/p.png)"
    assert plain("`![x](y)` stays code") == "`![x](y)` stays code"
    assert plain(r"\![x](y)") == r"\![x](y)"


def test_a_word_after_a_colon_does_not_vanish() -> None:
    assert plain("echo:hello") == r"echo\:hello"
    assert plain("at 14:02 sharp") == "at 14:02 sharp"


@pytest.mark.parametrize("mark", ["*", "_", "`", "[", "<", "#", "|", "~", "!", "\\"])
def test_a_mark_in_a_name_is_escaped(mark: str) -> None:
    assert literal(f"A{mark}B") == f"A\\{mark}B"


def test_an_address_in_a_name_is_no_link_and_a_name_has_one_line() -> None:
    assert literal("http://evil.example\n\n# Big") == r"http\://evil.example \# Big"
    assert literal("www.evil.example") == r"www\.evil.example"


def test_an_error_reads_as_a_sentence() -> None:
    assert sentence(Invalid(fields={"name": "is empty"})).startswith("Name")
    assert sentence(Invalid("Say something first?")) == "Say something first?"
    blocked = Blocked("strategy_sheet is blocked: client_canon is missing", reasons=["client_canon is missing"])
    assert sentence(blocked) == "Strategy sheet is blocked: client canon is missing."


@pytest.mark.parametrize(
    ("brief", "title"),
    [
        ("write an article about decaf for people who gave up on it", "Article: Decaf for people who gave up on it"),
        ("How to write an article about cold coffee", "Article: How to write an article about cold coffee"),
        ("Schreib einen Artikel über Kaffee im Büro", "Article: Kaffee im Büro"),
    ],
)
def test_a_runs_title_is_its_subject_without_the_order_around_it(brief: str, title: str) -> None:
    assert _title("seo_write", {"brief": brief}) == title
