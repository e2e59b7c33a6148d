"""Why a piece may not be approved or published yet: every claim that nothing carries and nobody answers for, and every
critical finding of the preflight; each reason names the sentence."""

from datetime import date
from typing import Any
from uuid import UUID

from knowledge.artifacts.queries import latest
from knowledge.assets.models import Asset
from knowledge.claims import queries
from knowledge.claims.matching import kind_words
from knowledge.claims.models import Claim
from knowledge.claims.service import OPEN, check
from knowledge.db import Connection
from knowledge.json_values import as_object
from knowledge.one_line import one_line

REVIEWER = "preflight"
#: rules of the preflight that ask for evidence, as the ledger does sentence by sentence
OF_EVIDENCE = ("compliance.study", "compliance.health", "compliance.finance", "compliance.environment",
               "compliance.testimonial")  # fmt: skip
LONGEST = 140


async def reasons(conn: Connection, asset: Asset) -> list[str]:
    """Empty when nothing stands in the way. The claims are judged anew."""
    claims = await check(conn, asset)
    findings = [check for check in await open_findings(conn, asset) if not covered(check, claims)]
    return [*(claim_reason(claim) for claim in claims if stands_open(claim)), *map(finding_reason, findings)]


def covered(check: dict[str, Any], claims: list[Claim]) -> bool:
    """Whether the finding asks for evidence of a sentence that is in the ledger: it is settled there, and named once."""
    where = as_object(check.get("where"))
    if not str(check["id"]).startswith(OF_EVIDENCE) or where.get("start") is None:
        return False
    return any(
        claim.part == where["part"] and claim.start_at < where["end"] and where["start"] < claim.end_at
        for claim in claims
        if claim.kind != "general"
    )


def stands_open(claim: Claim) -> bool:
    """Whether the claim lacks evidence and nobody answers for it today."""
    return claim.status in OPEN and claim.kind != "general" and not is_accepted(claim)


def is_accepted(claim: Claim) -> bool:
    return claim.accepted_at is not None and (claim.expires_on is None or claim.expires_on >= date.today())


def claim_reason(claim: Claim) -> str:
    lapsed = claim.accepted_at is not None and not is_accepted(claim)
    until = f" The acceptance ended on {claim.expires_on}." if lapsed else ""
    return f"{kind_words(claim.kind).capitalize()} “{one_line(claim.text, LONGEST)}”: {claim.reason}{until}"


async def open_findings(conn: Connection, asset: Asset) -> list[dict[str, Any]]:
    """The critical findings of the preflight on this version that nobody has accepted for this content."""
    report = await latest(conn, asset.client_id, "qa_report", asset.campaign_id, f"{asset.id}:{REVIEWER}")
    if report is None or report.data.get("assetVersion") != asset.version:
        return []
    accepted = {one.check_id for one in await queries.accepted_findings(conn, asset.id, asset.content_hash)}
    return [one for one in report.data.get("checks", []) if is_critical(one) and one["id"] not in accepted]


def is_critical(check: dict[str, Any]) -> bool:
    return not check["passed"] and check["severity"] == "critical"


def finding_reason(check: dict[str, Any]) -> str:
    words = str(as_object(check.get("where")).get("text") or "")
    named = f" “{one_line(words, LONGEST)}”" if words else ""
    return f"{check['rule'].rstrip('.')}:{named} {check.get('evidence') or ''}".strip()


async def counts(conn: Connection, ids: list[UUID]) -> dict[UUID, int]:
    """How many claims of each piece's present version stand open."""
    return await queries.open_claims(conn, ids) if ids else {}


async def critical_counts(conn: Connection, ids: list[UUID]) -> dict[UUID, int]:
    """How many critical findings of the preflight stand open, beside those that the ledger settles."""
    return await queries.critical_findings(conn, ids, OF_EVIDENCE) if ids else {}
