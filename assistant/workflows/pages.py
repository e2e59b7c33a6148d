"""What an article and a landing page share: research and own pages to build on, sections, links, structured data.

What always holds: a link stands in the text only when it was opened in research or given by the client or the person; any
other is taken out and named. Structured data says only what the text says.
"""

import json
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from assistant.models.offline.compose.sources import Sources
from assistant.models.order import Order
from assistant.runs.protocol import Run, StepContext, Subject
from assistant.services import services_of
from assistant.workflows.answers import Description, Outline, OutlineSection
from assistant.workflows.ask import ask, ask_for_text
from assistant.workflows.pieces import Draft, PieceInput, PieceOutput, Verdict, read_sources
from knowledge.artifacts.hashes import content_hash
from knowledge.clients import service as clients
from knowledge.db import Connection
from knowledge.ids import ClientId
from knowledge.json_values import as_list, as_object
from knowledge.publishing.described import describe
from knowledge.publishing.links import Removed, addresses_in, links_in, same_address, without_strangers
from knowledge.research import service as research
from knowledge.search.text import fold

AGENT = "seo_writer"
#: sections written side by side; what each may cost at most is held while it is written
AT_ONCE = 4
#: own pages shown to the writer; and as many at the end of a text that leads to none
MOST_OWN_PAGES, MOST_READ_ON = 8, 3
#: how often an outline goes back before it is written as it is
MOST_OUTLINES = 5
#: of a result in a search: characters of the title and of the description (notes on SEO text; Yoast)
TITLE, DESCRIPTION = (50, 60), (120, 156)
SECTION_WORDS = (
    "Write section {number} of {total} of the {noun} in `outline`, as Markdown beginning with its `## ` heading, {length} "
    "words, in the language of the brief. The other sections of the outline are written at the same time by others: `written` "
    "holds the headings before yours; repeat nothing of theirs. Facts only from the sources; customers verbatim. A fact of "
    "`research` names its page with a Markdown link. Link only to addresses that stand in the sources, where one helps the "
    "reader on."
)
DESCRIBE_WORDS = (
    "Write `title` (50 to 60 characters), `metaDescription` (120 to 156) and `slug` for the finished text in `text`. The "
    "keyphrase stands in all three. `wrong` says what is wrong with those it has. Promise nothing the text does not hold."
)
READ_ON = {
    "de": "Weiterlesen",
    "es": "Sigue leyendo",
    "pt": "Continue a ler",
    "fr": "À lire aussi",
    "it": "Continua a leggere",
}


class PageInput(PieceInput):
    """``research_id``: what to build on; without it, the client's newest research on the topic, if there is one.
    ``approve_outline``: a person looks at the outline before anything is written."""

    research_id: UUID | None = None
    approve_outline: bool = False


async def read_page_sources(context: StepContext, given: PageInput) -> Sources:
    """The sources of any piece, with what was found about the topic and the client's own pages that are near it."""
    sources = await read_sources(context, given)
    async with services_of(context).db.org(context.run.org_id) as conn:
        found = await _research(conn, given)
        pages = await research.own_pages(conn, given.client_id, given.brief[:1_000].split(), MOST_OWN_PAGES)
    if found is not None:
        await context.emit("message", agent=AGENT, text=f"Building on the research “{found['topic']}”.")
    own = [{"url": page.url, "title": page.title} for page in pages]
    return sources.model_copy(update={"research": found, "own_pages": own})


async def _research(conn: Connection, given: PageInput) -> dict[str, Any] | None:
    found = (
        await research.get(conn, given.research_id)
        if given.research_id
        else await research.latest_for(conn, ClientId(given.client_id), given.brief[:1_000])
    )
    if found is None or found.client_id != given.client_id:
        return None
    return await research.to_write_from(conn, found)


class PageOutput(BaseModel):
    """The draft, its size and each critic's verdict; without a draft, what was rejected."""

    asset_id: UUID | None = None
    title: str = ""
    word_count: int = 0
    verdicts: dict[str, str] = {}
    scores: dict[str, float] = {}
    content_score: int | None = None
    rejected: str | None = None


#: what comes of a page whose outline was rejected
NOTHING = PageOutput(rejected="outline")


# ---------------------------------------------------------------- outline


async def settle_outline(run: Run, given: PageInput, sources: Sources, words: str, task: str) -> Outline | None:
    """The outline, with ``approve_outline`` once a person has said yes, written again with each note; None: they said no."""
    note, outline = "", await run.step("outline", write_outline, sources, words, task, "")
    for _ in range(MOST_OUTLINES if given.approve_outline else 0):
        shown = content_hash(outline.model_dump(mode="json"))
        sentence = f"The outline of “{outline.title}” with {len(outline.sections)} sections: shall I write it?"
        decision = await run.approval("outline", Subject(type="run", id=run.id, hash=shown, sentence=sentence))
        if decision.decision == "rejected":
            return None
        if decision.approved:
            break
        note = decision.notes or ""
        outline = await run.step("outline", write_outline, sources, words, task, note)
    return outline


async def write_outline(context: StepContext, sources: Sources, words: str, task: str, note: str) -> Outline:
    await context.emit("agent_started", agent=AGENT, doing="outlining")
    order = Order(task, words, {**sources.model_dump(mode="json"), "note": note or sources.note})
    outline = await ask(context, AGENT, order, Outline)
    await context.emit("message", agent=AGENT, text=outline_text(outline))
    if left := unnamed_questions(sources, outline):
        listed = "\n".join(f"- {question}" for question in left)
        await context.emit(
            "message", agent=AGENT, text=f"Questions of the research that the outline does not name:\n\n{listed}"
        )
    return outline


def unnamed_questions(sources: Sources, outline: Outline) -> list[str]:
    """The research's questions that stand nowhere in the outline, so that a person sees what is left open."""
    named = [" ".join([section.heading, section.purpose, *section.points]) for section in outline.sections]
    planned = fold(" ".join([outline.title, *named]))
    asked = [str(as_object(one).get("text") or "") for one in as_list((sources.research or {}).get("questions"))]
    return [question for question in asked if question and fold(question) not in planned]


def outline_text(outline: Outline) -> str:
    points = "\n".join(f"{number}. {section.heading}" for number, section in enumerate(outline.sections, 1))
    return f"Outline: {outline.title}\n\n{points}"


# ---------------------------------------------------------------- sections


async def write_sections(run: Run, sources: Sources, outline: Outline, noun: str, length: str) -> list[str]:
    """Every section, side by side; one that fails is written again alone."""
    works = {f"section {at + 1}": (sources, outline, at, noun, length) for at in range(len(outline.sections))}
    return await run.side_by_side(write_section, works, width=AT_ONCE, counted="sections")


async def write_section(
    context: StepContext, sources: Sources, outline: Outline, index: int, noun: str, length: str
) -> str:
    words = SECTION_WORDS.format(number=index + 1, total=len(outline.sections), noun=noun, length=length)
    shown: dict[str, Any] = {
        **sources.model_dump(mode="json"),
        "outline": outline.model_dump(mode="json", by_alias=True),
        "index": index,
        "written": [section.heading for section in outline.sections[:index]],
    }
    text = await ask_for_text(context, AGENT, Order("write_section", words, shown), message=f"section {index + 1}")
    return headed(outline.sections[index], text)


def headed(section: OutlineSection, text: str) -> str:
    return text.strip() if text.lstrip().startswith("#") else f"## {section.heading}\n\n{text.strip()}"


def page_content(sources: Sources, outline: Outline, markdown: str) -> dict[str, Any]:
    """What every page's content holds beside its own."""
    return {
        "markdown": markdown,
        "slug": outline.slug,
        "metaDescription": outline.meta_description,
        "language": outline.language,
        "pattern": outline.pattern,
        "outline": outline.model_dump(mode="json", by_alias=True)["sections"],
        "quoteIds": sorted({quote for section in outline.sections for quote in section.quote_ids}),
        "swipeIds": outline.swipe_ids,
        **({"researchId": sources.research["id"]} if sources.research else {}),
    }


# ---------------------------------------------------------------- links, structured data, description


def given_addresses(sources: Sources) -> list[str]:
    """Every address that the client or the person gave: website, canon, intake, brief, own pages, opened research."""
    documents = [
        sources.client.website,
        sources.canon,
        sources.intake,
        sources.brief,
        sources.research,
        sources.own_pages,
    ]
    return [url for document in documents for url in addresses_in(document)]


async def keep_links(context: StepContext, given: PageInput, sources: Sources, draft: Draft) -> Draft:
    """Links that nobody opened or gave are taken out and named; a text that leads nowhere on the site gets a way on."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        opened = await research.opened_urls(conn, ClientId(given.client_id))
    allowed = [*given_addresses(sources), *opened]
    cleaned = without_strangers(str(draft.content["markdown"]), allowed)
    content = {**draft.content, "markdown": _with_way_on(cleaned.text, sources, str(draft.content["language"]))}
    if cleaned.removed:
        content["removedLinks"] = [{"words": one.words, "url": one.url} for one in cleaned.removed]
        await context.emit("message", agent=AGENT, text=removed_text(cleaned.removed))
    return draft.model_copy(update={"content": content})


def removed_text(removed: list[Removed]) -> str:
    lines = [f"- {f'“{one.words}” led to ' if one.words else ''}{one.url}" for one in removed]
    many = "Links were" if len(removed) > 1 else "A link was"
    return f"{many} taken out, because nobody opened or gave where it led:\n\n" + "\n".join(lines)


def _with_way_on(markdown: str, sources: Sources, language: str) -> str:
    """A last line that leads to the client's own pages, when the text leads to none of them."""
    own = [(str(page["title"]), str(page["url"])) for page in sources.own_pages] or funnel_pages(sources)
    known = {same_address(url) for _, url in own}
    if not own or any(same_address(url) in known for url in links_in(markdown)):
        return markdown
    links = ", ".join(f"[{_label(title)}]({url})" for title, url in own[:MOST_READ_ON])
    return f"{markdown.rstrip()}\n\n**{READ_ON.get(language[:2].lower(), 'Read on')}:** {links}\n"


def funnel_pages(sources: Sources) -> list[tuple[str, str]]:
    """The pages the canon names for the offers, by label."""
    offers = as_list(as_object(sources.canon).get("offers"))
    pages = [as_object(page) for offer in offers for page in as_list(as_object(offer).get("funnelAssets"))]
    return [
        (str(page.get("label") or page["url"]), str(page["url"]))
        for page in pages
        if str(page.get("url") or "").startswith("http") and page.get("type") in ("pre_sale", "sales_page", "quiz")
    ]


def _label(title: str) -> str:
    return " ".join(title.replace("[", "(").replace("]", ")").split())


async def add_structured_data(context: StepContext, given: PageInput, draft: Draft) -> Draft:
    """JSON-LD from what the text says; it is read back before it is kept."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        client = await clients.get_client(conn, given.client_id)
    blocks = json.loads(json.dumps(describe(client, draft.format, draft.title, draft.content)))
    return draft.model_copy(update={"content": {**draft.content, "jsonLd": blocks}})


async def describe_page(context: StepContext, sources: Sources, draft: Draft) -> Draft:
    """Title, description and address part as a search shows them; the writer is asked only when one does not fit."""
    keyphrase = str(draft.seo.get("targetKeyword") or "")
    wrong = _misfits(draft.title, str(draft.content["metaDescription"]), keyphrase)
    if not wrong:
        return draft
    shown = {
        **sources.model_dump(mode="json", include={"client", "brief", "language"}),
        "text": str(draft.content["markdown"])[:20_000],
        "outline": {"title": draft.title, "slug": draft.content["slug"], "keyphrase": keyphrase,
                    "metaDescription": draft.content["metaDescription"], "language": draft.content["language"]},
        "wrong": wrong,
    }  # fmt: skip
    found = await ask(context, AGENT, Order("describe_page", DESCRIBE_WORDS, shown), Description)
    before = f"# {draft.title}\n"
    markdown = str(draft.content["markdown"])
    content = {**draft.content, "slug": found.slug, "metaDescription": found.meta_description}
    if markdown.startswith(before):
        content["markdown"] = f"# {found.title}\n{markdown[len(before) :]}"
    return draft.model_copy(update={"title": found.title, "content": content})


def _misfits(title: str, description: str, keyphrase: str) -> list[str]:
    found: list[str] = []
    if not TITLE[0] <= len(title) <= TITLE[1]:
        found.append(f"the title has {len(title)} characters")
    if not DESCRIPTION[0] <= len(description) <= DESCRIPTION[1]:
        found.append(f"the description has {len(description)} characters")
    if keyphrase and keyphrase.lower() not in title.lower():
        found.append("the title lacks the keyphrase")
    return found


def finished(piece: PieceOutput, verdicts: list[Verdict]) -> PageOutput:
    """The piece with what each critic said."""
    return PageOutput(
        **piece.model_dump(include={"asset_id", "title", "word_count", "content_score"}),
        verdicts={one.reviewer: one.verdict for one in verdicts},
        scores={one.reviewer: one.score for one in verdicts},
    )
