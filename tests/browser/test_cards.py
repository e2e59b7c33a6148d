"""The cards in a real browser: they draw, stay live, refuse what is over, and let nothing foreign in."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Chat, OpenChat, StandIn

pytestmark = pytest.mark.browser

CONTRAST = (Path(__file__).parent / "contrast.js").read_text().split("\n", 1)[1]
CARDS = [
    ("DocumentCard", {"artifactId": "art-draft"}, "Client canon"),
    ("DocumentCard", {"artifactId": "art-flagged"}, "Intake went from v1 to v2."),
    ("DocumentCard", {"artifactId": "art-rejected"}, "The audience is wrong: we sell to offices."),
    ("AssetCard", {"assetId": "asset-article"}, "4,213 words"),
    ("ProposalCard", {"proposalId": "p1"}, "Content score 74"),
    ("NotChecked", {"unchecked": [{"rule": "Links open.", "why": "nothing was fetched"}]}, "1 rule not checked"),
    ("RunCard", {"runId": "run-working"}, "section 4 of 11"),
    ("RunCard", {"runId": "run-budget"}, "Raise by $2 and go on"),
    ("RunTimeline", {"runId": "run-done"}, "5 of 5 steps done"),
    ("RunCard", {"runId": "run-failed"}, "The outline is kept."),
    ("IntakeForm", {"clientId": "c1"}, "of 12 required answers"),
    ("Picker", {"kind": "client"}, "Nordlicht Yoga"),
    ("Picker", {"kind": "tone", "title": "Which tone?", "options": ["Warm", "Dry"]}, "Warm"),
    ("Meter", {}, "$8.20"),
    ("Inbox", {}, "3 decisions to make"),
    ("RunList", {}, "Onboarding: Lumen Coffee"),
    ("CommandCentre", {}, "2 of 6 agents busy"),
    ("SwipeGallery", {"clientId": "c1", "clientName": "Lumen Coffee"}, "A barba perfeita"),
    ("VocQuotes", {"clientId": "c1", "clientName": "Lumen Coffee"}, "41% disagree"),
    ("ImportCard", {"importId": "i1"}, "Which column is what"),
    ("ImportCard", {"importId": "i2"}, "2 rows left out, and why"),
    ("ImportCard", {"importId": "i3"}, "420 of about 1,005 rows"),
    ("ResearchCard", {"researchId": "r1"}, "1 of 5 pages opened"),
    ("ResearchCard", {"researchId": "r2"}, "No page opened"),
    ("ResearchCard", {"researchId": "r3"}, "كيف تحفظ القهوة؟"),
    ("NextSteps", {"items": [{"label": "Onboard now", "command": "/onboard"}]}, "Onboard now"),
]


@pytest.mark.parametrize(("theme", "width"), [("dark", 1440), ("light", 1440), ("light", 390), ("dark", 390)])
def test_every_card_draws_reads_well_fits_and_asks_no_foreign_host(open_chat: OpenChat, theme: str, width: int) -> None:
    chat = open_chat(theme=theme, width=width)
    for name, props, words in CARDS:
        card = chat.show(name, json.dumps(props))
        expect(card).to_contain_text(words)
        box = card.bounding_box()
        assert box is not None
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= width, name
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    assert chat.page.evaluate(CONTRAST) == []
    assert chat.complaints == []
    assert chat.foreign == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_document_is_read_edited_and_compared_in_the_side_panel(open_chat: OpenChat, width: int) -> None:
    chat = open_chat(width=width)
    chat.show("DocumentCard", '{"artifactId": "art-draft"}').get_by_role("button", name="Open", exact=True).click()
    panel = chat.page.locator('[data-card="Document"]')
    expect(panel.get_by_role("heading", name="Who buys")).to_be_visible()
    panel.get_by_role("tab", name="Edit").click()
    panel.get_by_label("Mission").fill("Good coffee, no hobby.")
    panel.get_by_role("button", name="Save as v3").click()
    expect(panel).to_contain_text("v3")
    panel.get_by_role("tab", name="Changes").click()
    expect(panel.locator("ins").first).to_have_text("2019")
    assert chat.page.evaluate(CONTRAST) == []
    assert chat.complaints == []


def test_an_edit_that_is_refused_says_so_at_its_field_and_is_kept(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.show("DocumentCard", '{"artifactId": "art-draft"}').get_by_role("button", name="Open", exact=True).click()
    panel = chat.page.locator('[data-card="Document"]')
    panel.get_by_role("tab", name="Edit").click()
    panel.get_by_label("Story").fill("")
    panel.get_by_label("Mission").fill("Kept.")
    panel.get_by_role("button", name="Save as v3").click()
    expect(panel.locator(".adr-bad .adr-error")).to_contain_text("Is empty")
    expect(panel.get_by_label("Mission")).to_have_value("Kept.")


def test_the_side_panel_stays_when_new_cards_arrive(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.show("DocumentCard", '{"artifactId": "art-draft"}').get_by_role("button", name="Open", exact=True).click()
    panel = chat.page.locator('[data-card="Document"]')
    panel.get_by_role("tab", name="Comments").click()
    panel.get_by_label("Add a comment").fill("Half a thought")
    chat.show("Inbox")
    expect(panel.get_by_label("Add a comment")).to_have_value("Half a thought")


def test_a_decision_in_one_card_shows_in_the_others_and_offers_the_next_step(open_chat: OpenChat) -> None:
    chat = open_chat()
    inbox = chat.show("Inbox")
    first = chat.show("DocumentCard", '{"artifactId": "art-draft"}')
    second = chat.show("DocumentCard", '{"artifactId": "art-draft"}')
    first.get_by_role("button", name="Approve").click()
    for card in (first, second):
        expect(card).to_contain_text("Approved by Anna Berg")
        expect(card.get_by_role("button", name="Reject")).to_have_count(0)
    expect(inbox).to_be_visible()
    second.get_by_role("button", name="Onboard now").click()
    expect(chat.page.locator("[data-step-type=user_message]").last).to_have_text("/onboard")


def test_approve_is_reached_and_pressed_by_keyboard_alone(open_chat: OpenChat, stand_in: StandIn) -> None:
    chat = open_chat()
    card = chat.show("DocumentCard", '{"artifactId": "art-draft"}')
    card.get_by_role("button", name="Open", exact=True).focus()
    for _ in range(8):
        chat.page.keyboard.press("Tab")
        if chat.page.evaluate("document.activeElement.textContent.trim()") == "Approve":
            break
    assert chat.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    chat.page.keyboard.press("Enter")
    expect(card).to_contain_text("Approved by Anna Berg")


def test_a_note_goes_back_with_the_request_for_changes(open_chat: OpenChat) -> None:
    card = open_chat().show("DocumentCard", '{"artifactId": "art-draft"}')
    card.get_by_role("button", name="Request changes").click()
    card.get_by_label("What should be different?").fill("Name the second price.")
    card.get_by_role("button", name="Send back").click()
    expect(card).to_contain_text("Changes requested by Anna Berg")
    expect(card).to_contain_text("Name the second price.")


def test_an_outdated_document_says_so_and_offers_the_newest(open_chat: OpenChat) -> None:
    card = open_chat().show("DocumentCard", '{"artifactId": "art-old"}')
    expect(card).to_contain_text("v3 is newer")
    expect(card).to_contain_text("Outdated")
    expect(card.get_by_role("button", name="Approve")).to_have_count(0)
    card.get_by_role("button", name="Show v3").click()
    expect(card.get_by_role("button", name="Approve")).to_be_visible()


def test_the_slower_of_two_people_is_told_who_decided(open_chat: OpenChat) -> None:
    card = open_chat().show("DocumentCard", '{"artifactId": "art-raced"}')
    card.get_by_role("button", name="Approve").click()
    expect(card.get_by_role("alert")).to_contain_text("Ben Ito approved this a moment ago.")
    expect(card).to_contain_text("Approved by Ben Ito")


def test_a_card_that_cannot_be_fetched_is_one_line_with_a_way_on(open_chat: OpenChat, stand_in: StandIn) -> None:
    chat = open_chat()
    stand_in.control("fail", **{"/api/artifacts/art-draft": 503})
    card = chat.show("DocumentCard", '{"artifactId": "art-draft"}')
    expect(card.get_by_role("alert")).to_contain_text("did not answer")
    stand_in.control("fail")
    card.get_by_role("button", name="Try again").click()
    expect(card).to_contain_text("Client canon")


def test_a_run_card_follows_and_catches_up_after_a_lost_connection(open_chat: OpenChat, stand_in: StandIn) -> None:
    card = open_chat().show("RunCard", '{"runId": "run-working"}')
    done = {
        "name": "write_sections",
        "status": "running",
        "startedAt": None,
        "finishedAt": None,
        "detail": "section 5 of 11",
    }
    stand_in.control("emit", runId="run-working", run={"steps": [done]}, event={"type": "progress"})
    expect(card).to_contain_text("section 5 of 11")
    stand_in.control("down", down=True)
    expect(card).to_contain_text("catching up", timeout=10_000)
    finished = {"status": "completed", "progress": 100, "output": {"sentence": "Article ready: 4,213 words"}}
    stand_in.control("emit", runId="run-working", run=finished, event={"type": "run_completed"})
    stand_in.control("down", down=False)
    expect(card).to_contain_text("Article ready: 4,213 words", timeout=20_000)
    expect(card.get_by_role("button", name="Stop")).to_have_count(0)


def test_a_run_says_for_whom_it_waits_and_goes_on_when_the_budget_is_raised(
    open_chat: OpenChat, stand_in: StandIn
) -> None:
    card = open_chat().show("RunCard", '{"runId": "run-budget"}')
    expect(card).to_contain_text("For: strategy, ops.")
    expect(card.locator(".adr-working")).to_have_count(0)
    card.get_by_role("button", name="Raise by $2 and go on").click()
    assert any("approvals/ap3/decision" in asked for asked in stand_in.control("asked")["asked"])
    expect(card.locator(".adr-working")).to_have_count(1)


def test_what_is_typed_into_the_intake_is_saved_and_not_lost_when_messages_arrive(open_chat: OpenChat) -> None:
    chat = open_chat()
    card = chat.show("IntakeForm", '{"clientId": "c1"}')
    expect(card.locator(".adr-bad")).to_contain_text("email")
    card.get_by_label("Contact email").fill("hello@lumen.example")
    expect(card).to_contain_text("Saved", timeout=10_000)
    expect(card.locator(".adr-bad")).to_have_count(0)
    card.get_by_label("Time zone").fill("Europe/Vienna")
    chat.say("hello")
    expect(card.get_by_label("Time zone")).to_have_value("Europe/Vienna")


def test_extra_questions_appear_and_the_intake_is_approved_at_the_end(open_chat: OpenChat) -> None:
    card = open_chat(height=1100).show("IntakeForm", '{"clientId": "c1"}')
    sections = card.get_by_role("navigation", name="Sections")
    sections.get_by_role("button", name=re.compile("Goals")).click()
    card.get_by_role("button", name="Hiring").click()
    expect(card.get_by_label("Employer value proposition")).to_be_visible()
    card.get_by_role("button", name="Sales").click()
    expect(card.get_by_label("Employer value proposition")).to_have_count(0)
    answers = {
        "Offer": {"Differentiators, 1": "Roasted on Tuesdays"},
        "Audience": {
            "Target audience": "Office drinkers",
            "Pain points, 1": "Bad coffee",
            "Desired outcomes, 1": "A good cup",
        },
        "Client identity": {"Contact email": "hello@lumen.example"},
    }
    for section, fields in answers.items():
        sections.get_by_role("button", name=re.compile(section)).click()
        for label, text in fields.items():
            card.get_by_label(label).fill(text)
    card.get_by_role("button", name="Approve intake").click(timeout=10_000)
    expect(card).to_contain_text("Approved by Anna Berg")
    expect(card.get_by_role("button", name="Onboard now")).to_be_visible()


def test_a_new_client_is_made_inline_and_a_mistake_stands_at_its_field(open_chat: OpenChat) -> None:
    chat = open_chat()
    card = chat.show("Picker", '{"kind": "client"}')
    card.get_by_role("button", name="New client").click()
    card.get_by_label("Name").fill("taken")
    card.get_by_role("button", name="Create client").click()
    expect(card.locator(".adr-bad")).to_contain_text("There is a client with this name.")
    card.get_by_label("Name").fill("Kaffee & Söhne")
    card.get_by_role("button", name="Create client").click()
    expect(chat.page.get_by_text("Command: client, said: Kaffee & Söhne")).to_be_visible()


def test_an_answer_beside_the_choices_can_be_typed_and_taken_back(open_chat: OpenChat) -> None:
    card = open_chat(height=1100).show("IntakeForm", '{"clientId": "c1"}')
    card.get_by_role("navigation", name="Sections").get_by_role("button", name=re.compile("Voice")).click()
    card.get_by_label("Languages, something else").fill("Danish")
    card.get_by_label("Languages, something else").press("Enter")
    expect(card.get_by_role("button", name="Danish")).to_have_attribute("aria-pressed", "true")
    card.get_by_role("button", name="Danish").click()
    expect(card.get_by_role("button", name="Danish")).to_have_count(0)


def test_markup_in_data_stays_text_and_fetches_nothing(open_chat: OpenChat) -> None:
    chat = open_chat()
    card = chat.show("DocumentCard", '{"artifactId": "art-hostile"}')
    expect(card).to_contain_text("<script>window.pwned = 1</script>")
    card.get_by_role("button", name="Open", exact=True).click()
    panel = chat.page.locator('[data-card="Document"]')
    expect(panel).to_contain_text("Image: pixel (http://evil.example/p.png)")
    expect(panel).to_contain_text("a colon:stays here.")
    _untouched(chat)


def test_an_email_preview_runs_no_script_and_fetches_no_pixel(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.show("AssetCard", '{"assetId": "asset-email"}').get_by_role("button", name="Open", exact=True).click()
    frame = chat.page.frame_locator(".adr-frame")
    expect(frame.get_by_text("Try the first bag")).to_be_visible()
    assert chat.page.evaluate("window.pwned") is None
    # the attempts are refused by the page's policy before they reach the network
    assert any("img-src" in complaint for complaint in chat.complaints)


def _untouched(chat: Chat) -> None:
    assert chat.page.evaluate("window.pwned") is None
    assert chat.page.locator(".adr img[src*='evil'], .adr script").count() == 0
    assert chat.foreign == []
    assert chat.complaints == []


def test_the_footer_says_version_build_and_model(open_chat: OpenChat) -> None:
    chat = open_chat()
    expect(chat.page.locator("#adroom-line")).to_have_text(
        "Adroom 0.1.0 · build 9fe1654 · offline writer (no model key)"
    )
    chat.say("hello")
    expect(chat.page.locator(".watermark #adroom-line")).to_be_visible()
