"""A run over time, in a real browser: its lanes, and its log played again."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Chat, OpenChat, StandIn
from tests.browser.sample_film import HAPPENED
from tests.browser.test_cards import CONTRAST

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("ADROOM_TEST_PICTURES")
ALL = len(HAPPENED)


def picture(chat: Chat, name: str) -> None:
    if PICTURES:
        chat.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def open_timeline(chat: Chat) -> Locator:
    chat.show("RunCard", '{"runId": "run-done"}').get_by_role("button", name="Timeline").click()
    panel = chat.page.locator('[data-card="RunTimeline"]')
    expect(panel).to_contain_text(f"{ALL} of {ALL}")
    return panel


@pytest.mark.parametrize(("theme", "width"), [("dark", 1440), ("light", 1440), ("light", 390), ("dark", 390)])
def test_a_finished_run_shows_a_lane_for_each_step_and_gate(open_chat: OpenChat, theme: str, width: int) -> None:
    chat = open_chat(theme=theme, width=width)
    panel = open_timeline(chat)
    lanes = panel.locator(".adr-lane")
    expect(lanes).to_have_count(5)
    expect(lanes.nth(2)).to_contain_text("13 h 53 min")
    expect(panel).to_contain_text("5 of 5 steps done")
    waited, worked = (lanes.nth(n).locator("i").first.bounding_box() for n in (2, 1))
    assert waited is not None
    assert worked is not None
    assert worked["width"] > 4, "beside a night's waiting the work can still be seen"
    assert waited["x"] >= worked["x"]
    expect(lanes.nth(3).locator("i")).to_have_count(2)
    chat.page.wait_for_function(  # the panel slides in
        "width => document.querySelector('[data-card=RunTimeline]').getBoundingClientRect().right <= width", arg=width
    )
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    picture(chat, f"timeline_{theme}_{width}")
    assert chat.page.evaluate(CONTRAST) == []
    assert chat.complaints == []
    assert chat.foreign == []


def test_it_is_played_again_from_the_beginning_and_stops_at_the_end(open_chat: OpenChat) -> None:
    chat = open_chat()
    panel = open_timeline(chat)
    panel.get_by_role("button", name="1×", exact=True).click()
    panel.get_by_role("button", name="Replay").click()
    expect(panel.get_by_role("button", name="Pause")).to_be_visible()
    expect(panel).to_contain_text("0 of 5 steps done")
    expect(panel.locator("li[aria-current]")).to_contain_text("Read the sources begins")
    panel.get_by_role("button", name="16×").click()
    expect(panel.get_by_role("button", name="Replay")).to_be_visible(timeout=15_000)
    expect(panel).to_contain_text("5 of 5 steps done")
    assert chat.complaints == []


def test_any_moment_can_be_looked_at_by_keyboard_and_one_agents_part_alone(open_chat: OpenChat) -> None:
    chat = open_chat()
    panel = open_timeline(chat)
    slider = panel.get_by_role("slider", name="Event")
    slider.focus()
    chat.page.keyboard.press("Home")
    expect(panel).to_contain_text("Before it began")
    for _ in range(9):
        chat.page.keyboard.press("ArrowRight")
    expect(panel.locator(".adr-lane").nth(2)).to_contain_text("Waiting")
    expect(panel.locator(".adr-lane").nth(3)).to_contain_text("To do")
    picture(chat, "timeline_middle")
    chat.page.keyboard.press("End")
    panel.get_by_role("button", name="Brand critic").click()
    expect(panel.locator(".adr-film li")).to_have_count(2)
    panel.get_by_role("button", name="The run").click()
    expect(chat.page.locator('[data-card="RunCard"]').last).to_contain_text("Article")


def test_what_happens_next_is_added_while_somebody_watches(open_chat: OpenChat, stand_in: StandIn) -> None:
    chat = open_chat()
    chat.show("RunCard", '{"runId": "run-working"}').get_by_role("button", name="Timeline").click()
    panel = chat.page.locator('[data-card="RunTimeline"]')
    expect(panel).to_contain_text("5 of 5")
    event = {"type": "step_completed", "step": "write_sections", "agent": "seo_writer"}
    stand_in.control("emit", runId="run-working", event=event, run={"status": "running"})
    end = {"type": "run_completed", "data": {}}
    stand_in.control("emit", runId="run-working", event=end, run={"status": "completed"})
    expect(panel).to_contain_text("7 of 7", timeout=15_000)
    expect(panel).to_contain_text("2 of 2 steps done")
