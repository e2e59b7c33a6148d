"""An article: outline, sections side by side, links, structured data, both critics, a draft to approve."""

from assistant.models.offline.compose.sources import Sources
from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.workflows.answers import Outline
from assistant.workflows.pages import (
    AGENT,
    AT_ONCE,
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

OUTLINE_WORDS = (
    "Outline an article that answers `brief` for the client's customers. Answer the question early; four to twelve sections, "
    "each with a purpose; plan which customer quotes go where by id. With `research`, answer the questions it found and what "
    "its gap names, in an order of your own. Follow the structure of a good example in `swipes` if one fits, never its words, "
    "and name it in `swipeIds`. Title 50 to 60 characters, meta description 120 to 156. Answer `note` if there is one."
)
LENGTH = "150 to 300"


async def seo_write(run: Run, given: PageInput) -> PageOutput:
    sources = await run.step("read sources", read_page_sources, given)
    outline = await settle_outline(run, given, sources, OUTLINE_WORDS, "outline_article")
    if outline is None:
        return NOTHING
    sections = await write_sections(run, sources, outline, "article", LENGTH)
    draft = await run.step("join", join, sources, outline, sections)
    draft = await run.step("links", keep_links, given, sources, draft)
    draft = await run.step("title, description, slug", describe_page, sources, draft)
    draft = await run.step("structured data", add_structured_data, given, draft)
    piece = await run.step("save draft", save_draft, given, draft)
    await run.step("compare with the library", compare_with_library, piece)
    brand = await run.step("brand check", review, given, piece, "brand")
    compliance = await run.step("compliance check", review, given, piece, "compliance")
    await run.emit("asset", assetId=str(piece.asset_id), title=piece.title)
    return finished(piece, [brand, compliance])


async def join(context: StepContext, sources: Sources, outline: Outline, sections: list[str]) -> Draft:
    """The whole article; the writer has handed in every section, so nothing is left to a model here."""
    await context.emit("agent_completed", agent=AGENT)
    markdown = "\n\n".join([f"# {outline.title}", *sections]) + "\n"
    return Draft(
        channel="blog",
        format="blog_post",
        agent=AGENT,
        title=outline.title,
        content=page_content(sources, outline, markdown),
        seo={"targetKeyword": outline.keyphrase},
    )


WORKFLOW = Workflow(
    kind="seo_write",
    title="Article",
    input_model=PageInput,
    output_model=PageOutput,
    body=seo_write,
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

__all__ = ["AT_ONCE", "WORKFLOW", "join", "seo_write"]
