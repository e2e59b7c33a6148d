"""Claims beside their text, and an inbox that decides on several pieces, in a real browser."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenChat
from tests.browser.test_cards import CONTRAST

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("ADROOM_TEST_PICTURES")


def picture(chat, name: str) -> None:
    if PICTURES:
        chat.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_a_click_on_a_sentence_shows_its_evidence_and_settles_it(open_chat: OpenChat, theme: str, width: int) -> None:
    chat = open_chat(theme=theme, width=width)
    chat.show("AssetCard", '{"assetId": "asset-article"}').get_by_role("button", name="Open", exact=True).click()
    panel = chat.page.locator('[data-card="Asset"]')
    panel.get_by_role("tab", name="Claims").click()
    expect(panel).to_contain_text("in the way of approval")
    panel.get_by_role("button", name="A bag costs 9").click()
    detail = panel.get_by_role("region", name="About this sentence")
    expect(detail).to_contain_text("A bag by post: 11 €")
    expect(detail).to_contain_text("Contradicted")
    picture(chat, f"claims-{theme}-{width}")
    assert chat.page.evaluate(CONTRAST) == []
    panel.get_by_role("button", name="67 % less acid").click()
    detail.get_by_role("button", name="Add evidence").click()
    detail.get_by_role("button", name="Search", exact=True).click()
    detail.get_by_role("button", name="Use as evidence").click()
    expect(detail).to_contain_text("added by Anna Berg")
    panel.get_by_role("button", name="It relieves headaches").click()
    detail.get_by_role("button", name="Accept by name").first.click()
    picture(chat, f"claims-accept-{theme}-{width}")
    detail.get_by_label("Why may this be said?").fill("Cleared by the lab.")
    detail.get_by_role("button", name="Accept by name").last.click()
    expect(detail).to_contain_text("Accepted by Anna Berg")
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    assert chat.complaints == []


@pytest.mark.parametrize(("theme", "width"), [("dark", 1440), ("light", 390)])
def test_the_inbox_filters_and_decides_on_several_at_once(open_chat: OpenChat, theme: str, width: int) -> None:
    chat = open_chat(theme=theme, width=width)
    inbox = chat.show("Inbox")
    expect(inbox).to_contain_text("3 claims open")
    expect(inbox).to_contain_text("1 critical")
    inbox.get_by_role("button", name="Filter").click()
    inbox.get_by_label("Channel").select_option("blog")
    picture(chat, f"inbox-{theme}-{width}")
    inbox.get_by_role("checkbox", name="Choose Cold brew").check()
    inbox.get_by_role("button", name="Approve all").click()
    expect(inbox.get_by_role("status")).to_contain_text("11 € is on file")
    picture(chat, f"inbox-answered-{theme}-{width}")
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    assert chat.page.evaluate(CONTRAST) == []
    assert chat.complaints == []
