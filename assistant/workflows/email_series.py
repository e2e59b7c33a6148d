"""A series of emails: planned, written side by side, kept as one, each read by both critics."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from assistant.models.offline.compose.sources import Sources
from assistant.models.order import Order
from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.services import services_of
from assistant.workflows.answers import Email, SeriesPlan, series_answer
from assistant.workflows.ask import ask, model_name
from assistant.workflows.email_create import AGENT, RULES, EmailInput, draft_of
from assistant.workflows.pieces import PieceOutput, compare_with_library, read_sources, review
from knowledge.approvals import queries as approvals
from knowledge.assets import service as assets
from knowledge.series import service
from knowledge.series.models import MOST

#: emails written, and read, side by side
AT_ONCE = 4
PLAN_WORDS = (
    "Plan a series of exactly `count` emails for `brief`, in the tone of `tone` where the canon allows it: the day of each "
    "(the first on day 0), what it is to achieve, two subjects of 12 to 50 characters that no other email has, a preheader of "
    "40 to 90, and the one fact of the sources it is about. No invented offers, deadlines or numbers."
)
EMAIL_WORDS = (
    "Write email {number} of {total} of the series in `plan`, with its subject, its preheader and its other subject in "
    "`subjects`, about its own point: the other emails are written at the same time by others, so leave theirs to them. "
    + RULES
)


class SeriesInput(EmailInput):
    """``brief``: the goal, in the person's own words."""

    count: int = Field(ge=1, le=MOST)
    tone: str = Field(default="", max_length=200)


class SeriesOutput(BaseModel):
    """The series, its emails, and how many of them each critic passed."""

    series_id: UUID
    title: str
    emails: int
    word_count: int
    asset_ids: list[UUID] = []
    passed: dict[str, int] = {}
    scores: dict[str, float] = {}


class Kept(BaseModel):
    series_id: UUID
    title: str
    pieces: list[PieceOutput]


async def email_series(run: Run, given: SeriesInput) -> SeriesOutput:
    sources = await run.step("read sources", read_sources, given)
    plan = await run.step("plan", plan_series, given, sources)
    works = {f"email {number}": (given, sources, plan, number) for number in range(1, len(plan.emails) + 1)}
    emails = await run.side_by_side(write_email, works, width=AT_ONCE, counted="emails")
    kept = await run.step("save drafts", save_series, given, plan, emails)
    for number, piece in enumerate(kept.pieces, start=1):
        await run.step(f"compare email {number} with the library", compare_with_library, piece)
    reviews = {
        f"{reviewer} check of email {number}": (given, piece, reviewer)
        for number, piece in enumerate(kept.pieces, start=1)
        for reviewer in ("brand", "compliance")
    }
    verdicts = await run.side_by_side(review, reviews, width=AT_ONCE, counted="checks")
    await run.emit("series", seriesId=str(kept.series_id), title=kept.title)
    by = {name: [one for one in verdicts if one.reviewer == name] for name in ("brand", "compliance")}
    return SeriesOutput(
        series_id=kept.series_id,
        title=kept.title,
        emails=len(kept.pieces),
        word_count=sum(piece.word_count for piece in kept.pieces),
        asset_ids=[piece.asset_id for piece in kept.pieces],
        passed={name: sum(one.verdict == "pass" for one in found) for name, found in by.items()},
        scores={name: round(sum(one.score for one in found) / len(found), 1) for name, found in by.items()},
    )


async def plan_series(context: StepContext, given: SeriesInput, sources: Sources) -> SeriesPlan:
    await context.emit("agent_started", agent=AGENT, doing=f"planning {given.count} emails")
    asked = {"count": given.count, "tone": given.tone}
    order = Order("plan_series", PLAN_WORDS, {**sources.model_dump(mode="json"), **asked})
    answer = await ask(context, AGENT, order, series_answer(given.count))
    plan = SeriesPlan.model_validate(answer.model_dump())
    await context.emit("message", agent=AGENT, text=_plan_text(plan))
    return plan


async def write_email(
    context: StepContext, given: SeriesInput, sources: Sources, plan: SeriesPlan, number: int
) -> Email:
    words = EMAIL_WORDS.format(number=number, total=len(plan.emails))
    asked: dict[str, Any] = {
        "plan": plan.model_dump(mode="json", by_alias=True, exclude={"notes"}),
        "number": number,
        "dialect": given.dialect,
        "tone": given.tone,
    }
    order = Order("write_series_email", words, {**sources.model_dump(mode="json"), **asked})
    return await ask(context, AGENT, order, Email)


async def save_series(context: StepContext, given: SeriesInput, plan: SeriesPlan, emails: list[Email]) -> Kept:
    """Every email and the series they are part of, in one transaction, once."""
    await context.emit("agent_completed", agent=AGENT)
    run = context.run
    where: dict[str, Any] = {
        "org_id": run.org_id,
        "client_id": given.client_id,
        "campaign_id": given.campaign_id,
        "run_id": run.id,
    }
    pieces: list[PieceOutput] = []
    places: list[service.Place] = []
    async with services_of(context).db.org(run.org_id) as conn:
        for number, (slot, email) in enumerate(zip(plan.emails, emails, strict=True), start=1):
            draft = draft_of(_as_planned(email, plan, number), given.dialect)
            key = f"{context.key}:{number}"
            model = model_name(context, AGENT)
            piece = await assets.create(conn, {**where, **draft.model_dump(), "model": model, "idempotency_key": key})
            if piece.status == "draft":
                await approvals.ask_for_asset(conn, piece.id)
            pieces.append(PieceOutput(asset_id=piece.id, title=piece.title, word_count=piece.word_count))
            places.append(service.Place(piece.id, slot.day, slot.purpose))
        words = {"title": plan.title, "goal": given.brief, "tone": given.tone, "language": plan.language}
        series = await service.create(conn, {**where, **words, "idempotency_key": context.key}, places)
    return Kept(series_id=series.id, title=series.title, pieces=pieces)


def _as_planned(email: Email, plan: SeriesPlan, number: int) -> Email:
    """The email under the subjects and the preheader that were planned for it, which no other email has."""
    slot = plan.emails[number - 1]
    planned = {"subject": slot.subject, "subjects": [slot.subject_b], "preheader": slot.preheader}
    return email.model_copy(update={**planned, "language": email.language or plan.language})


def _plan_text(plan: SeriesPlan) -> str:
    lines = [f"{number}. Day {slot.day}: {slot.subject} ({slot.purpose})" for number, slot in enumerate(plan.emails, 1)]
    notes = [f"\n{note}" for note in plan.notes]
    return "\n".join([f"Plan: {plan.title}\n", *lines, *notes])


WORKFLOW = Workflow(
    kind="email_series",
    title="Email series",
    input_model=SeriesInput,
    output_model=SeriesOutput,
    body=email_series,
    steps=("read sources", "plan", "emails", "save drafts", "compare with the library", "checks"),
)
