"""Emails in a real browser: the preview as desktop, phone and dark, a series edited in place, approved and scheduled."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenChat
from tests.browser.test_cards import CONTRAST

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("ADROOM_TEST_PICTURES")


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.wait_for_timeout(300)
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light")])
def test_an_email_is_seen_on_a_desktop_a_phone_and_in_the_dark(open_chat: OpenChat, width: int, theme: str) -> None:
    chat = open_chat(width=width, theme=theme)
    chat.show("AssetCard", '{"assetId": "asset-mail"}').get_by_role("button", name="Open", exact=True).click()
    panel = chat.page.locator('[data-card="Asset"]')
    frame = panel.frame_locator("iframe")
    expect(frame.get_by_text("Hi Anna,")).to_be_visible()
    _picture(chat.page, f"email_desktop_{theme}_{width}")
    panel.get_by_role("button", name="Phone").click()
    assert panel.locator("iframe").evaluate("frame => frame.clientWidth") == 390
    _picture(chat.page, f"email_phone_{theme}_{width}")
    panel.get_by_role("button", name="Dark").click()
    # what is in the frame takes the frame's scheme for the reader's
    assert panel.locator("iframe").evaluate("frame => frame.style.colorScheme") == "dark"
    _picture(chat.page, f"email_dark_{theme}_{width}")
    panel.get_by_label("As somebody").select_option(index=1)
    expect(frame.get_by_text("Hi there,")).to_be_visible()
    expect(panel.get_by_role("link", name=".eml")).to_have_attribute("href", re.compile(r"format=eml$"))
    panel.get_by_label("Send a test to").fill("me@lumen.example")
    panel.get_by_role("button", name="Send", exact=True).click()
    expect(panel.get_by_text("A test is on its way to me@lumen.example.")).to_be_visible()
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    assert chat.page.evaluate(CONTRAST) == []
    # the closed frame refuses the test driver's own script
    assert [one for one in chat.complaints if "localStorage" not in one] == [] and chat.foreign == []


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_a_series_is_edited_in_place_then_approved_and_scheduled(open_chat: OpenChat, width: int, theme: str) -> None:
    chat = open_chat(width=width, theme=theme)
    card = chat.show("SeriesCard", '{"seriesId": "s1"}')
    expect(card).to_contain_text("Stale beans")
    card.locator("summary").first.click()
    _picture(chat.page, f"series_open_{theme}_{width}")
    card.get_by_label("Subject", exact=True).first.fill(f"A warm welcome {width}")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_text(f"A warm welcome {width}").first).to_be_visible()
    card.get_by_role("button", name=re.compile("Approve & schedule 3 emails")).click()
    expect(card).to_contain_text("Scheduled")
    expect(card).to_contain_text("The plan is recorded")
    _picture(chat.page, f"series_scheduled_{theme}_{width}")
    card.get_by_role("button", name="Take the plan back").click()
    expect(card.get_by_role("button", name=re.compile("Approve & schedule"))).to_be_visible()
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    assert chat.page.evaluate(CONTRAST) == []
    assert chat.complaints == [] and chat.foreign == []
