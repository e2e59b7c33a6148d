"""Whether a document may be built now, and every reason why not."""

from pydantic import Field

from knowledge.artifacts import store
from knowledge.artifacts.registry import SPECS, ArtifactType
from knowledge.errors import Invalid
from knowledge.ids import CampaignId, ClientId
from tools.clients.chosen import campaign_meant, client_meant
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    type: ArtifactType = Field(description="The type of document that is to be built.")
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    campaign_id: CampaignId | None = Field(default=None, description="The campaign; null: the chosen one.")


class Output(Wire):
    type: ArtifactType
    allowed: bool
    sentence: str
    reasons: list[str]


async def check_gate(context: ToolContext, asked: Input) -> Output:
    """Ask whether a document of a type can be built now. When not, every reason is given at once."""
    async with context.tx() as conn:
        client_id = await client_meant(conn, context.caller, asked.client_id)
        campaign_id = await campaign_meant(conn, context.caller, client_id, asked.campaign_id)
        if SPECS[asked.type].scope == "campaign" and campaign_id is None:
            raise Invalid(fields={"campaignId": "no campaign is chosen; name one, or choose one first"})
        gate = await store.gate(conn, asked.type, client_id, campaign_id)
    return Output(type=asked.type, allowed=gate.allowed, sentence=gate.sentence, reasons=list(gate.reasons))


CHECK_GATE = Tool(
    name="check_gate",
    title="Check a gate",
    input=Input,
    output=Output,
    run=check_gate,
    scope="artifacts:read",
)
