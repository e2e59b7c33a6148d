"""The main job as a person does it: the real product as a process of its own, clicked and typed in a browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.person import LONG, Person, arrive
from tests.browser.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]

GOAL = "300 new subscriptions in 12 weeks"
NOTE = "Drop email and shorten the promise"
#: as in assistant/demo/voices.yaml
SAID_OF_PRICE = "It is dearer than the supermarket, but I throw nothing away any more because I actually drink it."


@pytest.fixture(scope="module")
def me(chromium: Browser, product: Product) -> Iterator[Person]:
    """One conversation for the whole file, as it is in life: each test goes on where the last one stopped."""
    person = arrive(chromium, product.url)
    yield person
    person.page.context.close()


def test_the_welcome_page_offers_a_demo_client_whose_intake_can_be_approved(me: Person) -> None:
    expect(me.page.locator("#adroom-line")).to_contain_text("offline writer (no model key)")
    me.picture("welcome")
    me.page.get_by_text("Try it with a demo client").click()
    intake = me.card("DocumentCard", "Intake")
    me.click("Approve", intake)
    expect(intake).to_contain_text("Approved by You")
    expect(me.page.get_by_role("link", name="Fernhill Coffee")).to_be_visible()
    me.is_tidy()


def test_onboarding_shows_the_canon_takes_an_edit_and_goes_on_when_it_is_approved(me: Person) -> None:
    me.click("Onboard now")
    run = me.card("RunCard", "Client onboarding")
    me.sees("Client canon v1 is ready for your approval.")
    expect(run).to_contain_text("For: You.")
    me.click("Open", me.card("DocumentCard", "Client canon"))
    canon = me.panel("Document")
    canon.get_by_role("tab", name="Edit").click()
    canon.get_by_label("Mission").fill("Good coffee before work, without a hobby's worth of equipment.")
    canon.get_by_role("button", name="Save as v2").click()
    expect(canon).to_contain_text("Good coffee before work")
    me.picture("canon")
    me.is_tidy()
    me.click("Approve", canon)
    expect(canon).to_contain_text("Approved by You")
    me.sees("Metric schema v1 is ready for your approval.")
    # the run does the next step already
    expect(canon.get_by_role("button", name="Set up measurement")).to_have_count(0)
    me.click("Approve", me.card("DocumentCard", "Metric schema"))
    me.sees("Client onboarding ready")
    expect(run).to_contain_text("Done")


def test_an_outdated_card_says_so_and_shows_the_newest(me: Person) -> None:
    old = me.card("DocumentCard", "Client canon")
    expect(old).to_contain_text("v2 is newer. This version can no longer be decided.")
    expect(old.get_by_role("button", name="Approve")).to_have_count(0)
    me.click("Show v2", old)
    expect(old).to_contain_text("Approved by You")


def test_a_strategy_is_sent_back_with_a_note_and_comes_again_with_what_changed(me: Person) -> None:
    me.say(f"/strategy {GOAL}")
    me.sees("Strategy sheet v1 is ready for your approval.")
    first = me.card("DocumentCard", "Strategy sheet")
    me.click("Request changes", first)
    first.get_by_label("What should be different?").fill(NOTE)
    me.click("Send back", first)
    again = me.sees("Strategy sheet v2 is ready for your approval.")
    expect(again).to_contain_text("What became of your note")
    second = again.locator('[data-card="DocumentCard"]')
    me.click("What changed", second)
    changes = me.panel("Document")
    expect(changes.locator("del, ins").first).to_be_visible()
    me.is_tidy()
    changes.get_by_role("tab", name="Read").click()
    me.picture("room")
    me.click("Approve", second)
    me.sees("Campaign planning ready")
    expect(second).to_contain_text("Approved by You")


def test_an_article_is_read_checked_approved_and_published(me: Person) -> None:
    me.say("/write How to keep coffee fresh at home")
    ready = me.sees(re.compile(r"Article ready: [\d,]+ words, content score"))
    card = ready.locator('[data-card="AssetCard"]')
    me.click("Open", card)
    article = me.panel("Asset")
    expect(article.get_by_role("heading").nth(1)).to_be_visible()
    me.picture("article")
    article.get_by_role("tab", name="Findings").click()
    expect(article).to_contain_text(re.compile(r"Brand: pass|Brand: needs|Brand: fail"))
    expect(article).to_contain_text("Compliance:")
    me.is_tidy()
    me.click("Approve", card)
    expect(card).to_contain_text("Approved by You")
    me.click("Publish", card)
    expect(card).to_contain_text("Published by You")


def test_an_email_has_subject_preheader_body_and_plain_text_and_is_approved(me: Person) -> None:
    me.say("/create-email Welcome new subscribers")
    card = me.sees(re.compile(r"Email ready: \d+ words")).locator('[data-card="AssetCard"]')
    me.click("Open", card)
    email = me.panel("Asset")
    expect(email).to_contain_text("Subject")
    expect(email).to_contain_text("Preheader")
    email.get_by_role("tab", name="Plain text").click()
    expect(email.locator(".adr-plaintext")).to_contain_text("Hello")
    me.is_tidy()
    me.click("Approve", card)
    expect(card).to_contain_text("Approved by You")


def test_until_the_first_word_the_page_says_who_is_at_work(me: Person) -> None:
    me.page.evaluate(
        "window.told = []; window.addEventListener('message', (e) => e.data.adroom && told.push(e.data.adroom))"
    )
    me.say("what do customers say?")
    told = [f"{work['agent']} {work['doing']}".strip() for work in me.page.evaluate("told") if "agent" in work]
    assert "CMO reading what customers said" in told
    assert told[-1] == ""
    line = me.page.locator("#adroom-work")
    expect(line).to_be_hidden()  # it was too fast for a word
    me.page.evaluate("window.postMessage({ adroom: { agent: 'CMO', doing: 'reading the intake' } })")
    expect(line).to_have_text("CMO: reading the intake …")
    me.picture("at-work")
    me.page.evaluate("window.postMessage({ adroom: { agent: '', doing: '' } })")
    expect(line).to_be_hidden()


def test_plain_talk_quotes_customers_word_for_word_and_shows_who_speaks(me: Person) -> None:
    answer = me.say("what do customers say about price?")
    expect(answer).to_contain_text(f"“{SAID_OF_PRICE}”")
    expect(answer).to_contain_text("Aoife D.")
    assert me.speaker(answer) == "CMO"
    me.type("write an article about decaf for people who gave up on it")
    started = me.sees("I have started the article.")
    assert me.speaker(started) == "SEO writer"
    me.card("AssetCard", "Decaf for people who gave up on it")
    back = me.say("back to the CMO: what is next?")
    assert me.speaker(back) == "CMO"
    expect(back).not_to_contain_text("The sources do not say")


def test_the_intake_is_answered_in_conversation_and_later_returns_to_the_cmo(me: Person) -> None:
    me.say("/client Nordwind Tee")
    me.say("/intake")
    form = me.card("IntakeForm")
    expect(form).to_contain_text("2 of 12 required answers")
    me.click("Answer in conversation instead", form)
    first = me.sees("still to come")  # the form says "Website" too
    expect(first).to_contain_text("Website")
    assert me.speaker(first) == "Planner"
    expect(me.say("no website")).to_contain_text("Industry")
    expect(me.say("e-commerce")).to_contain_text("Geography served")
    left = me.say("later")
    assert me.speaker(left) == "CMO"
    expect(form).to_contain_text("4 of 12 required answers")
    expect(me.say("let's fill in the intake")).to_contain_text("Geography served")
    assert me.speaker(me.answers.last) == "Planner"
    me.say("later")
    expect(me.say("/onboard")).to_contain_text("intake")
    me.say("/client Fernhill Coffee")


def test_overviews_show_money_runs_and_what_waits(me: Person) -> None:
    me.close_panel()
    me.say("/budget 7.50")
    expect(me.card("Meter")).to_contain_text("$7.50 left of $7.50")
    me.say("/budget")
    meter = me.card("Meter")
    expect(meter.get_by_role("meter").first).to_be_visible()
    me.say("/runs")
    expect(me.card("RunList")).to_contain_text("Client onboarding")
    me.say("/inbox")
    expect(me.card("Inbox")).to_contain_text("1 decision to make")
    me.say("/dashboard")
    centre = me.card("CommandCentre")
    for part in ("CMO", "SEO writer", GOAL, "approved", "published", "$0.00"):
        expect(centre).to_contain_text(part)
    me.picture("dashboard", height=1240)
    expect(me.say("/help")).to_contain_text("/create-email")
    me.is_tidy()


def test_a_run_is_stopped_and_goes_on_where_it_was(me: Person) -> None:
    me.say("/campaign Office coffee")
    me.say("/strategy 50 offices in 8 weeks")
    me.sees("Strategy sheet v1 is ready for your approval.")
    stopped = me.say("/stop")
    expect(stopped).to_contain_text("is stopped. Everything finished is kept.")
    run = me.card("RunCard", "Campaign planning")  # the newest card of this run, from here on
    expect(run).to_contain_text("Stopped")
    me.picture("stopped")
    me.type("/resume")
    me.sees("goes on.")
    expect(run.locator(".adr-gate")).to_be_visible(timeout=LONG)
    me.click("Approve", run)
    me.sees("Campaign planning ready")
    expect(run).to_contain_text("Done")
    me.is_tidy()


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390), ("light", 390)])
def test_the_whole_conversation_reads_well_in_every_light_and_on_a_phone(
    me: Person, chromium: Browser, product: Product, theme: str, width: int
) -> None:
    height = 844 if width < 500 else 900
    other = arrive(chromium, product.url, f"/thread/{me.thread_id}", theme, width, height)
    other.sees("Campaign planning ready")
    expect(other.page.locator(".adr-bones")).to_have_count(0, timeout=LONG)
    other.picture(f"thread-{theme}-{width}")
    other.is_tidy()
    other.is_readable()
    card = other.card("AssetCard")
    card.scroll_into_view_if_needed()
    other.picture(f"card-{theme}-{width}")
    other.click("Open", card)
    other.panel("Asset")
    other.picture(f"panel-{theme}-{width}")
    other.is_tidy()
    other.page.context.close()


def test_nothing_on_the_way_was_complained_about_in_the_log(me: Person, product: Product) -> None:
    said = product.log.split("Data folder:", 1)[1].split("\n", 1)[1].strip()
    assert said == ""
