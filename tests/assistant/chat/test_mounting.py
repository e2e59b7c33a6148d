"""The log under the chat: expected noise stays out of it, everything else stays in."""

import asyncio
import logging

import pytest

from assistant.chat.mounting import _is_news, _is_no_farewell  # pyright: ignore[reportPrivateUsage]


def record(text: str, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    return logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, text, (), info)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Translated markdown file for de-DE not found. Defaulting to chainlit.md.", False),
        ("Data Layer: No storage client configured. File will not be uploaded.", False),
        ("Data Layer: the database went away", True),
        ("Error creating user: broken", True),
        ("'Session is disconnected' UM0DzvxaWy45RmvQAAAG (further occurrences of this error will be logged)", False),
        ("Invalid session UM0DzvxaWy45RmvQAAAG (further occurrences of this error will be logged)", False),
        ("https://elsewhere.example is not an accepted origin.", True),
        ("message async handler error", True),
    ],
)
def test_only_what_nobody_can_act_on_is_left_out(said: str, kept: bool) -> None:
    assert _is_news(record(said)) is kept


def test_a_page_that_is_open_at_the_end_is_no_error_and_a_bug_is_one() -> None:
    assert not _is_no_farewell(record("Cancel 2 running task(s), timeout graceful shutdown exceeded"))
    assert not _is_no_farewell(record("Exception in ASGI application\n", asyncio.CancelledError()))
    assert _is_no_farewell(record("Exception in ASGI application\n", ValueError("a bug")))
    assert _is_no_farewell(record("Exception in ASGI application\n", RuntimeError("No response returned.")))
