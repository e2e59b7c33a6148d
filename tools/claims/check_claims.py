"""The claims of a piece read and judged again."""

from pydantic import Field

from knowledge.assets import service as assets
from knowledge.claims.service import check
from knowledge.ids import AssetId
from tools.claims.view import LedgerView, ledger_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="The piece.")


async def check_claims(context: ToolContext, asked: Input) -> LedgerView:
    """Read the claims of a piece again and judge them by what is on file now: after the canon, customers' words or
    documents have changed. Where a model is set up that has not read this version, it does so now. Answers with every claim
    and with what stands in the way of approval."""
    await context.work.critics.read_claims(context.caller, asked.asset_id)
    async with context.tx() as conn:
        asset = await assets.lock(conn, asked.asset_id)
        await check(conn, asset)
        return await ledger_view(conn, context.caller, asset)


CHECK_CLAIMS = Tool(
    name="check_claims",
    title="Check the claims",
    input=Input,
    output=LedgerView,
    run=check_claims,
    scope="assets:write",
    changes=True,
    repeatable=True,
)
