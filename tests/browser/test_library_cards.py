"""The cards of the knowledge base in a real browser: look, search, mark, import."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenChat, StandIn

pytestmark = pytest.mark.browser

GALLERY = '{"clientId": "c1", "clientName": "Lumen Coffee"}'


def test_typing_narrows_the_gallery_and_says_that_only_words_are_searched(open_chat: OpenChat) -> None:
    chat = open_chat()
    card = chat.show("SwipeGallery", GALLERY)
    expect(card.locator(".adr-tileswipe")).to_have_count(5)
    card.get_by_label("Search the swipe library").fill("barba")
    expect(card.locator(".adr-tileswipe")).to_have_count(1)
    expect(card).to_contain_text("Only words are searched")
    card.get_by_label("Search the swipe library").fill("nothing of the kind")
    expect(card).to_contain_text("Nothing like this is in the library")
    assert chat.complaints == []


def test_an_ad_without_a_picture_shows_its_brand_instead(open_chat: OpenChat) -> None:
    chat = open_chat()
    card = chat.show("SwipeGallery", GALLERY)
    tiles = card.locator(".adr-tileswipe")
    expect(tiles.nth(0).locator("img")).to_have_count(1)
    expect(tiles.nth(3).locator("img")).to_have_count(0)  # its host no longer has it
    expect(tiles.nth(3).locator(".adr-noimg")).to_contain_text("ManClub")
    assert chat.foreign == []


def test_several_ads_are_marked_as_good_examples_at_once(open_chat: OpenChat) -> None:
    chat = open_chat()
    card = chat.show("SwipeGallery", GALLERY)
    for number in (0, 1):
        card.locator(".adr-tileswipe").nth(number).hover()
        card.get_by_label(re.compile("Choose the ad")).nth(number).check()
    chosen = card.get_by_role("region", name="Chosen ads")
    expect(chosen).to_contain_text("2 ads chosen")
    chosen.get_by_role("button", name="Good example for Lumen Coffee").click()
    expect(card.locator(".adr-good")).to_have_count(2)
    expect(chosen).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_an_ad_is_read_tagged_and_marked_in_the_side_panel(open_chat: OpenChat, width: int) -> None:
    chat = open_chat(width=width)
    chat.show("SwipeGallery", GALLERY).get_by_role(
        "button", name=re.compile("Open the ad of ManClub: Your face")
    ).click()
    panel = chat.page.locator('[data-card="Swipe"]')
    expect(panel).to_contain_text("send it back if it is not for you")
    expect(panel).to_contain_text("shop.manclub.example")
    panel.get_by_role("tab", name=re.compile("Tags and examples")).click()
    panel.get_by_label("Why, and what to learn from it").fill("Opens with the problem.")
    panel.get_by_role("button", name="Good example").click()
    expect(panel.get_by_role("button", name="Good example")).to_have_attribute("aria-pressed", "true")
    panel.get_by_role("tab", name="Similar").click()
    expect(panel.locator(".adr-tileswipe")).to_have_count(2)


def test_a_theme_narrows_the_quotes_and_markup_in_them_is_only_words(open_chat: OpenChat) -> None:
    card = open_chat().show("VocQuotes", GALLERY)
    expect(card.locator(".adr-quote")).to_have_count(3)
    expect(card).to_contain_text("<b>honestly</b>")
    card.get_by_role("button", name=re.compile("Price")).first.click()
    expect(card.locator(".adr-quote")).to_have_count(2)
    card.get_by_label("Rating").select_option("low")
    expect(card.locator(".adr-quote")).to_have_count(1)
    card.get_by_role("button", name="Clear filters").click()
    expect(card.locator(".adr-quote")).to_have_count(3)


def test_a_wrong_column_is_put_right_before_anything_comes_in(open_chat: OpenChat, stand_in: StandIn) -> None:
    card = open_chat().show("ImportCard", '{"importId": "i1"}')
    expect(card).to_contain_text("“eleven” is not a rating")
    card.get_by_label("Review is read as").select_option("")
    expect(card).to_contain_text("Say which column is: What was said.")
    expect(card.get_by_role("button", name=re.compile("Import about"))).to_be_disabled()
    card.get_by_label("Who is read as").select_option("text")
    card.get_by_role("button", name="Import about 1,200 quotes").click()
    expect(card.locator(".adr-tally")).to_contain_text("990")
    card.get_by_role("button", name="2 rows left out, and why").click()
    expect(card).to_contain_text("Row 31, text: is empty")
    assert any(asked.startswith("PUT /api/imports/i1") for asked in stand_in.control("asked")["asked"])


def test_a_piece_says_what_it_was_written_from_and_opens_the_ad_it_stands_too_close_to(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.show("AssetCard", '{"assetId": "asset-article"}').get_by_role("button", name="Open", exact=True).click()
    panel = chat.page.locator('[data-card="Asset"]')
    panel.get_by_role("tab", name=re.compile("Written from")).click()
    expect(panel).to_contain_text("I winced at the price")
    expect(panel).to_contain_text("The structure of an ad, ManClub")
    panel.get_by_role("tab", name=re.compile("Findings")).click()
    expect(panel).to_contain_text("Compared with the swipe library")
    panel.get_by_role("button", name="Open the ad").click()
    expect(chat.page.locator('[data-card="Swipe"]')).to_contain_text("send it back if it is not for you")
    assert chat.complaints == []
