"""A real Chromium and the stand-in server; without a browser these tests are skipped and say why."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect, sync_playwright

from tests.browser.product import Product, free_port
from tests.browser.sending import send

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: said by the chat's own page: before it signs in, and by its panel on a phone
NOT_OURS = ("Unauthorized", "401", "`DialogContent` requires a `DialogTitle`")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: .ci/run installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class StandIn:
    """The running stand-in; ``control`` makes something happen in it."""

    url: str

    def control(self, what: str, **body: Any) -> Any:
        import json

        request = urllib.request.Request(  # noqa: S310
            f"{self.url}/control/{what}", json.dumps(body).encode(), {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return json.loads(answer.read())


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/api/health", timeout=1).close()  # noqa: S310
    except (urllib.error.URLError, OSError):
        return False
    return True


@pytest.fixture(scope="session")
def server() -> Iterator[StandIn]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.browser.stand_in", str(port)], cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 90
    while not _answers(url):
        assert process.poll() is None, "the stand-in ended while starting"
        assert time.monotonic() < deadline, "the stand-in did not start within 90 s"
        time.sleep(0.2)
    yield StandIn(url)
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()


@pytest.fixture
def stand_in(server: StandIn) -> StandIn:
    server.control("reset")
    return server


@dataclass
class Chat:
    """One person's page, with everything it complained about and everything foreign it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        before = self.page.locator(".step").count()
        self.page.locator("#chat-input").click()
        self.page.keyboard.insert_text(text)
        send(self.page, self.page.locator("#chat-submit").click)
        self.page.wait_for_function("n => document.querySelectorAll('.step').length >= n + 2", arg=before)

    def show(self, card: str, props: str = "{}") -> Locator:
        self.say(f"show {card} {props}")
        shown = self.page.locator(f'.inline-custom [data-card="{card}"]').last
        shown.wait_for()
        expect(shown.locator(".adr-bones")).to_have_count(0, timeout=30_000)
        return shown


OpenChat = Callable[..., Chat]


@pytest.fixture
def open_chat(chromium: Browser, stand_in: StandIn) -> Iterator[OpenChat]:
    contexts: list[Any] = []

    def opened(theme: str = "dark", width: int = 1280, height: int = 900) -> Chat:
        context = chromium.new_context(viewport={"width": width, "height": height}, has_touch=width < 500)
        contexts.append(context)
        context.add_init_script(
            f"localStorage.getItem('vite-ui-theme') || localStorage.setItem('vite-ui-theme', '{theme}')"
        )
        chat = Chat(context.new_page())
        _listen(chat, stand_in.url)
        chat.page.goto(stand_in.url)
        chat.page.locator("#chat-input").wait_for()
        return chat

    yield opened
    for context in contexts:
        context.close()


def _listen(chat: Chat, own: str) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in NOT_OURS):
            chat.complaints.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((own, own.replace("http", "ws"), "data:", "blob:", "about:")):
            chat.foreign.append(request.url)

    chat.page.on("console", said)
    chat.page.on("pageerror", lambda error: chat.complaints.append(str(error)))
    chat.page.on("request", asked)


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The real product on a data folder of its own, for one file of tests."""
    with tempfile.TemporaryDirectory(prefix="adroom-browser-") as folder:
        Path(folder).chmod(0o755)  # the database's own user passes through
        started = Product(Path(folder), free_port())
        started.start()
        yield started
        started.stop()
