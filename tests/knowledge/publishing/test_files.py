"""What goes out: structured data that parses, HTML that loads nothing, a Word file that opens."""

import io
import json
import re

import pytest
from docx import Document

from knowledge.publishing.rendering import body_html, page_html
from knowledge.publishing.structured_data import as_script, questions_in, structured_data
from knowledge.publishing.word_file import word_file

TEXT = """# How to keep coffee fresh

The short answer: **dry, dark and cool**. [voc:0190]

## How long do beans stay fresh?

About *four* weeks, says [the roastery](https://roastery.example/).

- whole beans
- ground coffee
  1. coarse
  2. fine

> “It never lasts that long.”

## What we do

| Pack | Weeks |
|---|---|
| Bag | 4 |

```
grind --coarse
```

## Empty question?

## مرحبا؟

نعم <script>alert(1)</script>
"""
FACTS = {"title": "How to keep coffee fresh", "description": "Dry, dark & cool.", "language": "en"}


def test_headings_that_ask_become_a_faq_with_the_answers_under_them() -> None:
    asked = dict(questions_in(TEXT))
    assert list(asked) == ["How long do beans stay fresh?", "مرحبا؟"]
    assert asked["How long do beans stay fresh?"].startswith("About four weeks, says the roastery. whole beans")
    blocks = structured_data(**FACTS, markdown=TEXT, client_name="Rösterei", website="https://roastery.example/")
    assert [block["@type"] for block in blocks] == ["Article", "FAQPage"]
    assert blocks[0]["publisher"] == {"@type": "Organization", "name": "Rösterei", "url": "https://roastery.example/"}


def test_a_text_that_asks_nothing_has_no_faq_and_a_landing_page_is_a_page() -> None:
    blocks = structured_data(**FACTS, markdown="# A\n\nB.", client_name="C", landing=True)
    assert [block["@type"] for block in blocks] == ["WebPage"]


def test_no_text_ends_the_script_it_stands_in() -> None:
    blocks = structured_data(**FACTS, markdown="## Is </script><b> here?\n\nYes </script>.", client_name="</script>")
    script = as_script(blocks)
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', script, re.S)
    assert [json.loads(one)["@type"] for one in found] == ["Article", "FAQPage"]
    assert json.loads(found[1])["mainEntity"][0]["name"] == "Is </script><b> here?"


def test_the_page_shows_html_as_text_and_loads_nothing() -> None:
    page = page_html(**FACTS, markdown=TEXT, blocks=structured_data(**FACTS, markdown=TEXT, client_name="C"))
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    assert "voc:" not in page and 'lang="en"' in page and "dir=" not in page
    assert "<title>How to keep coffee fresh</title>" in page and 'content="Dry, dark &amp; cool."' in page
    assert not re.search(r"<(?:link|iframe|img)\b|src=", page)


def test_a_page_in_hebrew_reads_from_the_right() -> None:
    assert '<html lang="he" dir="rtl">' in page_html(title="ש", description="", language="he", markdown="# ש")


def test_the_body_for_a_content_system_leaves_the_title_to_it() -> None:
    body = body_html(TEXT, with_title=False)
    assert "<h1>" not in body and body.startswith("<p>The short answer")


def test_the_word_file_has_the_headings_lists_quotes_tables_and_links() -> None:
    made = Document(io.BytesIO(word_file(**FACTS, markdown=TEXT)))
    styles = {paragraph.text: str(paragraph.style.name if paragraph.style else "") for paragraph in made.paragraphs}
    assert styles["How to keep coffee fresh"] == "Heading 1" and styles["What we do"] == "Heading 2"
    assert styles["whole beans"] == "List Bullet" and styles["coarse"] == "List Number 2"
    assert styles["“It never lasts that long.”"] == "Intense Quote"
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [["Pack", "Weeks"], ["Bag", "4"]]
    assert any("https://roastery.example/" in relation.target_ref for relation in made.part.rels.values())
    assert "the roastery" in "".join(paragraph.text for paragraph in made.paragraphs)
    assert made.core_properties.title == "How to keep coffee fresh" and "voc:" not in "".join(styles)


@pytest.mark.parametrize(
    "text",
    ["", "# \x01\ufffe", "- a\n  - b\n    - c\n      - d\n        - e", "> > deep", "|a|\n|-|", "1. x\n\n   more"],
)
def test_no_text_breaks_the_word_file(text: str) -> None:
    assert Document(io.BytesIO(word_file(title="T\x00", description="", language="", markdown=text)))
