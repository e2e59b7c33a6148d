"""A person's decision on a piece."""

from pydantic import Field

from knowledge.approvals import service as approvals
from knowledge.approvals.models import Decision
from knowledge.assets import service
from knowledge.ids import AssetId
from tools.assets.view import AssetView, get_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="The piece that was shown.")
    decision: Decision = Field(description="approved, rejected or changes_requested.")
    content_hash: str = Field(max_length=128, description="contentHash of what was shown.")
    notes: str = Field(default="", max_length=20_000, description="What should change, or why; needed for changes.")


async def decide_asset(context: ToolContext, asked: Input) -> AssetView:
    """Approve, reject or send back a piece, bound to the content that was shown."""
    async with context.tx() as conn:
        asset = await service.get(conn, asked.asset_id)
        decided = await approvals.decide_subject(
            conn,
            caller=context.caller,
            subject_type="asset",
            subject_id=asset.id,
            gate="asset",
            decision=asked.decision,
            shown_hash=asked.content_hash,
            notes=asked.notes,
        )
        view = await get_view(conn, context.caller, asset.id)
    context.decided(decided.approval)
    return view


DECIDE_ASSET = Tool(
    name="decide_asset",
    title="Decide on a piece",
    input=Input,
    output=AssetView,
    run=decide_asset,
    scope="assets:decide",
    changes=True,
    people_only=True,
)
