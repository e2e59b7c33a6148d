"""A person answers by name for a claim that nothing on file carries."""

from datetime import date
from uuid import UUID

from pydantic import Field

from knowledge.claims import service
from tools.claims.view import ClaimView, claim_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    claim_id: UUID = Field(description="The claim, from list_claims.")
    note: str = Field(default="", max_length=4_000, description="What the person relies on; kept with their name.")
    expires_on: date | None = Field(default=None, description="The last day on which the acceptance counts.")
    accepted: bool = Field(default=True, description="False: take an acceptance back.")


async def accept_claim(context: ToolContext, asked: Input) -> ClaimView:
    """Accept a claim without evidence by name (legal, partner or admin), or take that back. It holds for this sentence
    as long as its words stay the same, up to its last day."""
    async with context.tx() as conn:
        if asked.accepted:
            claim = await service.accept(
                conn, context.caller, asked.claim_id, note=asked.note, expires_on=asked.expires_on
            )
        else:
            claim = await service.withdraw(conn, context.caller, asked.claim_id)
        return await claim_view(conn, claim)


ACCEPT_CLAIM = Tool(
    name="accept_claim",
    title="Accept a claim",
    input=Input,
    output=ClaimView,
    run=accept_claim,
    scope="assets:decide",
    changes=True,
    people_only=True,
)
