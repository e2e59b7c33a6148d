"""An email from content to HTML, plain text and every check, beside the two library calls that it cannot do without.

Bar (issue: the content desk): a render with its checks stays under 20 ms. The typical email has a handful of merge tags and
one condition; the large one has 200 tags and 60 paragraphs.
"""

import asyncio
from typing import Any

import mrml
from css_inline import CSSInliner

from benchmarks.measure import Comparison, Side, in_turns
from knowledge.emails import render
from knowledge.emails.personal import for_person, sample_people

ROUNDS = 60
CANON: dict[str, Any] = {"brand": {"visualStyleRefs": {"palette": ["#0f766e", "#fff7ed", "#1f2937"]}}}


def run() -> list[Comparison]:
    return asyncio.run(_run())


async def _run() -> list[Comparison]:
    return [await _compared("typical", _typical(), 20), await _compared("200 merge tags", _large(), None)]


async def _compared(case: str, content: dict[str, Any], at_most: float | None) -> Comparison:
    rendered = render(content, CANON)
    stored = {**content, "html": rendered.html, "plainText": rendered.plain_text}
    person = sample_people(stored)[0][1]
    inliner = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)

    async def ours() -> None:
        render(content, CANON)

    async def alone() -> None:
        inliner.inline(mrml.to_html(rendered.mjml).content)

    async def previewed() -> None:
        for_person(stored, person)

    sides: dict[str, Side] = {"ours": ours, "mrml + css-inline alone": alone, "one person's copy": previewed}
    taken = await in_turns(sides, ROUNDS)
    return Comparison("email", f"{case}, {rendered.bytes / 1000:.0f} KB", taken.pop("ours"), taken, at_most=at_most)


def _typical() -> dict[str, Any]:
    body = (
        'Hi {{ first_name | default: "there" }},\n\n# Fresh beans, every week\n\nThe beans are roasted on Tuesday.\n\n'
        "{% if plan == 'Pro' %}\n\nYour plan has free delivery.\n\n{% else %}\n\nDelivery is 3.90 €.\n\n{% endif %}\n\n"
        "> “Great coffee & quick delivery.”\n>\n> — Anna\n\n- Roasted on Tuesday\n- Sent on Wednesday\n- At home by Friday\n\n"
        "**[See the offer](https://bona.example/offer)**\n\nBest wishes\\\nBona\n\n*Terms apply.*"
    )
    return _content(body)


def _large() -> dict[str, Any]:
    paragraphs = [f"Paragraph {number} with words that say something about coffee. " * 3 for number in range(60)]
    tags = [f'{{{{ field_{number} | default: "-" }}}}' for number in range(200)]
    return _content("\n\n".join([*paragraphs, *(" ".join(tags[at : at + 4]) for at in range(0, 200, 4))]))


def _content(body: str) -> dict[str, Any]:
    return {
        "subject": "Fresh beans, every week",
        "preheader": "What happens next, and what you can change at any point.",
        "bodyMarkdown": body,
        "callToAction": {"label": "See the offer", "url": "https://bona.example/offer"},
        "language": "en",
        "senderName": "Bona",
        "postalAddress": "1 Sample Street",
    }
