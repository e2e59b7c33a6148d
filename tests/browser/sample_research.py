"""The stand-in's research: one document with everything in it, one with nothing, one from right to left."""

from datetime import UTC, date, datetime
from typing import Any

from fastapi import APIRouter

from knowledge.research.models import (
    Angle,
    CompetingPage,
    Gap,
    Intent,
    KeywordGroup,
    OwnPageLink,
    PageHeading,
    ProposedSection,
    Question,
    ResearchData,
    SharedTerm,
    Source,
)
from tools.research.words import as_markdown

Json = dict[str, Any]
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LONG = (
    "https://a-rather-long-host-name.example/guides/2026/how-to-keep-coffee-fresh-at-home-for-a-very-long-time.html?x=1"
)

FULL = ResearchData(
    topic="How to keep coffee fresh at home",
    language="en",
    provider="brave",
    queries=["How to keep coffee fresh at home"],
    intent=Intent(kind="informational", why="Whoever searches for it wants to understand something first."),
    questions=[
        Question(text="Can coffee beans be frozen?", url=LONG),
        Question(text="Does it go off in the fridge?", quote_id="q1"),
        Question(text="How long does an opened bag last?"),
    ],
    keyword_groups=[
        KeywordGroup(name="airtight container", intent="commercial", terms=["airtight container", "steel container"]),
        KeywordGroup(name="Further terms", intent="informational", terms=["whole beans", "grind"]),
    ],
    gap=Gap(missing=["Does it go off in the fridge?"], thin=["valve"], ours=["Roasted on Tuesday, sent on Wednesday"]),
    outline=[
        ProposedSection(heading="Keep coffee fresh: the short answer", purpose="The answer before scrolling.",
                        points=["airtight container"], questions=["How long does an opened bag last?"]),
        ProposedSection(heading="Airtight container: what matters"),
    ],
    angle=Angle(sentence="Answer first what the opened pages leave open: Does it go off in the fridge?",
                why="None of the opened pages (1) answers it."),
    terms=[SharedTerm(term="airtight container", weight=1, pages=1)],
    pages=[
        CompetingPage(url=LONG, title="How to keep coffee fresh <b>now</b>", description="Airtight, dark and cool.",
                      language="en", words=1840, published_on=date(2026, 3, 4), opened_at=AT,
                      outline=[PageHeading(level=1, text="How to keep coffee fresh"),
                               PageHeading(level=2, text="Why do beans go stale?")],
                      terms=["airtight container", "beans"], facts=["Beans lose half of their aroma in 14 days."]),
    ],
    sources=[
        Source(url=LONG, title="How to keep coffee fresh", status="opened", opened_at=AT),
        Source(url="https://shy.example/", title="Shy", status="forbidden", reason="may not be opened by programs"),
        Source(url="https://large.example/", status="refused", reason="is larger than 5 MB", given=True),
        Source(url="https://gone.example/", status="failed", reason="gone.example no longer has this."),
        Source(url="https://more.example/", title="One more", status="not_opened"),
    ],
    own_pages=[OwnPageLink(url="https://lumen.example/blog/grinding", title="Grinding at home")],
    notes=["2 of the 3 opened pages are in another language; terms come from the others."],
)  # fmt: skip
BARE = ResearchData(
    topic="☕", language="en", provider="none", intent=Intent(kind="informational"), notes=["No page was opened."]
)
ARABIC = ResearchData(
    topic="كيف تحفظ القهوة طازجة", language="ar", provider="none", intent=Intent(kind="informational"),
    questions=[Question(text="كيف تحفظ القهوة؟")], gap=Gap(missing=["كيف تحفظ القهوة؟"]),
)  # fmt: skip


def _view(id: str, data: ResearchData) -> Json:
    return {
        "id": id, "clientId": "c1", "clientName": "Lumen Coffee", "campaignId": None, "runId": None,
        "topic": data.topic, "language": data.language, "agent": "seo_writer", "model": "offline",
        "createdAt": AT.isoformat(), "opened": len(data.pages), "markdown": as_markdown(data),
        "data": data.model_dump(mode="json", by_alias=True),
    }  # fmt: skip


VIEWS = {id: _view(id, data) for id, data in (("r1", FULL), ("r2", BARE), ("r3", ARABIC))}
router = APIRouter(prefix="/api/research")


@router.get("/{research_id}")
async def one(research_id: str) -> Json:
    return VIEWS[research_id]
