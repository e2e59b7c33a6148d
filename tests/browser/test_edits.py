"""Proposed edits in a real browser: looked at, picked hunk by hunk, taken; the score by group; the files."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Chat, OpenChat
from tests.browser.test_cards import CONTRAST

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("ADROOM_TEST_PICTURES")


def picture(chat: Chat, name: str) -> None:
    if PICTURES:
        chat.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_changes_are_picked_one_by_one_and_taken(open_chat: OpenChat, theme: str, width: int) -> None:
    chat = open_chat(theme=theme, width=width)
    card = chat.show("ProposalCard", '{"proposalId": "p1"}')
    expect(card).to_contain_text("Content score 74 → 83")
    expect(card).to_contain_text("1 change left out")
    picture(chat, f"proposal-card-{theme}-{width}")
    card.get_by_role("button", name="Look at the changes").click()
    panel = chat.page.locator('[data-card="Asset"]')
    expect(panel).to_contain_text("3 of 3 changes chosen")
    expect(panel).to_contain_text("Grind coarse")
    picture(chat, f"proposal-{theme}-{width}")
    assert chat.page.evaluate(CONTRAST) == []
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    panel.get_by_role("button", name="None", exact=True).click()
    expect(panel.get_by_role("button", name="Take 0")).to_be_disabled()
    panel.get_by_role("checkbox").nth(1).check()
    panel.get_by_role("button", name="Take 1", exact=True).click()
    expect(panel).to_contain_text("v2")
    assert chat.complaints == []


@pytest.mark.parametrize(("theme", "width"), [("dark", 1440), ("light", 390)])
def test_a_piece_shows_its_score_by_group_and_goes_away_as_a_file(open_chat: OpenChat, theme: str, width: int) -> None:
    chat = open_chat(theme=theme, width=width)
    card = chat.show("AssetCard", '{"assetId": "asset-article"}')
    expect(card).to_contain_text("Content score 74 of 100")
    expect(card).to_contain_text("$0.41")
    card.get_by_text("Content score 74 of 100").click()
    expect(card).to_contain_text("The text leads to no other page of the client")
    expect(card.get_by_text("Content score 74 of 100")).to_have_count(1)
    folded = card.get_by_text("There is no research on this topic")
    expect(folded).to_be_hidden()
    card.get_by_text("3 rules not checked").click()
    expect(folded).to_be_visible()
    expect(card).to_contain_text("The text covers the terms of its topic; The facts that other pages have are there")
    for name in ("Polish", "Optimise", "Export"):
        expect(card.get_by_role("button", name=name, exact=True)).to_be_visible()
    card.get_by_role("button", name="Export", exact=True).click()
    with chat.page.expect_download() as saved:
        card.get_by_role("button", name="Word", exact=True).click()
    assert saved.value.suggested_filename == "cold-brew-draft.docx"
    picture(chat, f"piece-{theme}-{width}")
    assert chat.page.evaluate(CONTRAST) == []
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    assert chat.complaints == []
