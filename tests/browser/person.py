"""A person at the page of the real product: they click, they type, they look; nothing goes past the browser."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Locator, Page, Request, expect

from assistant.commands import COMMANDS
from tests.browser.sending import send

#: set it to a folder to keep a picture of every step: how those in docs/pictures are made
PICTURES = os.environ.get("ADROOM_TEST_PICTURES")
#: a run of the offline writer on a busy machine, in milliseconds
LONG = 60_000
CONTRAST = (Path(__file__).parent / "contrast.js").read_text().split("\n", 1)[1]
#: said by the chat's own panel on a phone
NOT_OURS = "`DialogContent` requires a `DialogTitle`"
OVERLAPS = (Path(__file__).parent / "overlaps.js").read_text().split("\n", 1)[1]
expect.set_options(timeout=20_000)


@dataclass
class Person:
    """One browser tab, with everything it complained about and everything foreign it asked for."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list[str])
    foreign: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.page.set_default_timeout(LONG)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    # --- doing -------------------------------------------------------------------------------------------------

    def come(self, path: str = "/") -> None:
        self.page.goto(self.url + path)
        self.page.locator("#chat-input").wait_for()
        self.page.locator("#chat-submit").wait_for()

    def type(self, text: str) -> None:
        """Type and press Enter; a bare command is first taken from the menu that it opens."""
        self.page.locator("#chat-input").click()
        self.page.keyboard.type(text)
        known = text.split(" ")[0][1:] in COMMANDS
        menu = self.page.locator(".command-item, [cmdk-item]").first
        if text.startswith("/") and " " not in text and known:
            menu.wait_for()
            self.page.keyboard.press("Enter")
            menu.wait_for(state="detached")
        send(self.page, lambda: self.page.keyboard.press("Enter"))

    def say(self, text: str) -> Locator:
        """Say it and wait for the answer to be whole; returns that message."""
        before = self.answers.count()
        self.type(text)
        expect(self.answers).not_to_have_count(before, timeout=LONG)
        self.wait_until_idle()
        return self.answers.last

    def drop(self, file: Path | FilePayload) -> Locator:
        """Attach a file and send it; returns the answer."""
        before = self.answers.count()
        self.page.locator("input[type=file]:not(.adr-file)").first.set_input_files(file)
        send(self.page, self.page.locator("#chat-submit").click)
        expect(self.answers).not_to_have_count(before, timeout=LONG)
        return self.answers.last

    def wait_until_idle(self) -> None:
        self.page.locator("#stop-button").wait_for(state="detached")

    def click(self, name: str, card: Locator | None = None) -> None:
        where = card or self.page
        where.get_by_role("button", name=name, exact=True).last.click(timeout=LONG)

    def close_panel(self) -> None:
        self.page.locator("#side-view-title button").click()
        self.page.locator("#side-view-content").wait_for(state="detached")

    # --- looking -----------------------------------------------------------------------------------------------

    @property
    def answers(self) -> Locator:
        return self.page.locator(".ai-message")

    @property
    def thread_id(self) -> str:
        self.page.wait_for_url(re.compile(r"/thread/"))
        return self.page.url.rsplit("/", 1)[1]

    def card(self, name: str, title: str | None = None) -> Locator:
        """The newest card of that name (and title) in the conversation, drawn."""
        cards = self.page.locator(f'.inline-custom [data-card="{name}"]')
        found = (cards.filter(has=self.page.locator("h3", has_text=title)) if title else cards).last
        found.wait_for()
        expect(found.locator(".adr-bones")).to_have_count(0, timeout=LONG)
        return found

    def panel(self, name: str) -> Locator:
        found = self.page.locator(f'#side-view-content [data-card="{name}"]')
        found.wait_for()
        found.locator(".adr-bones").first.wait_for(state="detached")
        return found

    def sees(self, text: str | re.Pattern[str], within: int = LONG) -> Locator:
        """The newest message with ``text`` in it."""
        found = self.answers.filter(has_text=text).last
        expect(found).to_be_visible(timeout=within)
        return found

    def speaker(self, message: Locator) -> str:
        """Whose name stands above the message."""
        named = message.locator(":scope > div[data-speaker]")
        named.wait_for()
        return named.get_attribute("data-speaker") or ""

    def picture(self, name: str, height: int | None = None) -> None:
        if not PICTURES:
            return
        size = self.page.viewport_size or {"width": 1440, "height": 900}
        self.page.set_viewport_size({"width": size["width"], "height": height or size["height"]})
        self.page.wait_for_timeout(700)
        self.page.screenshot(path=Path(PICTURES) / f"{name}.png")
        self.page.set_viewport_size({"width": size["width"], "height": size["height"]})

    def is_tidy(self) -> None:
        """Nothing hangs over the edge, lies over another thing, was complained about, or came from elsewhere."""
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width
        assert self.page.evaluate(OVERLAPS) == []
        assert self.complaints == []
        assert self.foreign == []

    def is_readable(self) -> None:
        """Every text of the cards has WCAG AA's contrast."""
        assert self.page.evaluate(CONTRAST) == []

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and NOT_OURS not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, self.url.replace("http", "ws"), "data:", "blob:", "about:")):
            self.foreign.append(request.url)


def arrive(
    browser: Browser,
    url: str,
    path: str = "/",
    theme: str = "dark",
    width: int = 1440,
    height: int = 900,
    deaf: bool = False,
) -> Person:
    """A person with a browser of their own (cookies, theme), in front of the page. ``deaf``: no run's news reach it."""
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=width < 500)
    context.add_init_script(
        f"localStorage.getItem('vite-ui-theme') || localStorage.setItem('vite-ui-theme', '{theme}')"
    )
    if deaf:
        context.route(re.compile(r"/events\?"), lambda route: route.abort())
    person = Person(context.new_page(), url)
    person.come(path)
    return person
