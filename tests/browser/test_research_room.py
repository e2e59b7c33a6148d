"""Research in the real product without a key or a search provider: asked for, honest about what it rests on, read."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.person import arrive
from tests.browser.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]


def test_research_is_asked_for_and_read_in_the_chat(chromium: Browser, product: Product) -> None:
    me = arrive(chromium, product.url, theme="light")
    me.page.get_by_text("Try it with a demo client").click()
    me.card("DocumentCard", "Intake")
    me.say("/research How to keep coffee fresh at home http://10.0.0.1/rival")
    me.sees("No web search is set up, so I open the page you named.")
    card = me.card("ResearchCard", "How to keep coffee fresh at home")
    expect(card).to_contain_text("0 of 1 page opened")
    me.picture("research_room")
    me.click("Open", card)
    panel = me.panel("Research")
    expect(panel).to_contain_text("No page was opened.")
    panel.get_by_role("tab", name="Sources").click()
    expect(panel).to_contain_text("leads to an address that is not public")
    me.picture("research_room_sources")
    me.is_tidy()
    me.is_readable()
    me.close_panel()
    me.say("Research cold brew at home")
    expect(me.card("ResearchCard", "cold brew at home")).to_contain_text("No page opened")
    me.page.context.close()
