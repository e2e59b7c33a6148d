"""Claims: what a piece says, what carries it, who answers for it; several pieces decided on at once."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from assistant.api.guarded import AtDesk
from knowledge.assets import service as assets
from knowledge.claims.models import EvidenceKind
from knowledge.ids import AssetId
from tools.assets import decide_assets
from tools.claims import accept_claim, accept_finding, add_evidence, check_claims, find_evidence, list_claims
from tools.claims.view import ClaimView, LedgerView, ledger_view
from tools.spec import Wire


class Words(Wire):
    q: str = Field(min_length=1, max_length=1_000)


class Evidence(Wire):
    kind: EvidenceKind
    id: str = Field(max_length=2_000)
    quote: str = Field(max_length=4_000)
    expires_on: date | None = None


class Acceptance(Wire):
    """``accepted`` False takes an acceptance back."""

    note: str = Field(default="", max_length=4_000)
    expires_on: date | None = None
    accepted: bool = True


class FindingAcceptance(Wire):
    content_hash: str = Field(max_length=128)
    note: str = Field(max_length=4_000)


def add_routes(router: APIRouter) -> None:
    of_piece = "/assets/{asset_id}/claims"
    router.add_api_route("/assets/decisions", decide, methods=["POST"], summary="Decide on several pieces at once")
    router.add_api_route("/claims", index, methods=["GET"], summary="List claims")
    router.add_api_route(of_piece, show, methods=["GET"], summary="The claims of a piece")
    router.add_api_route(f"{of_piece}/check", check, methods=["POST"], summary="Judge the claims of a piece again")
    router.add_api_route("/assets/{asset_id}/evidence", find, methods=["GET"], summary="Find evidence for a claim")
    router.add_api_route("/claims/{claim_id}/evidence", prove, methods=["POST"], summary="Add evidence to a claim")
    router.add_api_route(
        "/claims/{claim_id}/acceptance", accept, methods=["POST"], summary="Answer for a claim by name"
    )
    router.add_api_route(
        "/assets/{asset_id}/findings/{finding_id}/acceptance", accept_one, methods=["POST"],
        summary="Answer for a critical finding by name",
    )  # fmt: skip


async def index(desk: AtDesk, asked: Annotated[list_claims.Input, Query()]) -> list_claims.Output:
    return await desk.use(list_claims.LIST_CLAIMS, asked)


async def show(desk: AtDesk, asset_id: AssetId) -> LedgerView:
    async with desk.tx("assets:read") as conn:
        return await ledger_view(conn, desk.caller, await assets.get(conn, asset_id))


async def check(desk: AtDesk, asset_id: AssetId) -> LedgerView:
    return await desk.use(check_claims.CHECK_CLAIMS, {"assetId": asset_id})


async def find(desk: AtDesk, asset_id: AssetId, asked: Annotated[Words, Query()]) -> find_evidence.Output:
    return await desk.use(find_evidence.FIND_EVIDENCE, {"assetId": asset_id, "words": asked.q})


async def prove(desk: AtDesk, claim_id: UUID, asked: Evidence) -> ClaimView:
    given = {"claimId": claim_id, **asked.model_dump(by_alias=True)}
    return await desk.use(add_evidence.ADD_EVIDENCE, given)


async def accept(desk: AtDesk, claim_id: UUID, asked: Acceptance) -> ClaimView:
    given = {"claimId": claim_id, **asked.model_dump(by_alias=True)}
    return await desk.use(accept_claim.ACCEPT_CLAIM, given)


async def accept_one(desk: AtDesk, asset_id: AssetId, finding_id: str, asked: FindingAcceptance) -> LedgerView:
    given = {"assetId": asset_id, "findingId": finding_id, **asked.model_dump(by_alias=True)}
    return await desk.use(accept_finding.ACCEPT_FINDING, given)


async def decide(desk: AtDesk, asked: decide_assets.Input) -> decide_assets.Output:
    return await desk.use(decide_assets.DECIDE_ASSETS, asked)
