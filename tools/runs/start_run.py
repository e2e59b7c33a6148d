"""Starts durable work: a run that goes on whatever becomes of the conversation."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import Field

from knowledge.assets import service as assets
from knowledge.db import Connection
from knowledge.emails.merge_tags import Dialect
from knowledge.errors import Invalid
from knowledge.experiments.models import MOST_AT_ONCE
from knowledge.ids import AssetId, CampaignId, ClientId, RunId
from knowledge.runs.models import RunRow
from tools.addresses import check_named
from tools.clients.chosen import campaign_meant, client_meant
from tools.runs.gate import require_gate
from tools.runs.kinds import NEEDS, TAKES, Kind, Worker
from tools.runs.view import RunSummary, summaries
from tools.spec import Tool, ToolContext, Wire

T = TypeVar("T")

_MISSING = {
    "campaign_id": "no campaign is chosen; name one, or choose one first",
    "brief": "say what the piece is about and for whom",
    "count": "say how many emails the series has, 1 to 30",
    "topic": "say what to find out about",
    "asset_id": "say which piece",
    "task": "say what is to be planned and done",
}


class Limits(Wire):
    """Everything may be left open."""

    max_concurrent_experiments: int | None = Field(
        default=None, ge=1, le=MOST_AT_ONCE, description="Most experiments at once."
    )
    budget: Decimal | None = Field(
        default=None, ge=0, le=Decimal(10) ** 11, decimal_places=2, description="Most they may spend in all."
    )
    channels: list[str] = Field(
        default=[], max_length=50, description="Channels that may be used; empty: the strategy's."
    )
    team_capacity: str = Field(default="", max_length=2_000, description="What the team can do, in words.")
    baseline_rate: float | None = Field(
        default=None, gt=0, lt=1, description="Today's rate of the primary metric: 0.03 is 3 %."
    )
    minimum_detectable_effect: float | None = Field(
        default=None, gt=0, le=10, description="Smallest effect worth finding, relative: 0.2 is +20 %."
    )
    users_per_day: int | None = Field(
        default=None, ge=1, le=10**9, description="Users a day who would see a test, all variants together."
    )


class Input(Wire):
    kind: Kind = Field(description="Which work.")
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    campaign_id: CampaignId | None = Field(default=None, description="The campaign; null: the chosen one, if any.")
    goal: str | None = Field(default=None, max_length=4_000, description="campaign_planning: the goal, in words.")
    brief: str | None = Field(
        default=None,
        max_length=20_000,
        description="seo_write, landing_page, email_create: what to write; email_series: the goal.",
    )
    topic: str | None = Field(default=None, max_length=400, description="seo_research: what to find out about.")
    urls: list[str] = Field(
        default=[], max_length=20, description="seo_research: addresses of pages to open, as the person wrote them."
    )
    experiment_ids: list[UUID] = Field(
        default=[], max_length=50, description="creative_production: which experiments; empty: all that are planned."
    )
    variants: int | None = Field(
        default=None,
        ge=1,
        le=10,
        description="creative_production: variants of each brief; null: as the briefs have it.",
    )
    at_once: int | None = Field(
        default=None, ge=1, le=8, description="creative_production: briefs worked on side by side; null: 3."
    )
    only_briefs: bool | None = Field(
        default=None, description="creative_production: true: stop when the briefs are decided on."
    )
    payload: str | None = Field(
        default=None, max_length=200_000, description="test_campaign: the intake's answers as JSON; null: a sample."
    )
    task: str | None = Field(
        default=None, max_length=20_000, description="plan_then_do: what is to be planned and done."
    )
    agent: Worker | None = Field(default=None, description="plan_then_do: who does it; null: the planner.")
    gather: bool | None = Field(
        default=None, description="plan_then_do: whether to look up first what is on file; null: yes."
    )
    constraints: Limits | None = Field(
        default=None, description="experiment_design: what it has to fit; null: the strategy's budget and channels."
    )
    count: int | None = Field(default=None, ge=1, le=30, description="email_series: how many emails, 1 to 30.")
    tone: str | None = Field(default=None, max_length=200, description="email_series: the tone, in words.")
    dialect: Dialect | None = Field(
        default=None, description="Emails: merge tags of the sending service; null: the email has none of its own."
    )
    language: str | None = Field(default=None, max_length=50, description="Language of the piece; null: the brief's.")
    research_id: UUID | None = Field(
        default=None, description="seo_write, landing_page: research to build on; null: the newest on the topic."
    )
    approve_outline: bool | None = Field(
        default=None, description="seo_write, landing_page: true: a person looks at the outline first."
    )
    stage: Literal["cold", "warm", "email", "organic"] | None = Field(
        default=None, description="landing_page: where its visitors come from; null: as the canon's sales page has it."
    )
    offer: str | None = Field(
        default=None, max_length=300, description="landing_page: the canon's offer; null: the first."
    )
    asset_id: AssetId | None = Field(default=None, description="polish, seo_optimize: which piece.")
    note: str | None = Field(
        default=None, max_length=4_000, description="polish, seo_optimize: what to look at above all."
    )


class Output(Wire):
    run_id: RunId
    run: RunSummary
    sentence: str


async def start_run(context: ToolContext, asked: Input) -> Output:
    """Start onboarding, planning, experiments, their variants, a planned task, research, an article, a landing page, an
    email, a series, or a polish or optimisation of a piece. It works in the background; its card shows how."""

    async def look(conn: Connection, run: RunRow) -> RunSummary:
        return (await summaries(conn, context.caller, [run]))[0]

    run = await begin(context, asked, look)
    return Output(run_id=run.id, run=run, sentence=f"‘{run.title}’ has started; its card shows how it goes.")


async def begin(context: ToolContext, asked: Input, look: Callable[[Connection, RunRow], Awaitable[T]]) -> T:
    """The work begun, once its gate is open; gives what ``look`` sees of the run in the transaction that writes it."""
    async with context.tx() as conn:
        work = await _work(conn, context, asked)
        await require_gate(conn, asked.kind, work.get("client_id"), work.get("campaign_id"))
    plain = {name: str(value) if isinstance(value, UUID) else value for name, value in work.items()}
    seen: list[T] = []

    async def keep(conn: Connection, run: RunRow) -> None:
        seen.append(await look(conn, run))

    await context.work.start(context.caller, asked.kind, plain, context.call_key, keep)
    return seen[-1]


async def _work(conn: Connection, context: ToolContext, asked: Input) -> dict[str, Any]:
    client_id, campaign_id = await _place(conn, context, asked)
    await check_named(conn, context, asked.urls)
    given = {**asked.model_dump(mode="json"), "client_id": client_id, "campaign_id": campaign_id}
    work = {name: given[name] for name in TAKES[asked.kind] if given[name] not in (None, "", [])}
    missing = {name: _MISSING[name] for name in NEEDS[asked.kind] if name not in work}
    if missing:
        raise Invalid(fields=missing)
    return work


async def _place(conn: Connection, context: ToolContext, asked: Input) -> tuple[ClientId | None, CampaignId | None]:
    """The client and campaign meant; those of the piece, when it is about one; none for work that has a client of its
    own."""
    if "client_id" not in TAKES[asked.kind]:
        return None, None
    if asked.asset_id is not None and "asset_id" in TAKES[asked.kind]:
        asset = await assets.get(conn, asked.asset_id)
        return asset.client_id, asset.campaign_id
    client_id = await client_meant(conn, context.caller, asked.client_id)
    return client_id, await campaign_meant(conn, context.caller, client_id, asked.campaign_id)


START_RUN = Tool(
    name="start_run",
    title="Start work",
    input=Input,
    output=Output,
    run=start_run,
    scope="runs:write",
    changes=True,
    repeatable=True,  # the run is started under the call's key
)
