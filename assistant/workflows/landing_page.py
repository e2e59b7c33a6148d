"""A landing page: sections by the canon's offer and where its visitors come from, a call to action, links, checks, a draft."""

from typing import Any

from pydantic import Field

from assistant.models.offline.compose.sources import Sources
from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.workflows.answers import Outline
from assistant.workflows.pages import (
    AGENT,
    NOTHING,
    PageInput,
    PageOutput,
    add_structured_data,
    describe_page,
    finished,
    keep_links,
    page_content,
    read_page_sources,
    settle_outline,
    write_sections,
)
from assistant.workflows.pieces import Draft, compare_with_library, review, save_draft
from knowledge.json_values import as_list, as_object

#: what visitors from there need before they act, in order (funnel contexts of the canon)
STAGES = {
    "cold": "They do not know the client: the promise, their problem, the solution, for whom it is, doubts, proof, offer.",
    "warm": "They know the client: the promise, what they get, proof, doubts, offer and guarantee.",
    "email": "They come from a mail that made a promise: keep it first, then proof, doubts, offer and guarantee.",
    "organic": "They searched for an answer: give it, then the solution, for whom it is, doubts as questions, proof, offer.",
}
OUTLINE_WORDS = (
    "Outline a landing page for `brief`: one offer of the canon, one goal. {stage} Four to eight sections, each with a "
    "purpose and the quotes it uses by id. Prices, guarantees and figures as the canon has them. The title is the promise in "
    "50 to 60 characters, the meta description 120 to 156. Follow the structure of a good example in `swipes` if one fits, "
    "never its words, and name it in `swipeIds`. Answer `note` if there is one."
)
LENGTH = "60 to 160"
_ACTIONS = {"de": "Jetzt ansehen", "es": "Verlo ahora", "pt": "Ver agora"}


class LandingInput(PageInput):
    """``stage``: where visitors come from, as in the canon's funnel (cold, warm, email, organic); empty: as the canon's
    sales page has it. ``offer``: the id or name of the canon's offer; empty: the first."""

    stage: str = Field(default="", max_length=20)
    offer: str = Field(default="", max_length=300)


async def landing_page(run: Run, given: LandingInput) -> PageOutput:
    sources = await run.step("read sources", read_offer, given)
    outline = await settle_outline(run, given, sources, _outline_words(sources, given), "outline_landing_page")
    if outline is None:
        return NOTHING
    sections = await write_sections(run, sources, outline, "landing page", LENGTH)
    draft = await run.step("join", join, given, sources, outline, sections)
    draft = await run.step("links", keep_links, given, sources, draft)
    draft = await run.step("title, description, slug", describe_page, sources, draft)
    draft = await run.step("structured data", add_structured_data, given, draft)
    piece = await run.step("save draft", save_draft, given, draft)
    await run.step("compare with the library", compare_with_library, piece)
    brand = await run.step("brand check", review, given, piece, "brand")
    compliance = await run.step("compliance check", review, given, piece, "compliance")
    await run.emit("asset", assetId=str(piece.asset_id), title=piece.title)
    return finished(piece, [brand, compliance])


async def read_offer(context: StepContext, given: LandingInput) -> Sources:
    """The sources with the chosen offer first in the canon, so that the page is about it; ``goal`` names the stage."""
    sources = await read_page_sources(context, given)
    offers = [as_object(offer) for offer in as_list(as_object(sources.canon).get("offers"))]
    wanted = given.offer.strip().lower()
    offers.sort(key=lambda offer: not wanted or wanted not in (_text(offer, "offerId"), _text(offer, "primary")))
    canon = {**(sources.canon or {}), "offers": offers[:1]} if wanted else sources.canon
    stage = given.stage if given.stage in STAGES else stage_of(offers)
    return sources.model_copy(update={"canon": canon, "goal": stage})


def stage_of(offers: list[dict[str, Any]]) -> str:
    """Where the visitors of the first offer's sales page come from; cold when the canon does not say."""
    pages = [as_object(page) for offer in offers[:1] for page in as_list(offer.get("funnelAssets"))]
    pages.sort(key=lambda page: page.get("type") != "sales_page")
    return next((str(page["context"]) for page in pages if page.get("context") in STAGES), "cold")


def _outline_words(sources: Sources, given: LandingInput) -> str:
    return OUTLINE_WORDS.format(stage=STAGES[sources.goal])


async def join(
    context: StepContext, given: LandingInput, sources: Sources, outline: Outline, sections: list[str]
) -> Draft:
    """The whole page with its call to action, which leads where the canon's funnel leads; nowhere when it names no page."""
    await context.emit("agent_completed", agent=AGENT)
    action = call_to_action(sources, outline.language)
    last = [f"**[{action['label']}]({action['url']})**"] if action.get("url") else []
    markdown = "\n\n".join([f"# {outline.title}", *sections, *last]) + "\n"
    content = page_content(sources, outline, markdown)
    return Draft(
        channel="landing_page",
        format="landing_page",
        agent=AGENT,
        title=outline.title,
        content={**content, "callToAction": action, "stage": sources.goal},
        seo={"targetKeyword": outline.keyphrase},
    )


def call_to_action(sources: Sources, language: str) -> dict[str, Any]:
    """Where the page sends its visitors: the offer's checkout, else its next page in the funnel."""
    offers = [as_object(offer) for offer in as_list(as_object(sources.canon).get("offers"))]
    pages = [as_object(page) for offer in offers[:1] for page in as_list(offer.get("funnelAssets"))]
    order = ("checkout", "quiz", "sales_page", "pre_sale")
    there = [page for page in pages if _text(page, "url").startswith("http") and page.get("type") in order]
    there.sort(key=lambda page: order.index(str(page["type"])))
    label = str(there[0].get("label") or "") if there else ""
    return {
        "label": label or _ACTIONS.get(language[:2].lower(), "See the offer"),
        "url": there[0]["url"] if there else None,
    }


def _text(offer: dict[str, Any], name: str) -> str:
    return str(offer.get(name) or "").strip().lower()


WORKFLOW = Workflow(
    kind="landing_page",
    title="Landing page",
    input_model=LandingInput,
    output_model=PageOutput,
    body=landing_page,
    steps=(
        "read sources",
        "outline",
        "sections",
        "join",
        "links",
        "title, description, slug",
        "structured data",
        "save draft",
        "compare with the library",
        "brand check",
        "compliance check",
    ),
)
