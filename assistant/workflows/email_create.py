"""One email: written, read by both critics, a draft to approve."""

from typing import Literal

from pydantic import Field

from assistant.models.offline.compose.sources import Sources
from assistant.models.order import Order
from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.workflows.answers import Email
from assistant.workflows.ask import ask
from assistant.workflows.pieces import (
    Draft,
    PieceInput,
    PieceOutput,
    compare_with_library,
    read_sources,
    review,
    save_draft,
)

AGENT = "email_marketer"
RULES = (
    "Body as Markdown, one call to action; `plainText` is made from the body, leave it empty. Facts only from the sources; "
    "customers verbatim, their ids in `quoteIds`. Follow the structure of a good example in `swipes` if one fits, never its "
    "words, and name it in `swipeIds`. A link only if the sources give it. Merge tags in `dialect` only, with a fallback "
    "each; none if it is empty."
)
WORDS = (
    "Write one email for `brief`: subject of at most 50 characters, another one in `subjects`, preheader of 40 to 90. "
    + RULES
)


class EmailInput(PieceInput):
    """``dialect``: of the sending service's merge tags; without one the email has none of its own."""

    dialect: Literal["", "liquid", "handlebars", "mailchimp"] = Field(default="")


async def email_create(run: Run, given: EmailInput) -> PieceOutput:
    sources = await run.step("read sources", read_sources, given)
    draft = await run.step("write", write_email, given, sources)
    piece = await run.step("save draft", save_draft, given, draft)
    await run.step("compare with the library", compare_with_library, piece)
    brand = await run.step("brand check", review, given, piece, "brand")
    compliance = await run.step("compliance check", review, given, piece, "compliance")
    await run.emit("asset", assetId=str(piece.asset_id), title=piece.title)
    return piece.model_copy(
        update={
            "verdicts": {"brand": brand.verdict, "compliance": compliance.verdict},
            "scores": {"brand": brand.score, "compliance": compliance.score},
        }
    )


async def write_email(context: StepContext, given: EmailInput, sources: Sources) -> Draft:
    await context.emit("agent_started", agent=AGENT, doing="writing the email")
    order = Order("write_email", WORDS, {**sources.model_dump(mode="json"), "dialect": given.dialect})
    email = await ask(context, AGENT, order, Email)
    for note in email.notes:
        await context.emit("message", agent=AGENT, text=note)
    await context.emit("agent_completed", agent=AGENT)
    return draft_of(email, given.dialect)


def draft_of(email: Email, dialect: str) -> Draft:
    """The email on its way to being stored; its HTML and plain text are made there."""
    content = email.model_dump(mode="json", by_alias=True, exclude={"notes"})
    if dialect:
        content["mergeDialect"] = dialect
    return Draft(channel="email", format="email_html", agent=AGENT, title=email.subject, content=content)


WORKFLOW = Workflow(
    kind="email_create",
    title="Email",
    input_model=EmailInput,
    output_model=PieceOutput,
    body=email_create,
    steps=("read sources", "write", "save draft", "compare with the library", "brand check", "compliance check"),
)
