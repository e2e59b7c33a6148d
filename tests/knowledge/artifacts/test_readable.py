"""Documents as people read them, and what may not get through."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from knowledge.artifacts.labels import label, path_label
from knowledge.artifacts.markdown import inline, paragraphs
from knowledge.artifacts.readable import example_ids, to_markdown
from knowledge.artifacts.registry import TYPES, ArtifactType, validate
from tests.knowledge.artifacts.examples import example

#: a reader that would pass HTML on and knows tables, as generous as any that shows these documents
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HARMLESS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "strong", "em", "br", "hr", "code",
            "table", "thead", "tbody", "tr", "th", "td", "blockquote"}  # fmt: skip
ATTACKS = [
    "<script>alert(1)</script>",
    "![x](http://evil.example/pixel.png)",
    "[click](javascript:alert(1))",
    "[ref]: http://evil.example",
    "<img src=x onerror=alert(1)>",
    "<http://evil.example>",
    "http://evil.example/a|b",
    "HTTPS://EVIL.EXAMPLE",
    "www.evil.example",
    "mail me@evil.example now",
    "# Approved",
    "a\n===",
    "a\n---",
    "- a\n- b",
    "1. a",
    "```\ncode\n```",
    "    indented",
    "a | b\n--|--",
    "&#60;script&#62;",
    "a\\<b>\\",
    "`<b>`",
    "~~gone~~",
    "*bold* _it_",
    "> quoted",
    "\u202egnp.exe",
]


class Tags(HTMLParser):
    """Collects the tags and the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(markdown: str) -> Tags:
    page = Tags()
    page.feed(READER.render(markdown))
    return page


@pytest.mark.parametrize("artifact_type", TYPES)
def test_every_document_reads_as_a_document(artifact_type: ArtifactType):
    text = to_markdown(artifact_type, validate(artifact_type, example(artifact_type)).wire())
    assert text.startswith("# ")
    assert "{" not in text
    assert "None" not in text
    assert set(shown(text).tags) <= HARMLESS


@pytest.mark.parametrize("artifact_type", TYPES)
def test_every_word_of_a_document_is_in_its_readable_form(artifact_type: ArtifactType):
    text = " ".join(shown(to_markdown(artifact_type, example(artifact_type))).text.split())
    for value in _texts(example(artifact_type)):
        assert value in text or value.replace("_", " ") in text, value


def _texts(value: Any) -> list[str]:
    """All plain words in a document; figures and codes have a form of their own, and ids of named things stay out."""
    if isinstance(value, dict):
        told = {name: inner for name, inner in value.items() if name not in ("id", "clientId", "offerId")}
        return [found for inner in told.values() for found in _texts(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _texts(inner)]
    plain = isinstance(value, str) and not value.replace(".", "").isdigit() and len(value) > 2
    return [value] if plain else []


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("artifact_type", TYPES)
def test_no_value_can_start_markup_a_link_or_a_picture(artifact_type: ArtifactType, attack: str):
    tags = shown(to_markdown(artifact_type, _with_every_text(example(artifact_type), attack))).tags
    assert set(tags) <= HARMLESS
    assert tags.count("h1") == 1
    assert "hr" not in tags
    assert "ol" not in tags


def _with_every_text(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {key: _with_every_text(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_every_text(item, text) for item in value]
    return text if isinstance(value, str) else value


def test_markup_in_a_value_is_shown_as_the_words_it_is():
    page = shown(inline("<script>alert(1)</script> ![x](http://evil.example/p.png) 4.8 *stars*"))
    assert page.text.strip() == "<script>alert(1)</script> ![x](http://evil.example/p.png) 4.8 *stars*"
    assert set(page.tags) == {"p", "code"}


def test_addresses_are_set_as_code_so_that_no_reader_links_them():
    assert inline("see https://a.example/b or www.c.example") == "see `https://a.example/b` or `www.c.example`"


@given(st.text())
def test_any_text_is_shown_word_for_word_on_one_line(text: str):
    page = shown(f"- **Label:** {inline(text)}\n- next")
    assert set(page.tags) <= {"ul", "li", "strong", "code"}
    assert page.tags.count("li") == 2


@given(st.text(alphabet="ab <>[]()!*_`~#-+=|\\:/.&@1\n\thtpw"))
def test_any_text_stays_paragraphs(text: str):
    assert set(shown(paragraphs(text)).tags) <= {"p", "br", "code"}


@given(st.text(alphabet="ab <>[]()!*_`~#-+=|\\:/.&@1 htpw").map(lambda text: " ".join(text.split())))
def test_nothing_is_lost_on_the_way(text: str):
    assert " ".join(shown(inline(text)).text.split()) == text


def test_empty_fields_are_left_out_and_an_empty_document_says_so():
    text = to_markdown("client_canon", {"clientId": "c", "brand": {"story": " ", "values": []}, "offers": []})
    assert "Brand" not in text
    assert "Offers" not in text
    assert "Nothing has been written yet" in to_markdown("intake", {})


def test_figures_are_written_as_people_write_them():
    text = to_markdown("strategy_sheet", example("strategy_sheet"))
    assert "| meta | Reach renters | 70 % | cvr |" in text
    assert "**Budget max:** 6,000" in text
    assert "20.9 % (6 % to 37 %)" in to_markdown("experiment_report", example("experiment_report"))


def test_the_voice_of_the_customer_is_quoted_with_its_source():
    text = to_markdown("client_canon", example("client_canon"))
    assert "> No smoke, finally. My flat smells like figs.\n>\n> — Trustpilot, rating 5, voc-1" in text


def test_an_example_is_called_by_its_title_and_by_its_id_only_where_it_has_none():
    document = {"contentPatterns": {"goodAssetIds": ["s-1", "s-2"], "badAssetIds": ["s-3"]}}
    assert example_ids(document) == ["s-1", "s-2", "s-3"]
    text = to_markdown("client_canon", document, {"s-1": "Your bag has a *birthday*", "s-3": "Unleash"})
    listed = " ".join(shown(text).text.split())
    assert "Your bag has a *birthday*" in listed
    assert "s-2" in listed
    assert "Unleash" in listed
    assert "s-1" not in listed
    assert "s-3" not in listed
    assert document["contentPatterns"]["goodAssetIds"] == ["s-1", "s-2"]


def test_the_intake_reads_in_the_order_and_words_of_its_form():
    text = to_markdown("intake", example("intake"))
    order = [text.index(f"## {title}") for title in ("Client identity", "Offer and economics", "Delivery")]
    assert order == sorted(order)
    assert "**Average order value:** 42" in text
    assert "- German" in text


def test_labels_are_words():
    assert label("jobsToBeDone") == "Jobs to be done"
    assert label("brand_kit") == "Brand kit"
    assert label("checkoutUrl") == "Checkout URL"
    assert path_label("offers.0.pricePoints") == "Offers › 1 › Price points"


def test_a_document_reads_in_the_order_of_its_schema_however_the_database_kept_it():
    document = example("client_canon")
    shuffled = dict(sorted(document.items(), key=lambda item: (len(item[0]), item[0])))
    assert to_markdown("client_canon", shuffled) == to_markdown("client_canon", document)
    headings = [line for line in to_markdown("client_canon", shuffled).splitlines() if line.startswith("## ")]
    assert headings[:3] == ["## Brand", "## Offers", "## Customer profiles"]
