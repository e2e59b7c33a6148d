"""A stored piece, held against the rules as the client's documents stand now."""

from pydantic import Field

from knowledge.assets import service
from knowledge.checks.piece import of_asset
from knowledge.checks.reports import ensure_checked
from knowledge.claims import findings
from knowledge.claims.blocking import OF_EVIDENCE
from knowledge.claims.service import check
from knowledge.ids import AssetId
from tools.checks.view import ReviewView, review_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="Id of the piece, from list_assets.")


async def check_asset(context: ToolContext, asked: Input) -> ReviewView:
    """Check a piece against the rules again, and its claims against what is on file, for instance after the canon or the
    research changed; the report, the content score and the claims are kept with it. Each finding names the place, what
    shows it and how to mend it."""
    async with context.tx() as conn:
        asset = await service.get(conn, asked.asset_id)
        report = await ensure_checked(conn, asset)
        stated = findings.of_ledger(await check(conn, asset))
    report.findings = [
        *findings.findings(stated, client=True),
        *findings.without_repeats(report.findings, stated, OF_EVIDENCE),
    ]
    return review_view(report, of_asset(asset).language, stated)


CHECK_ASSET = Tool(
    name="check_asset",
    title="Check a piece",
    input=Input,
    output=ReviewView,
    run=check_asset,
    scope="assets:write",
    changes=True,
    repeatable=True,
)
