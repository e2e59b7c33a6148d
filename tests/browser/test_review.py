"""/review as a person uses it: paste, read what is wrong and where."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.person import Person, arrive
from tests.browser.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def me(chromium: Browser, product: Product) -> Iterator[Person]:
    person = arrive(chromium, product.url)
    person.say("/client Fernhill Barbers")
    yield person
    person.page.context.close()


def test_a_pasted_email_is_reviewed_with_the_words_that_are_wrong(me: Person) -> None:
    answer = me.say("/review email Subject: RE: your free gift!!! Act now, [your name]. Studies show that it helps.")
    expect(answer).to_contain_text("It must not go out like this.")
    expect(answer).to_contain_text("The subject pretends to be an answer.")
    expect(answer).to_contain_text("“[your name]”")
    expect(answer).to_contain_text("Not checked:")
    expect(answer).to_contain_text("without a key only the rules have read it")
    folded = me.page.locator("details", has_text="not checked").last
    expect(folded.locator("li").first).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.locator("li").first).to_be_visible()
    me.picture("review")


def test_review_alone_says_how_and_a_clean_text_passes(me: Person) -> None:
    expect(me.say("/review")).to_contain_text("Paste the text after the command")
    answer = me.say("/review text A quiet shave takes ten minutes, because nobody hurries here.")
    expect(answer).to_contain_text("It passes.")
    assert me.foreign == []
