"""Evidence for a claim, word for word."""

from datetime import date
from uuid import UUID

from pydantic import Field

from knowledge.claims import service
from knowledge.claims.models import EvidenceKind
from tools.claims.view import ClaimView, claim_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    claim_id: UUID = Field(description="The claim, from list_claims.")
    kind: EvidenceKind = Field(description="voc, document, source (an opened page), canon, intake or offer.")
    id: str = Field(
        max_length=2_000,
        description="Id of the quote or document; the page's address; or <document id>#<field> of the canon or intake.",
    )
    quote: str = Field(max_length=4_000, description="The words there that carry the claim, exactly as they stand.")
    expires_on: date | None = Field(default=None, description="The last day on which it may be relied on.")


async def add_evidence(context: ToolContext, asked: Input) -> ClaimView:
    """Put evidence to a claim. The quote must stand there word for word, and figures have to be the same as the claim's;
    answers with the claim as it stands then. Never paraphrase the quote."""
    async with context.tx() as conn:
        claim = await service.add_evidence(
            conn,
            context.caller,
            asked.claim_id,
            kind=asked.kind,
            id=asked.id,
            quote=asked.quote,
            expires_on=asked.expires_on,
        )
        return await claim_view(conn, claim)


ADD_EVIDENCE = Tool(
    name="add_evidence",
    title="Add evidence to a claim",
    input=Input,
    output=ClaimView,
    run=add_evidence,
    scope="assets:write",
    changes=True,
)
