"""A piece (an article, an email, an ad) as cards, programs and agents see it: one shape, built once."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, cast
from uuid import UUID

from pydantic import Field

from knowledge.assets import scores, service
from knowledge.assets.models import Asset, AssetStatus
from knowledge.assets.words import text_of
from knowledge.db import Connection
from knowledge.ids import ID, ApprovalId, AssetId, CampaignId, ClientId, RunId
from knowledge.overview.models import AroundPiece
from knowledge.overview.queries import around_pieces, findings, spend_of_runs
from knowledge.people.models import Caller
from knowledge.proposals import queries as proposals
from knowledge.publishing import queries as publications
from knowledge.publishing.models import Publication
from knowledge.swipes.models import ClientSwipe
from knowledge.swipes.queries import client_swipes
from knowledge.voc.queries import quotes
from tools.artifacts.view import DecisionView, decision_view
from tools.assets.scores import ShownScore, shown_score
from tools.clipping import clip
from tools.spec import Wire


class FindingsView(Wire):
    """What one reviewer found; ``checks`` as in a QA report: {id, rule, severity, passed, where, evidence, fix}."""

    reviewer: str
    verdict: str
    score: float
    scored: bool = Field(description="Whether its score (0–10) counts: a critic's; rules and comparisons give none.")
    model: str
    checks: list[dict[str, Any]]
    unchecked: list[dict[str, Any]] = Field(
        default=[], description="Rules that could not be looked at: {rule, why}; neither passed nor failed."
    )


class UseView(Wire):
    """Something the piece was written from: a quote (``id`` is its own) or an example (``id`` is the ad's)."""

    kind: Literal["quote", "ad"]
    id: UUID
    text: str
    whose: str


class PublicationView(Wire):
    """Where it was sent; ``version`` is the one that is there; ``lost``: what was not kept there and how to go on, or ""."""

    place: str
    state: str
    url: str | None
    lost: str
    version: int


class AssetSummary(Wire):
    """``score`` (0–10) is the mean of the critics' scores; null when none has read this version. ``shownScore`` is the one that
    people see; tell them that one."""

    id: AssetId
    title: str
    channel: str
    format: str
    status: AssetStatus
    version: int
    content_hash: str
    client_id: ClientId
    client_name: str
    campaign_id: CampaignId | None
    campaign_name: str | None
    made_by_run: RunId | None = Field(description="The run that wrote it.")
    word_count: int
    score: float | None
    shown_score: ShownScore | None
    agent: str | None
    model: str | None
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    open_comments: int
    approval_id: ApprovalId | None
    run_id: RunId | None = Field(description="The run that waits for the decision.")
    may_decide: bool
    may_publish: bool
    decision: DecisionView | None


class AssetView(AssetSummary):
    """``content`` as stored; ``markdown`` and ``text`` are what a reader gets, with and without formatting."""

    content: dict[str, Any] | None
    seo: dict[str, Any]
    markdown: str
    html: str | None
    text: str | None
    findings: list[FindingsView]
    uses: list[UseView] = Field(description="The customers' words and examples that its writer names.")
    spent: Decimal | None = Field(description="US dollars that the run which wrote it has cost.")
    publication: PublicationView | None
    proposal_id: UUID | None = Field(description="Edits proposed for it that nobody has taken or let go yet.")


async def summaries(conn: Connection, caller: Caller, assets: Sequence[Asset]) -> list[AssetSummary]:
    ids = [asset.id for asset in assets]
    around, found = await around_pieces(conn, ids), await findings(conn, ids)
    return [
        AssetSummary.model_validate(_facts(caller, asset, around[asset.id], found.get(asset.id, [])))
        for asset in assets
    ]


async def asset_view(conn: Connection, caller: Caller, asset: Asset) -> AssetView:
    around = (await around_pieces(conn, [asset.id]))[asset.id]
    found = (await findings(conn, [asset.id])).get(asset.id, [])
    there = await publications.newest(conn, asset.id)
    reader: dict[str, Any] = {
        "content": asset.content,
        "seo": asset.seo,
        "markdown": text_of(asset.content),
        "html": _text(asset.content, "html"),
        "text": _text(asset.content, "plainText"),
        "findings": [_findings(report) for report in found],
        "uses": await _uses(conn, asset),
        "spent": (await spend_of_runs(conn, [asset.run_id])).get(asset.run_id) if asset.run_id else None,
        "publication": _publication(there),
        "may_publish": caller.role in service.MAY_DECIDE and _to_publish(asset, there),
        "proposal_id": await _proposal_id(conn, asset),
    }
    return AssetView.model_validate({**_facts(caller, asset, around, found), **reader})


async def get_view(conn: Connection, caller: Caller, asset_id: UUID) -> AssetView:
    """Raises NotFound."""
    return await asset_view(conn, caller, await service.get(conn, asset_id))


def _facts(caller: Caller, asset: Asset, around: AroundPiece, found: list[dict[str, Any]]) -> dict[str, Any]:
    entitled = caller.role in service.MAY_DECIDE
    judged = scores.of_reports(found)
    return {
        **asset.model_dump(include=_COPIED),
        **around.model_dump(include={"client_name", "campaign_name", "open_comments", "approval_id"}),
        "made_by_run": asset.run_id,
        "run_id": around.waiting_run_id,
        "score": judged,
        "shown_score": shown_score(scores.content_score(asset.seo), judged),
        "may_decide": entitled and asset.status not in ("approved", "published"),
        "may_publish": entitled and asset.status == "approved",
        "decision": decision_view(around),
    }


_COPIED = {"id", "title", "channel", "format", "status", "version", "content_hash", "client_id", "campaign_id",
           "word_count", "agent", "model", "created_at", "updated_at", "published_at"}  # fmt: skip


async def _uses(conn: Connection, asset: Asset) -> list[UseView]:
    """What the writer named and what is there, of this client; ids that a model made up are no use."""
    said = [one for one in await quotes(conn, _ids(asset, "quoteIds")) if one.client_id == asset.client_id]
    shown = await client_swipes(conn, asset.client_id, _ids(asset, "swipeIds"))
    return [
        *(
            UseView(kind="quote", id=one.id, text=clip(one.text, 280), whose=one.author or one.source_name)
            for one in said
        ),
        *(
            UseView(kind="ad", id=one.swipe_id, text=_shown(one), whose=one.brand or "the client's own")
            for one in shown
        ),
    ]


def _to_publish(asset: Asset, there: Publication | None) -> bool:
    """Whether there is something left to publish: it is approved, or out and not whole there."""
    unfinished = there is not None and (there.state != "live" or bool(there.lost))
    return asset.status == "approved" or (asset.status == "published" and unfinished)


def _publication(there: Publication | None) -> PublicationView | None:
    if there is None:
        return None
    return PublicationView(
        place=there.place, state=there.state, url=there.url, lost=there.lost, version=there.asset_version
    )


async def _proposal_id(conn: Connection, asset: Asset) -> UUID | None:
    found = await proposals.newest(conn, asset.id)
    return found.id if found and found.content_hash == asset.content_hash else None


def _shown(one: ClientSwipe) -> str:
    return clip(one.title or one.body or "An ad without words", 280)


def _ids(asset: Asset, name: str) -> list[UUID]:
    given = cast("list[Any]", asset.content.get(name) or [])
    return [UUID(one) for one in given if isinstance(one, str) and ID.fullmatch(one)]


def _findings(report: dict[str, Any]) -> FindingsView:
    told = {name: report[name] for name in ("reviewer", "verdict", "score", "model", "checks")}
    scored = report["reviewer"] in scores.CRITICS
    return FindingsView.model_validate({**told, "scored": scored, "unchecked": report.get("unchecked", [])})


def _text(content: dict[str, Any], name: str) -> str | None:
    value = content.get(name)
    return value if isinstance(value, str) else None
