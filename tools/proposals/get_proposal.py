"""Proposed edits of a piece, to look at."""

from uuid import UUID

from pydantic import Field

from knowledge.assets import service as assets
from knowledge.errors import Invalid
from knowledge.ids import AssetId
from knowledge.proposals import queries
from tools.proposals.view import ProposalView, get_proposal_view, proposal_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    """One of both."""

    proposal_id: UUID | None = Field(default=None, description="Id of the proposal.")
    asset_id: AssetId | None = Field(default=None, description="The piece: gives its newest open proposal.")


class Output(Wire):
    """Null when nothing is proposed for the piece."""

    proposal: ProposalView | None


async def get_proposal(context: ToolContext, asked: Input) -> Output:
    """Read what polishing or optimising proposes for a piece: each change, and the content score before and after."""
    async with context.tx() as conn:
        if asked.proposal_id is not None:
            return Output(proposal=await get_proposal_view(conn, asked.proposal_id))
        if asked.asset_id is None:
            raise Invalid(fields={"assetId": "say which piece, or which proposal"})
        await assets.get(conn, asked.asset_id)
        found = await queries.newest(conn, asked.asset_id)
        return Output(proposal=await proposal_view(conn, found) if found else None)


GET_PROPOSAL = Tool(
    name="get_proposal",
    title="Look at proposed edits",
    input=Input,
    output=Output,
    run=get_proposal,
    scope="assets:read",
)
