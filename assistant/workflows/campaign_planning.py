"""Campaign planning: a strategy sheet from canon, metric schema and goal, until it is approved."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.services import services_of
from assistant.workflows.documents import DocumentOrder, write_until_settled
from knowledge.clients import queries as clients


class PlanningInput(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    client_id: UUID
    campaign_id: UUID
    goal: str = Field(default="", max_length=4000)


class PlanningOutput(BaseModel):
    strategy_id: UUID | None = None
    rejected: str | None = None


WORDS = (
    "Write the strategy sheet for this campaign from the canon, the metric schema and the goal: positioning, messaging "
    "with proof by id, content pillars, concepts, channels with budget shares that add up to 1, measurement, assumptions, "
    "risks. Where `note` or `open_comments` are given, `previous` is the version they are about: answer each."
)


async def campaign_planning(run: Run, given: PlanningInput) -> PlanningOutput:
    order = DocumentOrder(
        type="strategy_sheet",
        task="build_strategy",
        words=WORDS,
        agent="planner",
        client_id=given.client_id,
        campaign_id=given.campaign_id,
        goal=given.goal,
    )
    strategy = await write_until_settled(run, order, "strategy_sheet")
    if not strategy.approved:
        return PlanningOutput(rejected="strategy_sheet")
    await run.step("move the campaign to planning", move_to_planning, given)
    return PlanningOutput(strategy_id=strategy.artifact_id)


async def move_to_planning(context: StepContext, given: PlanningInput) -> None:
    async with services_of(context).db.org(context.run.org_id) as conn:
        await clients.move_to_planning(conn, given.campaign_id, given.goal or None)


WORKFLOW = Workflow(
    kind="campaign_planning",
    title="Campaign planning",
    input_model=PlanningInput,
    output_model=PlanningOutput,
    body=campaign_planning,
    steps=("build strategy_sheet", "strategy_sheet", "move the campaign to planning"),
)
