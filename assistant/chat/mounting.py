"""Chainlit under our own application: what it leaves out is added, what it does too much of is taken away.

What always holds afterwards: nothing larger than a file may be is read, let alone kept in memory; a browser that goes
away in the middle is no error; the log holds no line that nobody can act on.
"""

import asyncio
import logging
from pathlib import Path

from chainlit.config import config
from chainlit.server import app as chainlit_app
from chainlit.server import sio
from chainlit.utils import mount_chainlit
from fastapi import FastAPI

from assistant.chat.entrance import Knock, WalkIn
from assistant.chat.line import shorten

ENTRY = Path(__file__).parent / "entry.py"
#: bytes around a file in a form upload (RFC 7578): names, types, boundaries
AROUND_A_FILE = 64 * 1024
#: bytes of one message over the socket
LARGEST_FRAME = 8 * 1024 * 1024

#: said by Chainlit whenever the page is in a language without a translation, and for every file dropped: both are
#: as they should be (one welcome text; a file is read at once and its text kept, so nothing needs to be stored)
_EXPECTED = ("Translated markdown file for", "Data Layer: No storage client configured")
#: said by Engine.IO of a page that asks over a line which was closed in the same moment; it is told so and connects anew
_TOO_LATE = ("Invalid session", "'Session is disconnected'", "Socket for session", "Unexpected HTTP request")
#: said by uvicorn of every page that is still open when the server is stopped
_CUT_OFF = "timeout graceful shutdown exceeded"


def mount_chat(app: FastAPI, *, login: bool, entry: Path = ENTRY) -> None:
    """Serve the chat of ``entry`` at ``/``, behind every route that ``app`` has already; without ``login`` whoever
    comes is in."""
    limits = config.features.spontaneous_file_upload
    assert limits is not None and limits.max_size_mb is not None  # noqa: S101 - .chainlit/config.toml sets them
    # Chainlit reads a file whole before it looks at its size; this refuses it by its announced length
    chainlit_app.max_body_size = limits.max_size_mb * 1024 * 1024 + AROUND_A_FILE
    # a message that is larger than this closes the socket without a word; smaller ones are answered, if only by a no
    sio.eio.max_http_buffer_size = LARGEST_FRAME  # pyright: ignore[reportUnknownMemberType]
    shorten(sio)
    mount_chainlit(app, str(entry), path="/")
    _drop_path_check()
    chainlit_app.add_middleware(Knock if login else WalkIn)
    logging.getLogger("chainlit").addFilter(_is_news)
    logging.getLogger("engineio.server").addFilter(_is_news)
    logging.getLogger("uvicorn.error").addFilter(_is_no_farewell)


def _drop_path_check() -> None:
    """Chainlit checks that paths begin with where it is mounted; at ``/`` all do. The check is built on a class that
    reports a request whose browser went away as "No response returned."."""
    kept = [
        layer for layer in chainlit_app.user_middleware if getattr(layer.cls, "__name__", "") != "ChainlitMiddleware"
    ]
    chainlit_app.user_middleware[:] = kept


def _is_news(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith((*_EXPECTED, *_TOO_LATE))


def _is_no_farewell(record: logging.LogRecord) -> bool:
    """False for requests that uvicorn itself cancelled: it does so at the end only."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError) and _CUT_OFF not in record.getMessage()
