"""Test emails over a real SMTP conversation on loopback, and what a wrong setting says."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from assistant.mail import SmtpMail, SmtpSettings
from assistant.settings import read_settings
from knowledge.errors import Invalid, Upstream


class Box:
    """Keeps what comes in; refuses one recipient."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(envelope)
        return "250 kept"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    kept = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield kept, port
    finally:
        controller.stop()


def message(to: str) -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "Grüße", "news@bona.example", to
    made.set_content("Hallo ☕")
    return made


def mail(port: int, **more: Any) -> SmtpMail:
    return SmtpMail(SmtpSettings("127.0.0.1", port, "none", "news@bona.example", **more))


async def test_a_message_arrives_at_its_one_address(box: tuple[Box, int]) -> None:
    kept, port = box
    await mail(port).send(message("me@bona.example"))
    (envelope,) = kept.got
    assert (envelope.mail_from, envelope.rcpt_tos) == ("news@bona.example", ["me@bona.example"])
    assert b"Subject:" in envelope.content


async def test_a_refusal_says_what_the_server_said(box: tuple[Box, int]) -> None:
    kept, port = box
    with pytest.raises(Upstream, match="refused"):
        await mail(port).send(message("nobody@bona.example"))
    assert kept.got == []


async def test_a_server_that_is_not_there_is_said_in_one_line() -> None:
    with closing(await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)) as server:
        port = server.sockets[0].getsockname()[1]
    with pytest.raises(Upstream, match="cannot be reached"):
        await mail(port).send(message("me@bona.example"))


def test_the_settings_are_read_and_wrong_ones_are_named() -> None:
    def smtp(**given: str) -> SmtpSettings | None:
        return read_settings(
            {"ADROOM_HOME": "/nonexistent", **{f"ADROOM_SMTP_{name}": value for name, value in given.items()}}
        ).smtp

    assert smtp() is None
    read = smtp(HOST="mail.bona.example", FROM="news@bona.example", USER="u", PASSWORD="p")
    assert read == SmtpSettings("mail.bona.example", 587, "starttls", "news@bona.example", "u", "p")
    assert "p'" not in repr(read) and "password" not in repr(read)
    local = smtp(HOST="127.0.0.1", FROM="news@bona.example", PORT="2525")
    assert local is not None and (local.security, local.port) == ("none", 2525)
    wrong = {
        "FROM": {"HOST": "mail.bona.example"},
        "SECURITY": {"HOST": "mail.bona.example", "FROM": "a@b.example", "SECURITY": "none"},
        "PASSWORD": {"HOST": "mail.bona.example", "FROM": "a@b.example", "USER": "u"},
        "PORT": {"HOST": "mail.bona.example", "FROM": "a@b.example", "PORT": "x"},
    }
    for name, given in wrong.items():
        with pytest.raises(Invalid) as refused:
            smtp(**given)
        assert list(refused.value.fields) == [f"ADROOM_SMTP_{name}"]
