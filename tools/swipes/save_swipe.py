"""An ad kept: saved or a favourite, an example for a client, or a client's own ad put into the library."""

from uuid import UUID

from pydantic import Field

from knowledge.errors import Invalid
from knowledge.files import uploads
from knowledge.ids import ClientId
from knowledge.media import service as media
from knowledge.swipes import marking
from knowledge.swipes.marking import Marks, OwnAd
from tools.clients.chosen import client_meant
from tools.spec import Tool, ToolContext, Wire
from tools.swipes.view import SwipeView, get_view


class About(Wire):
    """What the ad is to a client; null leaves as it is."""

    good: bool | None = Field(default=None, description="A good example.")
    bad: bool | None = Field(default=None, description="A bad example.")
    notes: str | None = Field(default=None, max_length=5_000, description="Why, and what to learn from it.")
    icp_id: str | None = Field(default=None, max_length=200, description="Audience (ICP) it speaks to.")
    funnel_stage_id: str | None = Field(default=None, max_length=200, description="Funnel stage it is for.")
    angle_type: str | None = Field(default=None, max_length=200, description="Its angle: pain, proof, humor …")
    tags: list[str] | None = Field(default=None, max_length=40, description="Tags for this client alone.")


class Own(Wire):
    """A client's own ad, in its own words."""

    title: str | None = Field(default=None, max_length=500)
    body: str | None = Field(default=None, max_length=20_000)
    channel: str | None = Field(default=None, max_length=100)
    format: str | None = Field(default=None, max_length=100)
    landing_page: str | None = Field(default=None, max_length=2_000)
    upload_id: UUID | None = Field(default=None, description="Its picture: a file brought before (POST /api/uploads).")


class Input(About):
    swipe_id: UUID | None = Field(default=None, description="An ad of the library; null: a client's own ad.")
    own: Own | None = Field(default=None, description="The client's own ad, when it is none of the library.")
    saved: bool | None = Field(default=None, description="Kept in the saved ads, or no longer.")
    favorite: bool | None = Field(default=None, description="A favourite, or no longer.")
    client_id: ClientId | None = Field(
        default=None, description="The client it is an example for; null: the chosen one."
    )


async def save_swipe(context: ToolContext, asked: Input) -> SwipeView:
    """Save an ad, mark it as a good or bad example for a client with notes, or keep a client's own ad."""
    org_id = context.caller.org_id
    if (asked.swipe_id is None) == (asked.own is None):
        raise Invalid(fields={"swipeId": "name an ad of the library, or give the client's own"})
    own = await _own(context, asked.own) if asked.own else None
    async with context.tx() as conn:
        if asked.swipe_id is None or own is not None:
            client_id = await client_meant(conn, context.caller, asked.client_id)
            id = await marking.add_own(conn, org_id, client_id, own or OwnAd(), marks_of(asked))
            return await get_view(conn, id)
        if asked.saved is not None or asked.favorite is not None:
            await marking.mark(conn, asked.swipe_id, saved=asked.saved, favorite=asked.favorite)
        if asked.client_id is not None or any(getattr(asked, name) is not None for name in About.model_fields):
            client_id = await client_meant(conn, context.caller, asked.client_id)
            await marking.link(conn, org_id, asked.swipe_id, client_id, marks_of(asked))
        return await get_view(conn, asked.swipe_id)


async def _own(context: ToolContext, asked: Own) -> OwnAd:
    """With its picture made small and kept. Raises Invalid (``uploadId``), NotFound."""
    words = asked.model_dump(exclude={"upload_id"})
    if asked.upload_id is None:
        return OwnAd(**words)
    async with context.tx() as conn:
        upload = await uploads.get(conn, asked.upload_id)
    files = context.work.files.of(context.caller.org_id)
    return OwnAd(**words, media=[await media.own_picture(files, upload)])


def marks_of(asked: About) -> Marks:
    return Marks(**asked.model_dump(include=set(About.model_fields)))


SAVE_SWIPE = Tool(
    name="save_swipe",
    title="Save an ad",
    input=Input,
    output=SwipeView,
    run=save_swipe,
    scope="swipes:write",
    changes=True,
)
