"""Research in a real browser: the card, the document to read, what became of each page."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenChat
from tests.browser.test_cards import CONTRAST

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("ADROOM_TEST_PICTURES")


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light")])
def test_research_is_read_with_every_page_and_what_became_of_it(open_chat: OpenChat, width: int, theme: str) -> None:
    chat = open_chat(width=width, theme=theme)
    card = chat.show("ResearchCard", '{"researchId": "r1"}')
    expect(card).to_contain_text("Answer first what the opened pages leave open")
    _picture(chat.page, f"research_card_{theme}_{width}")
    card.get_by_role("button", name="Open", exact=True).click()
    panel = chat.page.locator('[data-card="Research"]')
    expect(panel.get_by_role("heading", name="The gap")).to_be_visible()
    expect(panel).to_contain_text("How to keep coffee fresh <b>now</b>")
    expect(panel.get_by_role("link", name=re.compile("a-rather-long-host")).first).to_have_attribute(
        "href", re.compile("^https://a-rather-long-host")
    )
    _picture(chat.page, f"research_read_{theme}_{width}")
    panel.get_by_role("tab", name=re.compile("Pages")).click()
    panel.get_by_text("How to keep coffee fresh <b>now</b>").click()
    expect(panel).to_contain_text("Beans lose half of their aroma in 14 days.")
    _picture(chat.page, f"research_pages_{theme}_{width}")
    panel.get_by_role("tab", name=re.compile("Sources")).click()
    for word in ("Opened", "Not allowed", "Not read", "No answer", "Not opened"):
        expect(panel).to_contain_text(word)
    expect(panel).to_contain_text("is larger than 5 MB")
    _picture(chat.page, f"research_sources_{theme}_{width}")
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    assert chat.page.evaluate(CONTRAST) == []
    assert chat.complaints == []
    assert chat.foreign == []


def test_the_article_begins_from_the_card(open_chat: OpenChat) -> None:
    chat = open_chat()
    card = chat.show("ResearchCard", '{"researchId": "r3"}')
    _picture(chat.page, "research_rtl")
    card.get_by_role("button", name="Write the article").click()
    expect(
        chat.page.get_by_text("/write كيف تحفظ القهوة طازجة").or_(chat.page.get_by_text("Write the article")).last
    ).to_be_visible()


def _picture(page: object, name: str) -> None:
    if PICTURES:
        page.wait_for_timeout(400)  # type: ignore[attr-defined]
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))  # type: ignore[attr-defined]
