"""A research document as text: what pages said is set as they said it, and can neither format nor link nor hide."""

import re
from datetime import UTC, datetime

from knowledge.research.models import (
    CompetingPage,
    Gap,
    Intent,
    PageHeading,
    ProposedSection,
    Question,
    ResearchData,
    Source,
)
from tools.research.words import as_markdown

HOSTILE = "Buy [here](javascript:alert(1)) <script>x</script> **now**\n# A heading\n| a | b |"
URL = "https://a.example/x)](https://evil.example/?q=<b> y"


def test_what_a_page_says_cannot_format_link_or_begin_a_line() -> None:
    data = ResearchData(
        topic=HOSTILE, language="en", provider="tavily", intent=Intent(kind="commercial", why=HOSTILE),
        questions=[Question(text=HOSTILE, url=URL)], gap=Gap(missing=[HOSTILE], thin=[HOSTILE], ours=[HOSTILE]),
        outline=[ProposedSection(heading=HOSTILE, points=[HOSTILE], questions=[HOSTILE])],
        pages=[CompetingPage(url=URL, title=HOSTILE, words=3, opened_at=datetime.now(UTC),
                             outline=[PageHeading(level=2, text=HOSTILE)], facts=[HOSTILE])],
        sources=[Source(url=URL, title=HOSTILE, status="failed", reason=HOSTILE)], notes=[HOSTILE],
    )  # fmt: skip
    text = as_markdown(data)
    assert re.findall(r"(?<!\\)\]\((?!https://a\.example)", text) == []
    assert "<script" not in text.replace("\\<", "")
    assert "**now**" not in text
    assert "\n# A heading" not in text
    assert "(https://a.example/x%29%5D%28https://evil.example/?q=%3Cb%3E%20y)" in text


def test_sections_without_content_are_left_out() -> None:
    text = as_markdown(ResearchData(topic="x", language="en", provider="none", intent=Intent(kind="informational")))
    assert (
        text == "# Research: x\n\n*No page was opened; no web search is set up.*\n\n## Intent\n\n**Informational.**\n"
    )
