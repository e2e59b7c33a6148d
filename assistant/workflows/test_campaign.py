"""The system's own check of itself, end to end: the whole chain once on a scratch client, without waiting for people.

Canon, metric schema, strategy, one experiment, its briefs, a variant, both critics; and on the way that gates hold, that
a change flags all that was built on it, and that nothing outdated is approved. Whatever happens, the scratch client goes.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.services import services_of
from assistant.workflows.briefs import Brief, Work, write_briefs
from assistant.workflows.campaign_planning import WORDS as STRATEGY
from assistant.workflows.client_onboarding import CANON, METRICS
from assistant.workflows.creative_production import ProductionInput, make_variants
from assistant.workflows.documents import DocumentOrder, write_document
from assistant.workflows.experiment_design import DesignInput, design, set_up
from assistant.workflows.pieces import PieceInput, PieceOutput, review
from knowledge.artifacts import queries as artifacts
from knowledge.artifacts import store
from knowledge.artifacts.models import Artifact
from knowledge.artifacts.registry import downstream
from knowledge.assets import service as assets
from knowledge.clients import scratch
from knowledge.db import Connection
from knowledge.errors import AdroomError, Blocked, Conflict
from knowledge.experiments.models import Constraints
from knowledge.ids import CampaignId, ClientId, UserId

SAMPLE = Path(__file__).parent.parent / "demo" / "brief.yaml"
GOAL = "300 new subscriptions in 12 weeks"


class SelfTestInput(BaseModel):
    """``payload``: the intake's answers as JSON; none: a sample. ``goal``: of the campaign."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    payload: str | None = Field(default=None, max_length=200_000)
    goal: str = Field(default=GOAL, max_length=4_000)

    @field_validator("payload")
    @classmethod
    def _answers(cls, given: str | None) -> str | None:
        if given is not None:
            TypeAdapter(dict[str, Any]).validate_json(given)
        return given


class Check(BaseModel):
    """One thing that was tried: whether it went as it has to, and what was seen. ``found``: ids for what comes after."""

    name: str
    ok: bool
    seen: str
    found: dict[str, str] = {}


class SelfTestOutput(BaseModel):
    passed: int
    of: int
    checks: list[Check]


class Place(BaseModel):
    model_config = ConfigDict(frozen=True)
    client_id: ClientId
    campaign_id: CampaignId


Trial = Callable[..., Awaitable[Check]]


async def test_campaign(run: Run, given: SelfTestInput) -> SelfTestOutput:
    place = await run.step("scratch client", make_place, given)
    checks: list[Check] = []
    known: dict[str, str] = {}
    for name, _ in TRIALS:
        check = await run.step(name, attempt, name, place, dict(known))
        checks.append(check)
        known |= check.found
        await run.emit("message", agent="cmo", text=line(check))
        if not check.ok and name in CHAIN:
            break  # what comes after has nothing to stand on
    gone = await run.step("clean up", clean_up, place)
    checks.append(gone)
    await run.emit("message", agent="cmo", text=line(gone))
    return SelfTestOutput(passed=sum(check.ok for check in checks), of=len(checks), checks=checks)


def line(check: Check) -> str:
    return f"{'✓' if check.ok else '✗ failed'} {check.name.replace('_', ' ')}: {check.seen}"


async def make_place(context: StepContext, given: SelfTestInput) -> Place:
    """The scratch client with its campaign and its intake as a draft."""
    # both are YAML: JSON is a part of it
    data = yaml.safe_load(given.payload or SAMPLE.read_text(encoding="utf-8"))
    org_id = context.run.org_id
    async with services_of(context).db.org(org_id) as conn:
        client_id, campaign_id = await scratch.make_scratch(conn, org_id, uuid5(context.run.id, "scratch"), given.goal)
        if await artifacts.latest(conn, client_id, "intake") is None:
            await store.create_version(conn, store.Draft(org_id, client_id, "intake", data, "agent:cmo"))
    return Place(client_id=client_id, campaign_id=campaign_id)


async def attempt(context: StepContext, name: str, place: Place, known: dict[str, str]) -> Check:
    """One trial on the scratch client; what an error says is what was seen, and nobody is asked anything."""
    there = replace(context, run=replace(context.run, client_id=place.client_id, campaign_id=place.campaign_id))
    try:
        return await dict(TRIALS)[name](there, place, known)
    except AdroomError as error:
        return Check(name=name, ok=False, seen=error.message)


async def clean_up(context: StepContext, place: Place) -> Check:
    async with services_of(context).db.org(context.run.org_id) as conn:
        await scratch.take_away(conn, place.client_id)
    return Check(name="clean up", ok=True, seen="the scratch client and everything of it are gone")


# ---------------------------------------------------------------- the chain


async def _approve(conn: Connection, context: StepContext, artifact: Artifact) -> Artifact:
    return await store.approve(
        conn,
        artifact.id,
        user_id=UserId(context.run.started_by or context.run.org_id),
        role="admin",
        shown_hash=artifact.content_hash,
    )


async def _shut(context: StepContext, place: Place, known: dict[str, str]) -> Check:
    """Before anything is approved, everything above the intake is shut, with its reasons."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        gates = [
            await store.gate(conn, type, place.client_id, place.campaign_id)
            for type in ("client_canon", "metric_schema", "strategy_sheet", "experiment_spec", "asset_brief")
        ]
        gates.append(await store.writing_gate(conn, place.client_id))
    open_ones = [gate.what for gate in gates if gate.allowed]
    seen = f"{', '.join(open_ones)} may start too early" if open_ones else gates[0].sentence
    return Check(name="gates", ok=not open_ones, seen=seen)


async def _intake(context: StepContext, place: Place, known: dict[str, str]) -> Check:
    async with services_of(context).db.org(context.run.org_id) as conn:
        intake = await artifacts.latest(conn, place.client_id, "intake")
        assert intake is not None  # noqa: S101 - made with the place
        if intake.status != "approved":
            intake = await _approve(conn, context, intake)
    return Check(name="intake", ok=True, seen=f"v{intake.version} approved")


def _document(type: Any, task: str, words: str) -> Trial:
    async def build(context: StepContext, place: Place, known: dict[str, str]) -> Check:
        campaign_id = place.campaign_id if type == "strategy_sheet" else None
        order = DocumentOrder(
            type=type, task=task, words=words, agent="planner", client_id=place.client_id, campaign_id=campaign_id,
            goal=GOAL if campaign_id else "",
        )  # fmt: skip
        written = await write_document(context, order)
        async with services_of(context).db.org(context.run.org_id) as conn:
            artifact = await store.get(conn, written.artifact_id)
            if artifact.status != "approved":
                artifact = await _approve(conn, context, artifact)
        return Check(name=type, ok=True, seen=f"v{artifact.version} written by {artifact.model} and approved")

    return build


async def _experiments(context: StepContext, place: Place, known: dict[str, str]) -> Check:
    given = DesignInput(
        client_id=place.client_id, campaign_id=place.campaign_id, constraints=Constraints(max_concurrent_experiments=1)
    )
    ((spec),) = (await design(context, given)).specs
    async with services_of(context).db.org(context.run.org_id) as conn:
        artifact = await store.get(conn, spec.written.artifact_id)
        if artifact.status != "approved":
            artifact = await _approve(conn, context, artifact)
    (experiment_id,) = await set_up(context, given, [spec.key])
    needed = artifact.data["sampleSizePerVariant"]
    found = {"spec_id": str(artifact.id), "key": spec.key, "experiment_id": str(experiment_id)}
    return Check(name="experiment_spec", ok=needed > 0, seen=f"‘{spec.name}’, {needed:,} users a variant", found=found)


async def _briefs(context: StepContext, place: Place, known: dict[str, str]) -> Check:
    work = Work(
        experiment_id=UUID(known["experiment_id"]), name=known["key"], spec_id=UUID(known["spec_id"]), key=known["key"]
    )
    briefs = (await write_briefs(context, place.client_id, place.campaign_id, work, 1)).briefs
    found = {"brief": briefs[0].model_dump_json()}
    return Check(name="asset_brief", ok=len(briefs) > 1, seen=f"{len(briefs)} briefs, one a variant", found=found)


async def _variant(context: StepContext, place: Place, known: dict[str, str]) -> Check:
    given = ProductionInput(client_id=place.client_id, campaign_id=place.campaign_id, variants=1)
    made = (await make_variants(context, given, Brief.model_validate_json(known["brief"]))).variants[0]
    return Check(
        name="assets", ok=True, seen=f"“{made.title}”", found={"asset_id": str(made.asset_id), "title": made.title}
    )


def _reviewed(reviewer: str) -> Trial:
    async def read(context: StepContext, place: Place, known: dict[str, str]) -> Check:
        given = PieceInput(client_id=place.client_id, campaign_id=place.campaign_id, brief="self-test")
        piece = PieceOutput(asset_id=UUID(known["asset_id"]), title=known["title"], word_count=0)
        found = await review(context, given, piece, reviewer)
        return Check(name=f"{reviewer} check", ok=True, seen=f"{found.verdict}, {found.score:g} of 10")

    return read


# ---------------------------------------------------------------- gates and cascade


async def _outdated(context: StepContext, place: Place, known: dict[str, str]) -> Check:
    """A newer intake makes the older one undecidable, and flags everything that was built on it."""
    name = "outdated version"
    async with services_of(context).db.org(context.run.org_id) as conn:
        intake = await artifacts.latest(conn, place.client_id, "intake")
        assert intake is not None  # noqa: S101 - approved earlier in the chain
        if intake.version == 1:
            identity = {**intake.data["identity"], "timezone": "Europe/Paris"}
            changed = {**intake.data, "identity": identity}
            draft = store.Draft(intake.org_id, intake.client_id, "intake", changed, "agent:cmo", force=True)
            await store.create_version(conn, draft)
        first = (await artifacts.versions(conn, intake))[-1]
        try:
            await _approve(conn, context, first)
        except Conflict as refused:
            return Check(name=name, ok=True, seen=refused.message)
    return Check(name=name, ok=False, seen="v1 was approved although v2 is there")


async def _cascade(context: StepContext, place: Place, known: dict[str, str]) -> Check:
    expected = {"client_canon", "metric_schema", "strategy_sheet", "experiment_spec", "asset_brief"}
    async with services_of(context).db.org(context.run.org_id) as conn:
        heads = await artifacts.heads(conn, place.client_id)
        gate = await store.writing_gate(conn, place.client_id)
    flagged = {head.type for head in heads if head.status == "flagged_for_review"}
    missed = sorted((expected & set(downstream("intake"))) - flagged)
    ok = not missed and not gate.allowed
    reason = next((head.flagged_reason for head in heads if head.type == "asset_brief"), None)
    seen = (
        f"{len(flagged)} kinds of documents flagged: {reason}"
        if ok
        else f"not flagged: {', '.join(missed) or 'writing'}"
    )
    return Check(name="cascade", ok=ok, seen=seen)


async def _publishing(context: StepContext, place: Place, known: dict[str, str]) -> Check:
    """Nothing that rests on a flagged document is published."""
    try:
        async with services_of(context).db.org(context.run.org_id) as conn:
            await assets.publish(conn, (await assets.get(conn, UUID(known["asset_id"]))).id, role="admin")
    except Blocked as refused:
        return Check(name="publishing", ok=any("flagged" in one for one in refused.reasons), seen=refused.message)
    return Check(name="publishing", ok=False, seen="a piece that rests on flagged documents was published")


TRIALS: tuple[tuple[str, Trial], ...] = (
    ("gates", _shut),
    ("intake", _intake),
    ("client_canon", _document("client_canon", "build_canon", CANON)),
    ("metric_schema", _document("metric_schema", "build_metric_schema", METRICS)),
    ("strategy_sheet", _document("strategy_sheet", "build_strategy", STRATEGY)),
    ("experiment_spec", _experiments),
    ("asset_brief", _briefs),
    ("assets", _variant),
    ("brand check", _reviewed("brand")),
    ("compliance check", _reviewed("compliance")),
    ("outdated version", _outdated),
    ("cascade", _cascade),
    ("publishing", _publishing),
)
#: without these there is nothing to go on with
CHAIN = frozenset(name for name, _ in TRIALS[1:8])

WORKFLOW = Workflow(
    kind="test_campaign",
    title="Self-test",
    input_model=SelfTestInput,
    output_model=SelfTestOutput,
    body=test_campaign,
    steps=("scratch client", *(name for name, _ in TRIALS), "clean up"),
)
