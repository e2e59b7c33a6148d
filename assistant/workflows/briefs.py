"""Briefs of an experiment: one for each of its variants, written from the approved spec and strategy.

Platform limits are ours, not the writer's. A brief that is there for this version of the spec is used again.
"""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from assistant.models.order import Order
from assistant.runs.protocol import StepContext
from assistant.services import services_of
from assistant.workflows.answers import Account
from assistant.workflows.ask import ask, journal_id, model_name
from assistant.workflows.sources import Material, read_material
from knowledge.artifacts import queries as artifacts
from knowledge.artifacts import store
from knowledge.artifacts.models import Artifact, Note
from knowledge.artifacts.schemas.asset_brief import AssetBrief, PlatformLimit
from knowledge.db import Connection
from knowledge.errors import Conflict
from knowledge.experiments.formats import FORMATS, format_of
from knowledge.journal import queries as journal
from knowledge.json_values import as_list, as_object

AGENT = "experiment_architect"
TYPE = "asset_brief"
WORDS = (
    "Write a brief for each variant of `spec`, the control's too: `id` from the spec's id and the variant's, `format` one "
    "of {formats}. The key message is the variant's concept in one sentence; what must appear and must not is the canon's; "
    "`references` are ids of `voc` and `swipes` in the sources. `platformLimits` are filled in for you, leave them empty."
)
CHANGED_TOO_OFTEN = "What the briefs are built from keeps changing; start again when it has settled."
MOST_REWRITES = 3


class Work(BaseModel):
    """An experiment whose variants are to be made."""

    model_config = ConfigDict(frozen=True)
    experiment_id: UUID
    name: str
    spec_id: UUID
    key: str


class Brief(BaseModel):
    """A brief on its way through production."""

    model_config = ConfigDict(frozen=True)
    artifact_id: UUID
    key: str
    experiment_id: UUID
    version: int
    content_hash: str
    approved: bool = False


class Briefs(BaseModel):
    briefs: list[Brief]


class BriefsAnswer(Account):
    """``briefs`` is checked against the spec by :func:`briefs_answer`."""

    briefs: list[AssetBrief] = Field(min_length=1, max_length=20)


async def write_briefs(
    context: StepContext, client_id: UUID, campaign_id: UUID, work: Work, count: int | None
) -> Briefs:
    """The briefs of one experiment; those that are there for this version of its spec, or new ones."""
    kept = await _stored_before(context)
    if kept is not None:
        return kept
    for _ in range(MOST_REWRITES):
        try:
            return await _write_once(context, client_id, campaign_id, work, count)
        except Conflict as moved:
            if "upstream" not in moved.facts:
                raise
    raise Conflict(CHANGED_TOO_OFTEN)


async def _write_once(
    context: StepContext, client_id: UUID, campaign_id: UUID, work: Work, count: int | None
) -> Briefs:
    db, run = services_of(context).db, context.run
    async with db.org(run.org_id) as conn:
        spec = await store.get(conn, work.spec_id)
        there = await briefs_of(conn, client_id, campaign_id, spec)
        if there:
            return Briefs(briefs=[_brief(one, work) for one in there])
        material = await read_material(conn, client_id=client_id, campaign_id=campaign_id, brief=_about(spec))
    await context.emit("agent_started", agent=AGENT, doing=f"writing briefs for “{work.name}”")
    shown = {**material.sources.model_dump(mode="json"), "spec": spec.data}
    words = WORDS.format(formats=", ".join(FORMATS))
    answer = await ask(context, AGENT, Order("write_briefs", words, shown), briefs_answer(spec.data, material))
    async with db.org(run.org_id) as conn:
        made = [await _store(conn, context, material, spec, brief, count, answer) for brief in answer.briefs]
        briefs = Briefs(briefs=[_brief(one, work) for one in made])
        await journal.record(conn, run.org_id, journal_id(context), "tool", _STORED, 0, briefs.model_dump(mode="json"))
    for brief in briefs.briefs:
        await context.emit("document", agent=AGENT, artifactId=str(brief.artifact_id), version=brief.version)
    await context.emit("agent_completed", agent=AGENT)
    return briefs


_STORED = "stored briefs"


async def _stored_before(context: StepContext) -> Briefs | None:
    async with services_of(context).db.org(context.run.org_id) as conn:
        kept = await journal.load(conn, context.run.org_id, journal_id(context))
    return next((Briefs.model_validate(entry.result) for entry in kept if entry.key == _STORED), None)


def _about(spec: Artifact) -> str:
    hypothesis = as_object(spec.data.get("hypothesis"))
    return f"{spec.data.get('name')} {hypothesis.get('weBelieve')} {hypothesis.get('because')}"


def _brief(artifact: Artifact, work: Work) -> Brief:
    return Brief(
        artifact_id=artifact.id,
        key=artifact.key,
        experiment_id=work.experiment_id,
        version=artifact.version,
        content_hash=artifact.content_hash,
        approved=artifact.status == "approved",
    )


async def briefs_of(conn: Connection, client_id: UUID, campaign_id: UUID, spec: Artifact) -> list[Artifact]:
    """The briefs that stand for exactly this version of the spec; none that was rejected or flagged."""
    heads = await artifacts.heads(conn, client_id, (TYPE,))
    mine = [head for head in heads if head.campaign_id == campaign_id]
    usable = [
        head
        for head in mine
        if head.status in ("draft", "revised", "approved") and not any(note.kind == "rejected" for note in head.notes)
    ]
    found = [
        head for head in usable if (source := head.source_versions.get("experiment_spec")) and source.id == spec.id
    ]
    order = [str(as_object(one).get("id")) for one in as_list(spec.data.get("variants"))]
    return sorted(found, key=lambda one: (order.index(one.data["variantId"]), one.key))


async def _store(
    conn: Connection, context: StepContext, material: Material, spec: Artifact, brief: AssetBrief, count: int | None,
    answer: BriefsAnswer,
) -> Artifact:  # fmt: skip
    limits = [PlatformLimit.model_validate(one) for one in format_of(brief.channel).told()]
    kept = brief.model_copy(update={"platform_limits": limits, **({"variant_count": count} if count else {})})
    draft = store.Draft(
        org_id=context.run.org_id,
        client_id=spec.client_id,
        campaign_id=spec.campaign_id,
        type=TYPE,
        key=brief.id,
        data=kept.wire(),
        created_by=f"agent:{AGENT}",
        model=model_name(context, AGENT),
        inputs={"step": context.key},
        sources={"strategy_sheet": material.built_from["strategy_sheet"], "experiment_spec": spec.source},
        notes=[Note(kind="note", text=text) for text in answer.notes],
    )
    try:
        return await store.create_version(conn, draft)
    except Conflict as same:
        if "artifact_id" not in same.facts:
            raise
        return await store.get(conn, UUID(str(same.facts["artifact_id"])))


def briefs_answer(spec: dict[str, Any], material: Material) -> type[BriefsAnswer]:
    """The answer that has to fit this spec: a brief a variant, ids that are there."""
    variants = [str(as_object(one).get("id")) for one in as_list(spec.get("variants"))]
    quotes = {quote.id for quote in material.sources.voc}
    examples = {swipe.id for swipe in material.sources.swipes}

    def fit(self: BriefsAnswer) -> BriefsAnswer:
        wrong: list[str] = []
        if sorted(brief.variant_id for brief in self.briefs) != sorted(variants):
            wrong.append(f"briefs: one for each of the variants {', '.join(variants)}, and no other")
        if len({brief.id for brief in self.briefs}) != len(self.briefs):
            wrong.append("briefs: each needs an id of its own")
        for brief in self.briefs:
            wrong += _misfits(brief, spec, quotes, examples)
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    check: Any = model_validator(mode="after")(fit)
    return create_model("briefs_answer", __base__=BriefsAnswer, __validators__={"fit": check})


def _misfits(brief: AssetBrief, spec: dict[str, Any], quotes: set[str], examples: set[str]) -> list[str]:
    wrong = [f"{brief.id}: there is no quote {one}" for one in brief.references.voc_snippets if one not in quotes]
    wrong += [
        f"{brief.id}: there is no example {one}" for one in brief.references.asset_examples if one not in examples
    ]
    for name, told, wanted in (
        ("experimentSpecId", brief.experiment_spec_id, spec.get("id")),
        ("channel", brief.channel, spec.get("channel")),
        ("format", brief.format, format_of(brief.channel).name),
    ):
        if told != wanted:
            wrong.append(f"{brief.id}: {name} is {wanted}, not {told}")
    return wrong
