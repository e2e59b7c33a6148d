"""New words in a piece. Whatever was approved before, the edited piece is a draft again."""

from typing import Any

from pydantic import Field

from knowledge.assets import service
from knowledge.assets.models import Asset
from knowledge.errors import Invalid
from knowledge.ids import AssetId
from tools.assets.read_again import read_again
from tools.assets.view import AssetView, asset_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    """What is left null stays as it is."""

    asset_id: AssetId = Field(description="Id of the piece.")
    content_hash: str = Field(max_length=128, description="contentHash of what you read.")
    title: str | None = Field(default=None, max_length=300, description="The title.")
    markdown: str | None = Field(default=None, max_length=200_000, description="An article's whole text, in Markdown.")
    slug: str | None = Field(default=None, max_length=200, description="An article's address part.")
    meta_description: str | None = Field(default=None, max_length=1_000, description="An article's description.")
    subject: str | None = Field(default=None, max_length=300, description="An email's subject.")
    preheader: str | None = Field(default=None, max_length=500, description="An email's preheader.")
    body_markdown: str | None = Field(default=None, max_length=200_000, description="An email's body, in Markdown.")
    plain_text: str | None = Field(default=None, max_length=200_000, description="An email's plain text.")
    call_to_action: str | None = Field(default=None, max_length=300, description="An email's call to action.")


async def edit_asset(context: ToolContext, asked: Input) -> AssetView:
    """Change the words of a piece. Makes its next version, a draft; refused when it changed since you read it."""
    async with context.tx() as conn:
        asset = await service.get(conn, asked.asset_id)
        title, content = _edited(asset, asked)
        edited = await service.edit(
            conn,
            asset.id,
            title=title,
            content=content,
            shown_hash=asked.content_hash,
            by_person=context.caller.by_person,
        )
        return await asset_view(conn, context.caller, edited)


_PARTS = ("markdown", "slug", "metaDescription", "subject", "preheader", "bodyMarkdown", "plainText", "callToAction")


def _edited(asset: Asset, asked: Input) -> tuple[str, dict[str, Any]]:
    given = asked.model_dump(by_alias=True, exclude_none=True, include=_FIELDS)
    foreign = [name for name in _PARTS if name in given and name not in asset.content]
    if foreign:
        raise Invalid(fields=dict.fromkeys(foreign, f"is no part of this {asset.format}"))
    if asset.format.startswith("email") and "subject" in given:
        given.setdefault("title", given["subject"])
    title = " ".join(given.pop("title", asset.title).split())
    if not title:
        raise Invalid(fields={"title": "is empty"})
    content = {**asset.content, **given}
    if content == asset.content and title == asset.title:
        raise Invalid("Nothing is changed by this.")
    if "title" in asset.content:
        content["title"] = title
    return title, content


_FIELDS = set(Input.model_fields) - {"asset_id", "content_hash"}

EDIT_ASSET = Tool(
    name="edit_asset",
    title="Edit a piece",
    input=Input,
    output=AssetView,
    run=edit_asset,
    scope="assets:write",
    changes=True,
    after=read_again,
)
