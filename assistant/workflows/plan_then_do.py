"""Plan, then do: a task of any kind. A plan that people comment on until they accept it, then its steps in batches.

The general shape for a complex request: nothing is done before the plan is accepted; each step's result is kept as it
is finished; a step that makes an article or an email is a run of its own.
"""

import re
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from assistant.models.order import Order
from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.services import services_of
from assistant.workflows.answers import Answer
from assistant.workflows.ask import ask, ask_for_text, model_name
from assistant.workflows.documents import DocumentOrder, write_until_settled
from assistant.workflows.pieces import PieceInput, PieceOutput
from assistant.workflows.sources import read_material
from knowledge.approvals import queries as approvals
from knowledge.artifacts import store
from knowledge.artifacts.schemas.plan import Plan, PlanStep
from knowledge.assets import service as assets
from knowledge.errors import Upstream
from tools.runs.kinds import Worker

#: how many steps of a batch are worked on at once
AT_ONCE = 3
LONGEST_TASK = 20_000
GATHER_WORDS = (
    "What in the sources bears on `task`? `found`: at most twelve facts or customer quotes, each in a sentence with its "
    "place or id. `missing`: parts of the task that nothing bears on."
)
PLAN_WORDS = (
    "Plan the `task`: what there is at the end, and the steps in order, each complete enough to be done from alone. A step "
    "that is an article or an email says so in `makes`. `found` and `missing` are what is on file. Ask in `questions` "
    "what people should answer. Where `note` or `open_comments` are given, `previous` is the plan they are about: answer "
    "each."
)
STEP_WORDS = (
    "Carry out `step` of `plan`. Hand in its result as Markdown without a heading of its own, ready to be read. Facts only "
    "from the sources and from `before` (results of the steps it needs); customers verbatim with their id."
)
PIECES = {"article": "seo_write", "email": "email_create"}


class PlanInput(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    client_id: UUID
    campaign_id: UUID | None = None
    task: str = Field(min_length=1, max_length=LONGEST_TASK)
    agent: Worker = "planner"
    gather: bool = True


class PlanOutput(BaseModel):
    """The accepted plan, the document with every result, the pieces that were written, and what could not be done."""

    plan_id: UUID | None = None
    asset_id: UUID | None = None
    pieces: list[UUID] = []
    not_done: list[str] = []
    rejected: str | None = None


class Context(Answer):
    """What bears on a task."""

    found: list[str] = Field(default=[], max_length=40)
    missing: list[str] = Field(default=[], max_length=40)


class Result(BaseModel):
    """What came of one step: its text, or the piece that was written, or why not."""

    step: str
    title: str
    text: str
    asset_id: UUID | None = None
    done: bool = True


async def plan_then_do(run: Run, given: PlanInput) -> PlanOutput:
    context = await run.step("gather context", gather, given) if given.gather else Context()
    settled = await write_until_settled(run, plan_order(run, given, context), "plan")
    if not settled.approved:
        return PlanOutput(rejected="plan")
    plan = await run.step("read the plan", read_plan, settled.artifact_id)
    results: dict[str, Result] = {}
    for batch in batches(plan):
        for result in await do_batch(run, given, plan, batch, results):
            results[result.step] = result
        await run.emit("progress", step="steps", done=len(results), of=len(plan.steps))
    ordered = [results[step.id] for step in plan.steps]
    asset_id = await run.step("put together", put_together, given, plan, ordered)
    await run.emit("asset", assetId=str(asset_id), title=title_of(plan.task))
    return PlanOutput(
        plan_id=settled.artifact_id,
        asset_id=asset_id,
        pieces=[result.asset_id for result in ordered if result.asset_id is not None],
        not_done=[result.title for result in ordered if not result.done],
    )


def plan_order(run: Run, given: PlanInput, context: Context) -> DocumentOrder:
    return DocumentOrder(
        type="plan",
        task="write_plan",
        words=PLAN_WORDS,
        agent=given.agent,
        client_id=given.client_id,
        campaign_id=given.campaign_id,
        goal=given.task[:4000],
        key=plan_key(given.task, run.id),
        more={"task": given.task, "found": context.found, "missing": context.missing},
    )


def plan_key(task: str, run_id: UUID) -> str:
    """The task's first words, told apart from another plan of the same name by the run."""
    words = re.findall(r"[^\W_]+", task.lower())[:6]
    return f"{'-'.join(words)[:60] or 'plan'}-{str(run_id)[:8]}"


def batches(plan: Plan) -> list[list[PlanStep]]:
    """The steps in rounds: each as soon as all that it needs is done."""
    left, done, rounds = list(plan.steps), set[str](), list[list[PlanStep]]()
    while left:
        ready = [step for step in left if set(step.needs) <= done]  # never empty: a step needs earlier ones only
        rounds.append(ready)
        done |= {step.id for step in ready}
        left = [step for step in left if step.id not in done]
    return rounds


async def do_batch(
    run: Run, given: PlanInput, plan: Plan, batch: list[PlanStep], results: dict[str, Result]
) -> list[Result]:
    """One round: the texts side by side, then the pieces, each a run of its own."""
    works = {
        f"do {step.id}": (given, plan, step, [results[name] for name in step.needs])
        for step in batch
        if step.makes == "text"
    }
    found = await run.side_by_side(carry_out, works, width=AT_ONCE) if works else []
    for step in batch:
        if step.makes != "text":
            found.append(await write_piece(run, given, step))
    return found


async def write_piece(run: Run, given: PlanInput, step: PlanStep) -> Result:
    """A piece by its own kind of run; when that fails the plan goes on without it and says so."""
    asked = PieceInput(client_id=given.client_id, campaign_id=given.campaign_id, brief=step.does)
    try:
        made = PieceOutput.model_validate((await run.child(PIECES[step.makes], asked)).model_dump())
    except Upstream as failed:
        return Result(step=step.id, title=step.title, text=f"Not done: {failed.message}", done=False)
    return Result(step=step.id, title=step.title, text=f"“{made.title}” is among the drafts.", asset_id=made.asset_id)


async def gather(context: StepContext, given: PlanInput) -> Context:
    await context.emit("agent_started", agent=given.agent, doing="looking up what is on file")
    shown = {**await _sources(context, given), "task": given.task}
    found = await ask(context, given.agent, Order("gather_context", GATHER_WORDS, shown), Context)
    await context.emit("agent_completed", agent=given.agent)
    return found


async def _sources(context: StepContext, given: PlanInput) -> dict[str, object]:
    async with services_of(context).db.org(context.run.org_id) as conn:
        material = await read_material(conn, client_id=given.client_id, campaign_id=given.campaign_id, brief=given.task)
    return material.sources.model_dump(mode="json")


async def read_plan(context: StepContext, plan_id: UUID) -> Plan:
    async with services_of(context).db.org(context.run.org_id) as conn:
        return Plan.model_validate((await store.get(conn, plan_id)).data)


async def carry_out(context: StepContext, given: PlanInput, plan: Plan, step: PlanStep, before: list[Result]) -> Result:
    await context.emit("agent_started", agent=given.agent, doing=step.title)
    shown = {
        **await _sources(context, given),
        "task": given.task,
        "plan": plan.wire(),
        "step": step.wire(),
        "before": [{"title": one.title, "text": one.text} for one in before],
    }
    text = await ask_for_text(context, given.agent, Order("do_plan_step", STEP_WORDS, shown), message=f"step {step.id}")
    await context.emit("agent_completed", agent=given.agent)
    return Result(step=step.id, title=step.title, text=text)


def title_of(task: str) -> str:
    """The task as a heading: one line, at most 80 characters."""
    line = " ".join(task.split())
    return line if len(line) <= 80 else line[:77].rsplit(" ", 1)[0] + "…"


async def put_together(context: StepContext, given: PlanInput, plan: Plan, results: list[Result]) -> UUID:
    """One document with every result in the plan's order, kept as a draft; once, however often it is repeated."""
    blocks = [f"# {title_of(given.task)}", plan.outcome]
    blocks += [f"## {number}. {result.title}\n\n{result.text}" for number, result in enumerate(results, 1)]
    values = {
        "org_id": context.run.org_id,
        "client_id": given.client_id,
        "campaign_id": given.campaign_id,
        "run_id": context.run.id,
        "channel": "document",
        "format": "document",
        "agent": given.agent,
        "title": title_of(given.task),
        "content": {"markdown": "\n\n".join(blocks) + "\n"},
        "seo": {},
        "model": model_name(context, given.agent),
        "idempotency_key": context.key,
    }
    async with services_of(context).db.org(context.run.org_id) as conn:
        asset = await assets.create(conn, values)
        if asset.status == "draft":
            await approvals.ask_for_asset(conn, asset.id)
    return asset.id


WORKFLOW = Workflow(
    kind="plan_then_do",
    title="Planned work",
    input_model=PlanInput,
    output_model=PlanOutput,
    body=plan_then_do,
    steps=("gather context", "build plan", "plan", "read the plan", "put together"),
)
