"""The ads a client's team marked as worth learning from."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from knowledge.ids import ClientId
from knowledge.swipes.queries import list_client_swipes
from tools.clients.chosen import client_meant
from tools.clipping import clip
from tools.paging import Limit
from tools.spec import Tool, ToolContext, Wire

LONGEST_TEXT = 1_500


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    marked: Literal["good", "bad"] | None = Field(default=None, description="Only good, or only bad examples.")
    limit: Limit = 20


class Swipe(Wire):
    id: UUID
    title: str | None
    body: str | None
    cta: str | None
    format: str | None
    brand: str | None
    tags: list[str]
    angle_type: str | None
    notes: str | None
    is_good_example: bool
    is_bad_example: bool


class Output(Wire):
    swipes: list[Swipe]
    left_out: int


async def read_swipes(context: ToolContext, asked: Input) -> Output:
    """Read the client's example ads, good and bad. Learn from their structure; never copy their words."""
    async with context.tx() as conn:
        client_id = await client_meant(conn, context.caller, asked.client_id)
        swipes = await list_client_swipes(conn, client_id, 500)
    wanted = {"good": "is_good_example", "bad": "is_bad_example"}.get(asked.marked or "")
    found = [one for one in swipes if wanted is None or getattr(one, wanted)]
    shown = [
        Swipe.model_validate(
            {**one.model_dump(exclude={"client_id"}), "body": one.body and clip(one.body, LONGEST_TEXT)}
        )
        for one in found[: asked.limit]
    ]
    return Output(swipes=shown, left_out=len(found) - len(shown))


READ_SWIPES = Tool(
    name="read_swipes",
    title="Read swipes",
    input=Input,
    output=Output,
    run=read_swipes,
    scope="sources:read",
)
