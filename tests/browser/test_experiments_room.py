"""From a strategy to variants and a planned task as a person does it, in the real product's chat."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.person import Person, arrive
from tests.browser.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def me(chromium: Browser, product: Product) -> Iterator[Person]:
    """The demo client with an approved strategy; one conversation for the whole file."""
    person = arrive(chromium, product.url)
    person.say("/demo")
    person.click("Approve", person.card("DocumentCard", "Intake"))
    person.say("/onboard")
    person.click("Approve", person.card("DocumentCard", "Client canon"))
    person.click("Approve", person.card("DocumentCard", "Metric schema"))
    person.sees("Client onboarding ready")
    person.say("/strategy 300 new subscriptions in 12 weeks")
    person.click("Approve", person.card("DocumentCard", "Strategy sheet"))
    person.sees("Campaign planning ready")
    yield person
    person.page.context.close()


def test_a_spec_is_read_and_approved_and_the_next_steps_are_offered(me: Person) -> None:
    me.say("/experiments 1 test, budget 500, baseline 5 %, only on email")
    me.sees("is ready for your approval")
    spec = me.card("DocumentCard", "Experiment spec")
    me.click("Open", spec)
    panel = me.panel("Document")
    expect(panel).to_contain_text("8,143")
    me.picture("experiment spec")
    me.is_tidy()
    me.close_panel()
    me.click("Approve", spec)
    me.sees("Experiment design ready: 1 approved")


def test_variants_are_decided_on_one_by_one(me: Person) -> None:
    me.say("/assets 1")
    me.sees("is ready for your decision")
    piece = me.card("AssetCard")
    me.picture("variant")
    me.is_tidy()
    me.click("Reject", piece)
    piece.get_by_label("Why is it rejected?").fill("Not in our voice.")
    piece.get_by_role("button", name="Reject").last.click()
    expect(piece).to_contain_text("Rejected")


def test_a_task_is_planned_and_done_once_the_plan_is_accepted(me: Person) -> None:
    me.say("/plan-task Compare our subscription with supermarket beans")
    me.sees("Plan v1 is ready for your approval.")
    me.picture("plan")
    me.say("/plan-task done reviewing")
    me.sees("Plan ready")
    me.picture("planned work")


def test_the_self_test_says_a_line_for_each_check(me: Person) -> None:
    me.say("/selftest")
    me.sees("14 of 14 checks hold")
    me.sees("compliance check: ")
    me.picture("self-test")
