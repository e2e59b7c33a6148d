"""The claims of a piece, or those of a client that stand open."""

from pydantic import Field

from knowledge.assets import service as assets
from knowledge.claims import queries
from knowledge.claims.models import ClaimKind, ClaimStatus
from knowledge.claims.service import ensure_read
from knowledge.errors import Invalid
from knowledge.ids import AssetId, ClientId
from tools.claims.view import ClaimView, claim_views
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId | None = Field(default=None, description="Only this piece's claims, in reading order.")
    client_id: ClientId | None = Field(default=None, description="Only this client's, of every piece.")
    status: ClaimStatus | None = Field(default=None, description="supported, unsupported, contradicted or opinion.")
    kind: ClaimKind | None = Field(default=None, description="Only this kind: price, guarantee, testimonial …")
    limit: int = Field(default=100, ge=1, le=500, description="At most so many.")
    offset: int = Field(default=0, ge=0, le=100_000, description="So many are passed over.")


class Output(Wire):
    """``more``: there are others after these."""

    items: list[ClaimView]
    more: bool


async def list_claims(context: ToolContext, asked: Input) -> Output:
    """List the factual sentences of a piece with their evidence and status, or a client's claims over all pieces. What is
    unsupported or contradicted stands in the way of approval: add evidence, change the sentence, or have it accepted."""
    if asked.asset_id is None and asked.client_id is None:
        raise Invalid(fields={"assetId": "name a piece or a client"})
    async with context.tx() as conn:
        if asked.asset_id is not None:
            await ensure_read(conn, await assets.get(conn, asked.asset_id))
        rows = await queries.list_claims(
            conn,
            asset_id=asked.asset_id,
            client_id=asked.client_id,
            status=asked.status,
            kind=asked.kind,
            limit=asked.limit + 1,
            offset=asked.offset,
        )
        return Output(items=await claim_views(conn, rows[: asked.limit]), more=len(rows) > asked.limit)


LIST_CLAIMS = Tool(
    name="list_claims",
    title="Claims",
    input=Input,
    output=Output,
    run=list_claims,
    scope="assets:read",
)
