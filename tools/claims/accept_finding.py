"""A person answers by name for a critical finding."""

from pydantic import Field

from knowledge.assets import service as assets
from knowledge.claims import blocking, service
from knowledge.errors import Conflict, NotFound
from knowledge.ids import AssetId
from tools.claims.view import LedgerView, ledger_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="The piece.")
    finding_id: str = Field(max_length=300, description="Id of the critical finding, from check_claims.")
    content_hash: str = Field(max_length=128, description="contentHash of what was shown.")
    note: str = Field(max_length=4_000, description="What the person relies on; kept with their name.")


async def accept_finding(context: ToolContext, asked: Input) -> LedgerView:
    """Accept a critical finding of the preflight by name (legal, partner or admin). It holds for exactly this content."""
    async with context.tx() as conn:
        asset = await assets.lock(conn, asked.asset_id)
        if asset.content_hash != asked.content_hash:
            raise Conflict(f"v{asset.version} is newer than what you were shown; look at it, then decide.")
        if asked.finding_id not in {one["id"] for one in await blocking.open_findings(conn, asset)}:
            raise NotFound("There is no such critical finding on this version.")
        await service.accept_finding(conn, context.caller, asset, asked.finding_id, asked.note)
        return await ledger_view(conn, context.caller, asset)


ACCEPT_FINDING = Tool(
    name="accept_finding",
    title="Accept a finding",
    input=Input,
    output=LedgerView,
    run=accept_finding,
    scope="assets:decide",
    changes=True,
    people_only=True,
)
