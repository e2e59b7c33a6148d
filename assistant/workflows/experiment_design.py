"""Experiment design: specs that fit what team, money and traffic allow; each approved, rejected or sent back alone.

All specs are put before people at once and may be decided in any order; the run goes through the answers one by one.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from assistant.models.order import Order
from assistant.runs.protocol import Run, StepContext, Subject, Workflow
from assistant.services import services_of
from assistant.workflows.answers import Account
from assistant.workflows.ask import ask, journal_id, model_name
from assistant.workflows.documents import DocumentOrder, Settled, Written, write_document, written_of
from assistant.workflows.sources import Material, read_material
from knowledge.approvals import queries as approvals
from knowledge.artifacts import queries as artifacts
from knowledge.artifacts import store
from knowledge.artifacts.hashes import inputs_hash
from knowledge.artifacts.models import Artifact, Note
from knowledge.artifacts.registry import SPECS
from knowledge.artifacts.schemas.experiment_spec import ExperimentSpec
from knowledge.db import Connection
from knowledge.errors import Blocked, Conflict
from knowledge.experiments import queries as experiments
from knowledge.experiments.fitting import Frame, problems
from knowledge.experiments.models import MOST_AT_ONCE, Constraints
from knowledge.journal import queries as journal
from knowledge.json_values import as_list, as_object

AGENT = "experiment_architect"
TYPE = "experiment_spec"
WORDS = (
    "Design the experiments this campaign should run, as many as `frame.room` has room for and the strategy has something "
    "to learn from, most promising first. Keep to `frame`: its channels, the budget left, the users a day. Use the "
    "baseline on file; where none is, use 0.03 and say so in `notes`. `frame.taken` are ids that are used already."
)
REVISION = (
    "Revise this experiment spec: `previous` is the version that `note` and `open_comments` are about. Answer each, change "
    "nothing else, keep its id."
)
MOST_REWRITES = 3
CHANGED_TOO_OFTEN = "What the specs are built from keeps changing; start again when it has settled."


class DesignInput(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    client_id: UUID
    campaign_id: UUID
    constraints: Constraints = Constraints()


class DesignOutput(BaseModel):
    """The experiments that were set up, and the keys of the specs that were turned down."""

    experiment_ids: list[UUID] = []
    approved: list[str] = []
    rejected: list[str] = []


class Spec(BaseModel):
    """One spec that is to be decided on: its key among the campaign's, and the version that was written."""

    model_config = ConfigDict(frozen=True)
    key: str
    name: str
    written: Written


class Specs(BaseModel):
    specs: list[Spec]


class SpecsAnswer(Account):
    """What the architect hands in; ``specs`` is checked against the frame by :func:`specs_answer`."""

    specs: list[ExperimentSpec] = Field(min_length=1, max_length=MOST_AT_ONCE)


async def experiment_design(run: Run, given: DesignInput) -> DesignOutput:
    await run.step("keep the constraints", keep_constraints, given)
    designed = await run.step("design experiments", design, given)
    approved: list[str] = []
    rejected: list[str] = []
    for number, spec in enumerate(designed.specs, 1):
        settled = await decide_spec(run, given, spec)
        (approved if settled.approved else rejected).append(spec.key)
        await run.emit("progress", step="experiment_spec", done=number, of=len(designed.specs))
    ids = await run.step("set up the experiments", set_up, given, approved)
    return DesignOutput(experiment_ids=ids, approved=approved, rejected=rejected)


async def decide_spec(run: Run, given: DesignInput, spec: Spec) -> Settled:
    """Ask about one spec, and have it revised as long as changes are asked for."""
    written = spec.written
    while not written.approved:
        sentence = f"Experiment spec ‘{spec.name}’ v{written.version} is ready for your approval."
        subject = Subject(
            type="artifact",
            id=written.artifact_id,
            version=written.version,
            hash=written.content_hash,
            sentence=sentence,
        )
        decision = await run.approval(TYPE, subject)
        if decision.decision != "changes_requested":
            return Settled(
                artifact_id=decision.subject_id, version=decision.subject_version, approved=decision.approved
            )
        written = await run.step(f"revise {spec.key}", write_document, revision_order(given, spec.key))
    return Settled(artifact_id=written.artifact_id, version=written.version, approved=True)


def revision_order(given: DesignInput, key: str) -> DocumentOrder:
    return DocumentOrder(
        type=TYPE,
        task="revise_experiment",
        words=REVISION,
        agent=AGENT,
        client_id=given.client_id,
        campaign_id=given.campaign_id,
        key=key,
    )


async def keep_constraints(context: StepContext, given: DesignInput) -> None:
    """What the design has to fit, kept beside the campaign; raises Blocked when the gate is shut."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        await _require_gate(conn, given)
        await experiments.keep_constraints(conn, context.run.org_id, given.campaign_id, given.constraints)


async def _require_gate(conn: Connection, given: DesignInput) -> None:
    gate = await store.gate(conn, TYPE, given.client_id, given.campaign_id)
    if not gate.allowed:
        raise Blocked(gate.sentence, reasons=list(gate.reasons))


async def design(context: StepContext, given: DesignInput) -> Specs:
    """The specs, written and stored together; those that are there unchanged and undecided are asked about again."""
    kept = await _stored_before(context)
    if kept is not None:
        return kept
    for _ in range(MOST_REWRITES):
        try:
            return await _design_once(context, given)
        except Conflict as moved:
            if "upstream" not in moved.facts:
                raise
    raise Conflict(CHANGED_TOO_OFTEN)


async def _design_once(context: StepContext, given: DesignInput) -> Specs:
    db, run = services_of(context).db, context.run
    async with db.org(run.org_id) as conn:
        await _require_gate(conn, given)
        heads = await specs_of(conn, given.client_id, given.campaign_id)
        material = await read_material(conn, client_id=given.client_id, campaign_id=given.campaign_id)
        frame = frame_of(given, material, heads)
        there = [head for head in heads if _is_undecided(head) and head.inputs_hash == _hash(material, frame, given)]
        if there:
            return await _ask_about(conn, there)
    if frame.most == 0:
        most = given.constraints.max_concurrent_experiments
        raise Blocked(f"There is room for {most} experiments at once, and {frame.running} are approved already.")
    await context.emit("agent_started", agent=AGENT, doing="designing experiments")
    shown = {**material.sources.model_dump(mode="json"), "frame": frame.told()}
    answer = await ask(context, AGENT, Order("design_experiments", WORDS, shown), specs_answer(frame))
    async with db.org(run.org_id) as conn:
        made = [await _store(conn, context, given, material, frame, spec, answer) for spec in answer.specs]
        specs = await _ask_about(conn, made)
        await journal.record(conn, run.org_id, journal_id(context), "tool", _STORED, 0, specs.model_dump(mode="json"))
    for spec in specs.specs:
        await context.emit(
            "document", agent=AGENT, artifactId=str(spec.written.artifact_id), version=spec.written.version
        )
    await context.emit("agent_completed", agent=AGENT)
    return specs


#: the key under which the step's journal keeps which specs it stored
_STORED = "stored specs"


async def _stored_before(context: StepContext) -> Specs | None:
    async with services_of(context).db.org(context.run.org_id) as conn:
        kept = await journal.load(conn, context.run.org_id, journal_id(context))
    return next((Specs.model_validate(entry.result) for entry in kept if entry.key == _STORED), None)


async def specs_of(conn: Connection, client_id: UUID, campaign_id: UUID) -> list[Artifact]:
    """The newest version of each of the campaign's specs, oldest first."""
    heads = await artifacts.heads(conn, client_id, (TYPE,))
    mine = [one for one in heads if one.campaign_id == campaign_id and one.status != "archived"]
    return sorted(mine, key=lambda one: (one.created_at, one.key))


def frame_of(given: DesignInput, material: Material, heads: list[Artifact]) -> Frame:
    approved = [head for head in heads if head.status == "approved"]
    return Frame(
        constraints=given.constraints,
        strategy=material.sources.strategy or {},
        canon=material.sources.canon or {},
        metrics=material.sources.metric_schema or {},
        taken=frozenset(head.key for head in heads if not _is_undecided(head)),
        committed=sum((Decimal(str(head.data.get("budget") or 0)) for head in approved), Decimal(0)),
        running=len(approved),
    )


def _is_undecided(head: Artifact) -> bool:
    return head.status == "draft" and not any(note.kind in ("rejected", "changes_requested") for note in head.notes)


def _inputs(material: Material, frame: Frame, given: DesignInput) -> dict[str, Any]:
    return {
        "constraints": given.constraints.model_dump(mode="json"),
        "frame": frame.told(),
        "voc": [quote.id for quote in material.sources.voc],
    }


def _hash(material: Material, frame: Frame, given: DesignInput) -> str:
    read = {name: (source.version, str(source.id)) for name, source in _sources(material).items()}
    return inputs_hash(read, _inputs(material, frame, given))


def _sources(material: Material) -> dict[str, Any]:
    return {name: source for name, source in material.built_from.items() if name in SPECS[TYPE].requires}


async def _store(
    conn: Connection, context: StepContext, given: DesignInput, material: Material, frame: Frame, spec: ExperimentSpec,
    answer: SpecsAnswer,
) -> Artifact:  # fmt: skip
    kept = [*answer.notes, *_assumed(spec, frame, material)]
    draft = store.Draft(
        org_id=context.run.org_id,
        client_id=context.run.client_id,  # pyright: ignore[reportArgumentType] - a design's run belongs to a client
        campaign_id=context.run.campaign_id,
        type=TYPE,
        key=spec.id,
        data=spec.wire(),
        created_by=f"agent:{AGENT}",
        model=model_name(context, AGENT),
        inputs=_inputs(material, frame, given),
        sources=_sources(material),
        notes=[Note(kind="note", text=text) for text in kept],
    )
    try:
        return await store.create_version(conn, draft)
    except Conflict as same:
        if "artifact_id" not in same.facts:
            raise
        return await store.get(conn, UUID(str(same.facts["artifact_id"])))


def _assumed(spec: ExperimentSpec, frame: Frame, material: Material) -> list[str]:
    """What a reviewer has to know whoever wrote the spec: a rate that nobody has given is an assumption."""
    if frame.baseline_of(spec.primary_metric_id) is not None:
        return []
    metrics = map(as_object, as_list((material.sources.metric_schema or {}).get("metrics")))
    name = next((one.get("name") for one in metrics if one.get("id") == spec.primary_metric_id), None)
    return [
        f"Nobody has said where {name or spec.primary_metric_id} stands today. {spec.baseline_rate:.4g} is a working "
        "rate: put the real one in before the start, the sample size follows from it."
    ]


async def _ask_about(conn: Connection, specs: list[Artifact]) -> Specs:
    """Put every spec before people at once; the run takes up each answer when it comes to it."""
    for spec in specs:
        if spec.status != "approved":
            await approvals.ask_for_document(conn, spec.id)
    return Specs(specs=[Spec(key=spec.key, name=spec.data["name"], written=written_of(spec)) for spec in specs])


def specs_answer(frame: Frame) -> type[SpecsAnswer]:
    """The answer that has to fit this frame; what does not is said in words that its writer can mend."""

    def fit(self: SpecsAnswer) -> SpecsAnswer:
        wrong = problems(self.specs, frame)
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    check: Any = model_validator(mode="after")(fit)
    return create_model("experiments_answer", __base__=SpecsAnswer, __validators__={"fit": check})


async def set_up(context: StepContext, given: DesignInput, approved: list[str]) -> list[UUID]:
    """An experiment for each approved spec, once however often the step is repeated."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        heads = {head.key: head for head in await specs_of(conn, given.client_id, given.campaign_id)}
        made = [await experiments.set_up(conn, heads[key]) for key in approved if heads[key].status == "approved"]
    return [one.id for one in made]


WORKFLOW = Workflow(
    kind="experiment_design",
    title="Experiment design",
    input_model=DesignInput,
    output_model=DesignOutput,
    body=experiment_design,
    steps=("keep the constraints", "design experiments", "experiment_spec", "set up the experiments"),
)
