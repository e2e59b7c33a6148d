"""Creative production: briefs from approved experiments, variants of each side by side, both critics, single decisions.

All variants are put before people at once and may be decided in any order. What is sent back is changed, read by the
critics again and asked about again; the others are not touched.
"""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from assistant.models.order import Order
from assistant.runs.protocol import Decision, Run, StepContext, Subject, Workflow
from assistant.services import services_of
from assistant.workflows.ask import ask, model_name
from assistant.workflows.briefs import TYPE as BRIEF
from assistant.workflows.briefs import Brief, Work, write_briefs
from assistant.workflows.pieces import PieceInput, PieceOutput, compare_with_library, review
from assistant.workflows.sources import ids_in, read_material
from assistant.workflows.variants import content_of, held_of, title_of, variants_answer
from knowledge.approvals import queries as approvals
from knowledge.artifacts import store
from knowledge.artifacts.schemas.asset_brief import AssetBrief
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.errors import Blocked, Conflict
from knowledge.experiments import queries as experiments

AGENT = "creative_director"
MOST_AT_ONCE = 8
#: minutes that a critic and a writer may take (spec: runs, time limits)
QA_SECONDS = 300.0
WORDS = (
    "Make {count} variant(s) of `asset_brief`, in its format and language. They say its key message and differ in how they "
    "open. Keep its limits; what must appear appears word for word. Facts only from the sources, customers verbatim with "
    "`quoteIds`. Follow the structure of its examples in `swipes`, never their words."
)
REVISION = "Change the variant in `previous` as `note` asks, and nothing else. Hand in this one variant."


class ProductionInput(BaseModel):
    """``experiment_ids``: which experiments; empty: all that are planned. ``at_once``: briefs worked on side by side.

    ``variants``: how many of each brief; none: as the brief has it. ``only_briefs``: stop when the briefs are decided.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    client_id: UUID
    campaign_id: UUID
    experiment_ids: list[UUID] = Field(default=[], max_length=50)
    at_once: int = Field(default=3, ge=1, le=MOST_AT_ONCE)
    variants: int | None = Field(default=None, ge=1, le=10)
    only_briefs: bool = False


class ProductionOutput(BaseModel):
    briefs: list[UUID] = []
    approved: list[UUID] = []
    rejected: list[UUID] = []


class Made(BaseModel):
    """A variant that was stored; ``hash`` is what people are asked about."""

    model_config = ConfigDict(frozen=True)
    asset_id: UUID
    brief: str
    number: int
    title: str
    version: int
    hash: str

    @property
    def label(self) -> str:
        """What its steps are called by."""
        return f"{self.brief} {self.number}"

    @property
    def piece(self) -> PieceOutput:
        return PieceOutput(asset_id=self.asset_id, title=self.title, word_count=0)


class MadeOfBrief(BaseModel):
    variants: list[Made]


async def creative_production(run: Run, given: ProductionInput) -> ProductionOutput:
    works = await run.step("read experiments", read_experiments, given)
    found = await run.side_by_side(
        write_briefs,
        {f"brief {work.key}": (given.client_id, given.campaign_id, work, given.variants) for work in works},
        width=given.at_once,
        counted="briefs",
    )
    briefs = [brief for written in found for brief in written.briefs]
    if given.only_briefs:
        return await decide_briefs(run, briefs)
    made = await run.side_by_side(
        make_variants,
        {f"make {brief.key}": (given, brief) for brief in briefs},
        width=given.at_once,
        counted="variants",
    )
    variants = [one for of_brief in made for one in of_brief.variants]
    await check_variants(run, given, variants)
    output = ProductionOutput(briefs=[brief.artifact_id for brief in briefs])
    for number, variant in enumerate(variants, 1):
        decision = await decide_variant(run, given, variant)
        (output.approved if decision.approved else output.rejected).append(variant.asset_id)
        await run.emit("progress", step="asset", done=number, of=len(variants))
    return output


async def decide_briefs(run: Run, briefs: list[Brief]) -> ProductionOutput:
    """Each brief before people, for those who want to see them before anything is made."""
    output = ProductionOutput()
    await run.step("ask about the briefs", ask_about_briefs, [brief.artifact_id for brief in briefs])
    for brief in briefs:
        subject = Subject(type="artifact", id=brief.artifact_id, version=brief.version, hash=brief.content_hash)
        decision = await run.approval(BRIEF, subject)
        (output.briefs if decision.approved else output.rejected).append(decision.subject_id)
    return output


async def check_variants(run: Run, given: ProductionInput, variants: list[Made]) -> None:
    """Both critics read every variant, and each is compared with the library."""
    piece = _piece_input(given)
    reviews = {
        f"{reviewer} check {made.label}": (piece, made.piece, reviewer)
        for made in variants
        for reviewer in ("brand", "compliance")
    }
    await run.side_by_side(review, reviews, width=given.at_once, counted="checks", timeout=QA_SECONDS)
    compared = {f"compare {made.label}": (made.piece,) for made in variants}
    await run.side_by_side(compare_with_library, compared, width=given.at_once)
    for made in variants:
        await run.emit("asset", assetId=str(made.asset_id), title=made.title)


async def decide_variant(run: Run, given: ProductionInput, made: Made) -> Decision:
    """Ask about one variant, and have it changed as long as changes are asked for."""
    while True:
        sentence = f"‘{made.title}’ v{made.version} is ready for your decision."
        subject = Subject(type="asset", id=made.asset_id, version=made.version, hash=made.hash, sentence=sentence)
        decision = await run.approval("asset", subject)
        if decision.decision != "changes_requested":
            return decision
        note = decision.notes or ""
        made = await run.step(f"change {made.label}", change_variant, given, made, note)
        piece = _piece_input(given)
        works = {f"{one} check {made.label}": (piece, made.piece, one) for one in ("brand", "compliance")}
        await run.side_by_side(review, works, width=2, timeout=QA_SECONDS)


def _piece_input(given: ProductionInput) -> PieceInput:
    return PieceInput(client_id=given.client_id, campaign_id=given.campaign_id, brief="variants of experiments")


async def read_experiments(context: StepContext, given: ProductionInput) -> list[Work]:
    """The experiments to make variants for, each with its approved spec; raises Blocked with every reason."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        gate = await store.gate(conn, BRIEF, given.client_id, given.campaign_id)
        if not gate.allowed:
            raise Blocked(gate.sentence, reasons=list(gate.reasons))
        known = await experiments.list_experiments(conn, given.client_id, given.campaign_id)
        wanted = [one for one in known if one.id in given.experiment_ids or _is_open(given, one.status)]
        specs = {
            one.id: await store.lock_newest(conn, one.experiment_spec_id) for one in wanted if one.experiment_spec_id
        }
    reasons = [f"there is no experiment {id}" for id in given.experiment_ids if id not in {one.id for one in known}]
    reasons += [f"the spec of ‘{one.name}’ is {specs[one.id].status} (v{specs[one.id].version})"
                for one in wanted if one.id in specs and specs[one.id].status != "approved"]  # fmt: skip
    works = [
        Work(experiment_id=one.id, name=one.name, spec_id=specs[one.id].id, key=specs[one.id].key)
        for one in wanted
        if one.id in specs
    ]
    if reasons or not works:
        reasons = reasons or ["no experiment is planned in this campaign; design some first"]
        raise Blocked(f"Making variants is blocked: {'; '.join(reasons)}", reasons=reasons)
    return works


def _is_open(given: ProductionInput, status: str) -> bool:
    return not given.experiment_ids and status == "planned"


async def ask_about_briefs(context: StepContext, ids: list[UUID]) -> None:
    async with services_of(context).db.org(context.run.org_id) as conn:
        for id in ids:
            if (await store.get(conn, id)).status != "approved":
                await approvals.ask_for_document(conn, id)


async def make_variants(context: StepContext, given: ProductionInput, brief: Brief) -> MadeOfBrief:
    """The variants of one brief, stored as drafts together; once, however often the step is repeated."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        told = AssetBrief.model_validate((await store.get(conn, brief.artifact_id)).data)
        shown = await _shown(conn, given, told)
    count = given.variants or told.variant_count
    await context.emit("agent_started", agent=AGENT, doing=f"making {count} variants of {brief.key}")
    order = Order("write_variants", WORDS.format(count=count), {**shown, "count": count})
    answer = await ask(context, AGENT, order, variants_answer(told.format, count))
    async with services_of(context).db.org(context.run.org_id) as conn:
        made = [
            await _store(conn, context, brief, told, number, variant)
            for number, variant in enumerate(answer.variants, 1)
        ]
    await context.emit("agent_completed", agent=AGENT)
    return MadeOfBrief(variants=[_made(one, brief.key, number) for number, one in enumerate(made, 1)])


async def _shown(conn: Any, given: ProductionInput, brief: AssetBrief, note: str = "") -> dict[str, Any]:
    """What the writer sees: the brief, and sources with its quotes and examples first."""
    material = await read_material(
        conn,
        client_id=given.client_id,
        campaign_id=given.campaign_id,
        brief=brief.key_message,
        language=brief.language,
        cited=ids_in(brief.wire()),
    )
    return {**material.sources.model_dump(mode="json"), "asset_brief": brief.wire(), "note": note}


async def _store(conn: Any, context: StepContext, brief: Brief, told: AssetBrief, number: int, variant: Any) -> Asset:
    run = context.run
    asset = await assets.create(
        conn,
        {
            "org_id": run.org_id,
            "client_id": run.client_id,
            "campaign_id": run.campaign_id,
            "run_id": run.id,
            "experiment_id": brief.experiment_id,
            "asset_brief_id": brief.artifact_id,
            "variant_id": told.variant_id,
            "icp_id": told.icp_id,
            "funnel_stage_id": told.funnel_stage_id,
            "concept_id": told.concept_id,
            "angle_type": told.angle_type,
            "channel": told.channel,
            "format": told.format,
            "agent": AGENT,
            "title": title_of(variant, told, number),
            "content": content_of(variant),
            "seo": {},
            "model": model_name(context, AGENT),
            "idempotency_key": f"{context.key}:{number}",
        },
    )
    if asset.status == "draft":
        await approvals.ask_for_asset(conn, asset.id)
    return asset


def _made(asset: Asset, brief: str, number: int) -> Made:
    return Made(
        asset_id=asset.id,
        brief=brief,
        number=number,
        title=asset.title,
        version=asset.version,
        hash=asset.content_hash,
    )


async def change_variant(context: StepContext, given: ProductionInput, made: Made, note: str) -> Made:
    """The variant changed as asked: its next version. One that people have changed meanwhile stays as they left it."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        asset = await assets.get(conn, made.asset_id)
        if asset.content_hash != made.hash or asset.asset_brief_id is None:
            return _made(asset, made.brief, made.number)
        told = AssetBrief.model_validate((await store.get(conn, asset.asset_brief_id)).data)
        shown = {
            **await _shown(conn, given, told, note),
            "previous": {"title": asset.title, **held_of(asset.format, asset.content)},
            "count": 1,
        }
    await context.emit("agent_started", agent=AGENT, doing=f"changing “{asset.title}”")
    answer = await ask(context, AGENT, Order("write_variants", REVISION, shown), variants_answer(told.format, 1))
    for left in answer.unanswered:
        await context.emit("message", agent=AGENT, text=left)
    content = {**asset.content, **content_of(answer.variants[0])}
    title = str(content.get("subject") or asset.title)
    async with services_of(context).db.org(context.run.org_id) as conn:
        try:
            asset = await assets.edit(conn, asset.id, title=title, content=content, shown_hash=asset.content_hash)
        except Conflict:  # not a word was changed, or somebody was faster: what is there is asked about
            asset = await assets.get(conn, made.asset_id)
        await approvals.ask_for_asset(conn, asset.id)
    await context.emit("agent_completed", agent=AGENT)
    return _made(asset, made.brief, made.number)


WORKFLOW = Workflow(
    kind="creative_production",
    title="Creative production",
    input_model=ProductionInput,
    output_model=ProductionOutput,
    body=creative_production,
    steps=("read experiments", "asset"),
)
