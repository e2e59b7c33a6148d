"""The knowledge base as a person fills and uses it: the real product, a file dropped, looked at, brought in, found."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.person import Person, arrive
from tests.browser.product import Product
from tests.knowledge.imports import files

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def me(chromium: Browser, product: Product) -> Iterator[Person]:
    person = arrive(chromium, product.url)
    person.say("/client Fernhill Barbers")
    yield person
    person.page.context.close()


def named(name: str, content: bytes, type: str) -> FilePayload:
    return {"name": name, "mimeType": type, "buffer": content}


def test_ads_dropped_into_the_chat_are_shown_first_and_come_in_at_a_click(me: Person) -> None:
    me.drop(named("ads.json", files.ads(12), "application/json"))
    card = me.card("ImportCard")
    expect(card).to_contain_text("Not imported yet")
    expect(card).to_contain_text("ManClub")
    card.get_by_role("button", name="Import about 12 ads").click()
    expect(card).to_contain_text("Imported")
    expect(card).to_contain_text("12")
    me.picture("imported")
    card.get_by_role("button", name="Show the library").click()
    expect(me.card("SwipeGallery").locator(".adr-tileswipe")).to_have_count(12)


def test_an_ad_is_found_by_a_mistyped_brand_and_marked_for_the_client(me: Person) -> None:
    me.say("/swipe mancub")
    gallery = me.card("SwipeGallery")
    expect(gallery).to_contain_text("“mancub” was read as “manclub”")
    gallery.locator(".adr-open").first.click()
    panel = me.panel("Swipe")
    panel.get_by_role("tab", name=re.compile("Tags and examples")).click()
    panel.get_by_label("Why, and what to learn from it").fill("Says when, not only what.")
    panel.get_by_role("button", name="Good example").click()
    expect(panel.get_by_role("button", name="Good example")).to_have_attribute("aria-pressed", "true")
    me.picture("swipe marked")
    me.close_panel()
    expect(gallery.locator(".adr-good")).to_have_count(1)


def test_the_clients_own_ad_is_kept_with_its_picture_and_found(me: Person) -> None:
    me.say("/swipe")
    gallery = me.card("SwipeGallery")
    gallery.get_by_role("button", name="Add an ad of Fernhill Barbers").click()
    gallery.get_by_label("Headline").fill("A shave worth the walk")
    gallery.get_by_label("Text").fill("Hot towel, cold blade, ten minutes. The bench outside is for afterwards.")
    picture = io.BytesIO()
    Image.new("RGB", (900, 600), "#4338ca").save(picture, "PNG")
    gallery.get_by_label("Picture").set_input_files(named("bench.png", picture.getvalue(), "image/png"))
    me.picture("own ad")
    gallery.get_by_role("button", name="Keep as a good example").click()
    panel = me.panel("Swipe")
    expect(panel).to_contain_text("The bench outside is for afterwards.")
    shown = panel.locator("img").first
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 640)
    me.close_panel()
    me.say("/swipe hot towel")
    expect(me.card("SwipeGallery")).to_contain_text("0 ads")
    me.card("SwipeGallery").get_by_role("button", name="Fernhill Barbers only").click()
    expect(me.card("SwipeGallery")).to_contain_text("Hot towel, cold blade, ten minutes.")


def test_reviews_come_in_with_a_column_corrected_and_answer_a_question(me: Person) -> None:
    me.drop(named("answers.csv", files.UNKNOWN_CSV, "text/csv"))
    card = me.card("ImportCard")
    expect(card).to_contain_text("a guess: please look")
    card.get_by_label("who is read as").select_option(label="Who said it")
    expect(card).to_contain_text("Ana")
    card.get_by_role("button", name=re.compile("Import about 2 quotes")).click()
    expect(card).to_contain_text("Imported")
    answer = me.say("What do customers say about the box?")
    expect(answer).to_contain_text("It came on time and the box was dry inside.")
    me.say("/voc entrega")
    quotes = me.card("VocQuotes")
    expect(quotes).to_contain_text("A entrega atrasou dez dias e ninguém avisou.")
    expect(quotes).to_contain_text("Ana")


def test_the_same_file_again_says_that_it_was_here(me: Person) -> None:
    me.drop(named("ads.json", files.ads(12), "application/json"))
    card = me.card("ImportCard")
    card.get_by_role("button", name="Import about 12 ads").click()
    expect(card).to_contain_text("Everything in this file was already here.")


def test_a_large_file_is_brought_through_the_card_with_progress(me: Person, tmp_path: Path) -> None:
    large = tmp_path / "export.json"
    large.write_bytes(files.ads(4_000))
    me.say("/import")
    drop = me.card("ImportDrop")
    drop.get_by_label("File to import").set_input_files(large)
    panel = me.panel("ImportCard")
    expect(panel).to_contain_text("export.json")
    panel.get_by_role("button", name=re.compile("Import about")).click()
    expect(panel).to_contain_text("Imported", timeout=60_000)
    expect(panel).to_contain_text("3,988")
    me.picture("import card")
    me.close_panel()
    expect(drop).to_contain_text("export.json")
    expect(drop).to_contain_text("3,988 rows new")


def test_a_picture_dropped_as_a_file_to_read_is_refused_with_what_can_be_taken(me: Person) -> None:
    me.say("/import")
    drop = me.card("ImportDrop")
    drop.get_by_label("File to import").set_input_files(named("ad.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 90, "image/png"))
    expect(drop).to_contain_text("is a picture")
    assert me.foreign == []
