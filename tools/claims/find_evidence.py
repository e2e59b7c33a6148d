"""What on file might carry a claim."""

from pydantic import Field

from knowledge.assets import service as assets
from knowledge.claims import evidence
from knowledge.ids import AssetId
from tools.claims.view import EvidenceView
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="The piece whose client's material is searched.")
    words: str = Field(min_length=1, max_length=1_000, description="The claim, or words to look for.")


class Output(Wire):
    """The best first; ``kind``, ``id`` and ``quote`` as add_evidence takes them."""

    items: list[EvidenceView]


async def find_evidence(context: ToolContext, asked: Input) -> Output:
    """Look for evidence for a claim in the client's approved canon and intake, documents, opened pages and customers'
    words. Each hit is a verbatim passage; put the one that carries the claim to it with add_evidence."""
    async with context.tx() as conn:
        asset = await assets.get(conn, asked.asset_id)
        found = await evidence.find_evidence(conn, asset, asked.words)
    return Output(items=[EvidenceView(kind=one.kind, id=one.id, quote=one.text, title=one.title) for one in found])


FIND_EVIDENCE = Tool(
    name="find_evidence",
    title="Find evidence",
    input=Input,
    output=Output,
    run=find_evidence,
    scope="assets:read",
)
