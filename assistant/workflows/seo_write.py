"""An article: outline, sections, the whole, both critics, a draft to approve."""

from typing import Any

from assistant.models.offline.compose.sources import Sources
from assistant.models.order import Order
from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.workflows.answers import Outline
from assistant.workflows.ask import ask, ask_for_text
from assistant.workflows.pieces import (
    Draft,
    PieceInput,
    PieceOutput,
    compare_with_library,
    read_sources,
    review,
    save_draft,
)

AGENT = "seo_writer"
#: sections written side by side; what each may cost at most is held while it is written
AT_ONCE = 4
OUTLINE_WORDS = (
    "Outline an article that answers `brief` for the client's customers. Answer the question early; four to ten sections, "
    "each with a purpose; plan which customer quotes go where by id. Follow the structure of a good example in "
    "`swipes` if one fits, never its words, and name it in `swipeIds`. Title 50 to 60 characters, meta description 120 to 156."
)
SECTION_WORDS = (
    "Write section {number} of {total} of the article in `outline`, as Markdown beginning with its `## ` heading, 150 to 300 "
    "words, in the language of the brief. The other sections of the outline are written at the same time by others: `written` "
    "holds the headings before yours; repeat nothing of theirs. Facts only from the sources; customers verbatim."
)


async def seo_write(run: Run, given: PieceInput) -> PieceOutput:
    sources = await run.step("read sources", read_sources, given)
    outline = await run.step("outline", write_outline, sources)
    works = {f"section {index + 1}": (sources, outline, index) for index in range(len(outline.sections))}
    sections = await run.side_by_side(write_section, works, width=AT_ONCE, counted="sections")
    draft = await run.step("join", join, outline, sections)
    piece = await run.step("save draft", save_draft, given, draft)
    await run.step("compare with the library", compare_with_library, piece)
    brand = await run.step("brand check", review, given, piece, "brand")
    compliance = await run.step("compliance check", review, given, piece, "compliance")
    await run.emit("asset", assetId=str(piece.asset_id), title=piece.title)
    verdicts = {verdict.reviewer: verdict for verdict in (brand, compliance)}
    return piece.model_copy(
        update={
            "verdicts": {name: verdict.verdict for name, verdict in verdicts.items()},
            "scores": {name: verdict.score for name, verdict in verdicts.items()},
        }
    )


async def write_outline(context: StepContext, sources: Sources) -> Outline:
    await context.emit("agent_started", agent=AGENT, doing="outlining the article")
    order = Order("outline_article", OUTLINE_WORDS, sources.model_dump(mode="json"))
    outline = await ask(context, AGENT, order, Outline)
    await context.emit("message", agent=AGENT, text=_outline_text(outline))
    return outline


async def write_section(context: StepContext, sources: Sources, outline: Outline, index: int) -> str:
    words = SECTION_WORDS.format(number=index + 1, total=len(outline.sections))
    shown: dict[str, Any] = {
        **sources.model_dump(mode="json"),
        "outline": outline.model_dump(mode="json", by_alias=True),
        "index": index,
        "written": [section.heading for section in outline.sections[:index]],
    }
    text = await ask_for_text(context, AGENT, Order("write_section", words, shown), message=f"section {index + 1}")
    heading = outline.sections[index].heading
    return text.strip() if text.lstrip().startswith("#") else f"## {heading}\n\n{text.strip()}"


async def join(context: StepContext, outline: Outline, sections: list[str]) -> Draft:
    """The whole article; the writer has handed in every section, so nothing is left to a model here."""
    await context.emit("agent_completed", agent=AGENT)
    markdown = "\n\n".join([f"# {outline.title}", *sections]) + "\n"
    content = {
        "markdown": markdown,
        "slug": outline.slug,
        "metaDescription": outline.meta_description,
        "language": outline.language,
        "pattern": outline.pattern,
        "outline": outline.model_dump(mode="json", by_alias=True)["sections"],
        "quoteIds": sorted({quote for section in outline.sections for quote in section.quote_ids}),
        "swipeIds": outline.swipe_ids,
    }
    return Draft(
        channel="blog",
        format="blog_post",
        agent=AGENT,
        title=outline.title,
        content=content,
        seo={"targetKeyword": outline.keyphrase},
    )


def _outline_text(outline: Outline) -> str:
    points = "\n".join(f"{number}. {section.heading}" for number, section in enumerate(outline.sections, 1))
    return f"Outline: {outline.title}\n\n{points}"


WORKFLOW = Workflow(
    kind="seo_write",
    title="Article",
    input_model=PieceInput,
    output_model=PieceOutput,
    body=seo_write,
    steps=(
        "read sources",
        "outline",
        "sections",
        "join",
        "save draft",
        "compare with the library",
        "brand check",
        "compliance check",
    ),
)
