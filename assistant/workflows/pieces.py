"""What writing an article and writing an email share: what they start from, the critics, the finished draft."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from assistant.models.offline.compose.sources import Sources
from assistant.models.order import Order
from assistant.runs.protocol import StepContext
from assistant.services import services_of
from assistant.workflows.answers import Review
from assistant.workflows.ask import ask, model_name
from assistant.workflows.claim_evidence import name_claims, offer_evidence, open_claims
from assistant.workflows.sources import LONGEST, ids_in, read_material
from knowledge.approvals import queries as approvals
from knowledge.artifacts import store
from knowledge.artifacts.queries import latest
from knowledge.assets import service as assets
from knowledge.assets.scores import content_score
from knowledge.assets.service import text_of
from knowledge.embeddings.models import QueryVector
from knowledge.errors import Blocked, BudgetExceeded, Upstream
from knowledge.ids import UserId
from knowledge.originality import service as originality
from knowledge.originality.meaning import passages
from knowledge.originality.service import piece_text
from knowledge.people.models import Caller
from knowledge.research import service as research
from tools.meaning import meaning_of

CRITICS = {"brand": "brand_critic", "compliance": "compliance_critic"}
REVIEW_WORDS = (
    "Review `text` as the {reviewer} critic, against the canon, the customers' words and the swipes in the sources. "
    "Quote the exact span of each finding in `where.text`."
)


class PieceInput(BaseModel):
    """What to write, in the person's own words."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    client_id: UUID
    campaign_id: UUID | None = None
    brief: str = Field(min_length=1, max_length=20_000)
    language: str = ""


class PieceOutput(BaseModel):
    """The draft, its size, and each critic's verdict."""

    asset_id: UUID
    title: str
    word_count: int
    verdicts: dict[str, str] = {}
    scores: dict[str, float] = {}
    content_score: int | None = None


class Draft(BaseModel):
    """A finished text on its way to being stored."""

    channel: str
    format: str
    agent: str
    title: str
    content: dict[str, Any]
    seo: dict[str, Any] = {}


class Verdict(BaseModel):
    reviewer: str
    verdict: str
    score: float


async def read_sources(context: StepContext, given: PieceInput) -> Sources:
    """What the piece may draw on; raises Blocked when the client has no approved canon to keep to."""
    vector = await brief_vector(context, given.brief)
    async with services_of(context).db.org(context.run.org_id) as conn:
        gate = await store.writing_gate(conn, given.client_id)  # asked again: it may have shut since the start
        if not gate.allowed:
            raise Blocked(gate.sentence, reasons=list(gate.reasons))
        material = await read_material(
            conn,
            client_id=given.client_id,
            campaign_id=given.campaign_id,
            brief=given.brief,
            language=given.language,
            vector=vector,
        )
    return material.sources


async def brief_vector(context: StepContext, brief: str) -> QueryVector | None:
    """The brief as the embedding model sees it, so that it finds what was said in other words; a warning when it
    should have but could not."""
    run = context.run
    if run.started_by is None:
        return None
    caller = Caller(run.org_id, UserId(run.started_by), "", session_id=run.session_id, run_id=run.id)
    vector, why = await meaning_of(services_of(context).library, caller, brief[:LONGEST])
    if why:
        await context.emit("message", agent="cmo", text=why)
    return vector


async def save_draft(context: StepContext, given: PieceInput, draft: Draft) -> PieceOutput:
    """Store the piece once, however often the step is repeated."""
    run = context.run
    async with services_of(context).db.org(run.org_id) as conn:
        asset = await assets.create(
            conn,
            {
                "org_id": run.org_id,
                "client_id": given.client_id,
                "campaign_id": given.campaign_id,
                "run_id": run.id,
                **draft.model_dump(),
                "model": model_name(context, draft.agent),
                "idempotency_key": context.key,
            },
        )
        if asset.status == "draft":
            await approvals.ask_for_asset(conn, asset.id)
    score = content_score(asset.seo)
    return PieceOutput(asset_id=asset.id, title=asset.title, word_count=asset.word_count, content_score=score)


async def compare_with_library(context: StepContext, piece: PieceOutput) -> int:
    """Compare the piece with the swipe library by meaning too; how many ads it is too close to. Its words were compared
    when it was stored, so without an embedding model there is nothing left to do."""
    services, run = services_of(context), context.run
    if run.started_by is None:
        return 0
    async with services.db.org(run.org_id) as conn:
        asset = await assets.get(conn, piece.asset_id)
    said = passages(piece_text(asset))
    caller = Caller(run.org_id, UserId(run.started_by), "", session_id=run.session_id, run_id=run.id)
    try:
        vectors = await services.library.embed(caller, [passage.text for passage in said]) if said else None
    except (BudgetExceeded, Upstream) as error:
        why = f"The piece was compared with the swipe library by its words only: {error.message}"
        await context.emit("message", agent="cmo", text=why)
        return 0
    if vectors is None:
        return 0
    async with services.db.org(run.org_id) as conn:
        return len(await originality.compare(conn, asset, said, vectors))


async def review(context: StepContext, given: PieceInput, piece: PieceOutput, reviewer: str) -> Verdict:
    """Have one critic read the stored piece; its report is an artifact that names the version it read."""
    agent = CRITICS[reviewer]
    async with services_of(context).db.org(context.run.org_id) as conn:
        asset = await assets.get(conn, piece.asset_id)
        material = await read_material(
            conn, client_id=given.client_id, campaign_id=given.campaign_id, cited=ids_in(asset.content)
        )
        found_out = await research.of_asset(conn, asset) if asset.content.get("researchId") else None
        known = await research.to_write_from(conn, found_out) if found_out else None
    await context.emit("agent_started", agent=agent, doing=f"checking “{asset.title}”")
    text = text_of(asset.content)
    sources = material.sources.model_copy(update={"research": known})
    shown: dict[str, Any] = {**sources.model_dump(mode="json"), "text": text, "reviewer": reviewer}
    if reviewer == "compliance":
        await name_claims(context, asset)
        if claims := await open_claims(context, asset):
            shown["claims"] = claims
    order = Order("review_text", REVIEW_WORDS.format(reviewer=reviewer), shown)
    found = await ask(context, agent, order, Review)
    report = {
        "assetId": str(asset.id),
        "assetVersion": asset.version,
        "reviewer": reviewer,
        "score": found.score,
        "verdict": found.verdict,
        "checks": [check.wire() for check in found.checks if is_real(check.wire(), text)],
        "model": model_name(context, agent),
    }
    async with services_of(context).db.org(context.run.org_id) as conn:
        await _store_report(conn, context, given, report, agent)
    await offer_evidence(context, agent, found.evidence)
    await context.emit("agent_completed", agent=agent)
    return Verdict(reviewer=reviewer, verdict=found.verdict, score=found.score)


def is_real(check: dict[str, Any], text: str) -> bool:
    """A finding whose quoted span is not in the text is dropped."""
    where = check.get("where")
    return not where or not where.get("text") or where["text"] in text


async def _store_report(conn: Any, context: StepContext, given: PieceInput, report: dict[str, Any], agent: str) -> None:
    draft = store.Draft(
        org_id=context.run.org_id,
        client_id=context.run.client_id,  # pyright: ignore[reportArgumentType] - a piece's run belongs to a client
        campaign_id=context.run.campaign_id,
        type="qa_report",
        key=f"{report['assetId']}:{report['reviewer']}",
        data=report,
        created_by=f"agent:{agent}",
        model=report["model"],
        inputs={"step": context.key},
    )
    last = await latest(conn, given.client_id, "qa_report", context.run.campaign_id, draft.key)
    if last is None or last.data.get("assetVersion") != report["assetVersion"]:
        await store.create_version(conn, draft)
