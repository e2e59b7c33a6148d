"""Behind a password: the way in runs out while a page is open, and the page goes on where it was."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.person import LONG, Person
from tests.browser.product import Product, free_port

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]
PASSWORD = "four tame otters at noon"


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with tempfile.TemporaryDirectory(prefix="adroom-browser-") as folder:
        Path(folder).chmod(0o755)  # the database's own user passes through
        started = Product(Path(folder), free_port(), settings={"ADROOM_PASSWORD": PASSWORD})
        started.start()
        yield started
        started.stop()


@pytest.fixture(scope="module")
def me(chromium: Browser, product: Product) -> Iterator[Person]:
    """Signed in, with a conversation."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    person = Person(context.new_page(), product.url)
    person.page.goto(product.url)
    sign_in(person.page)
    person.page.locator("#chat-input").wait_for()
    expect(person.say("/help")).to_contain_text("/onboard")
    yield person
    context.close()


def sign_in(page: Page) -> None:
    page.wait_for_url(re.compile("/login"))
    page.locator("#email").fill("anybody")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("^(?!.*/login)"))


def test_an_open_page_whose_sign_in_has_run_out_asks_for_it_and_goes_on_where_it_was(
    me: Person, product: Product
) -> None:
    me.page.locator("#chat-input").click()
    me.page.keyboard.type("not sent yet")
    thread = me.thread_id
    product.stop()
    me.page.context.clear_cookies()
    product.start()
    line = me.page.locator("#adroom-signed-out")
    # the chat goes to its login by itself when it happens to ask who is there
    expect(line.or_(me.page.locator("#password"))).to_be_visible(timeout=LONG)
    if line.count():
        me.picture("signed_out")
        with me.page.context.expect_page() as opened:
            line.get_by_role("link", name="sign in in a new tab").click()
        sign_in(opened.value)
        opened.value.close()
        expect(line).to_be_hidden(timeout=LONG)
    else:
        sign_in(me.page)
    me.page.wait_for_url(re.compile(f"/thread/{thread}"))
    expect(me.page.locator("#chat-input")).to_have_value("not sent yet")
    me.page.locator("#chat-input").fill("")
    expect(me.say("/client")).to_contain_text("client")


def test_a_conversations_address_leads_there_through_the_sign_in_with_what_was_being_written(me: Person) -> None:
    thread = me.thread_id
    me.page.locator("#chat-input").click()
    me.page.keyboard.type("half a thought")
    me.page.context.clear_cookies()
    me.page.reload()
    sign_in(me.page)
    me.page.wait_for_url(re.compile(f"/thread/{thread}"))
    expect(me.answers.filter(has_text="/onboard").first).to_be_visible()
    expect(me.page.locator("#chat-input")).to_have_value("half a thought")


def test_a_link_to_a_conversation_asks_for_the_password_and_leads_there(
    me: Person, product: Product, chromium: Browser
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{product.url}/thread/{me.thread_id}")
    sign_in(page)
    page.wait_for_url(re.compile(f"/thread/{me.thread_id}"))
    expect(page.locator(".ai-message").filter(has_text="/onboard").first).to_be_visible()
    context.close()


def test_a_conversation_that_is_gone_leads_to_the_start_and_not_in_circles(product: Product, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{product.url}/thread/00000000-0000-4000-8000-000000000000")
    sign_in(page)
    page.locator("#chat-input").wait_for()
    page.wait_for_url(re.compile(r":\d+/$"))
    context.close()
