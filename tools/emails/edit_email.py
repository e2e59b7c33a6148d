"""Another subject, body, address or day for one email. What is sent is made again from it, and waits to be approved."""

from typing import Any

from pydantic import Field

from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.errors import Conflict, Invalid
from knowledge.ids import AssetId
from knowledge.json_values import as_object
from knowledge.series import service as series
from knowledge.series.models import LAST_DAY
from tools.assets.read_again import read_again
from tools.assets.view import AssetView, asset_view
from tools.emails.view import email_content
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    """What is left null stays as it is."""

    asset_id: AssetId = Field(description="Id of the email.")
    content_hash: str = Field(max_length=128, description="contentHash of what you read.")
    subject: str | None = Field(default=None, max_length=300, description="The subject.")
    subjects: list[str] | None = Field(default=None, max_length=5, description="Other subjects, to try against it.")
    preheader: str | None = Field(default=None, max_length=500, description="The preheader.")
    body_markdown: str | None = Field(default=None, max_length=200_000, description="The body, in Markdown.")
    plain_text: str | None = Field(default=None, max_length=200_000, description="A plain text of one's own.")
    call_to_action: str | None = Field(default=None, max_length=300, description="The button's words.")
    link: str | None = Field(default=None, max_length=2_000, description="The button's address.")
    sender_name: str | None = Field(default=None, max_length=200, description="Who it comes from.")
    postal_address: str | None = Field(
        default=None, max_length=500, description="The sender's postal address; empty: the sending service fills it in."
    )
    unsubscribe_url: str | None = Field(
        default=None, max_length=2_000, description="Where readers unsubscribe; empty: the sending service's own."
    )
    merge_fields: list[str] | None = Field(
        default=None, max_length=500, description="The fields that the sending service has; empty: not known."
    )
    day: int | None = Field(default=None, ge=0, le=LAST_DAY, description="In a series: days after its start.")
    purpose: str | None = Field(default=None, max_length=200, description="In a series: what it is to achieve.")


async def edit_email(context: ToolContext, asked: Input) -> AssetView:
    """Change an email's words, addresses or, in a series, its day. New words make its next version, a draft; refused when
    it changed since you read it."""
    async with context.tx() as conn:
        asset = await assets.get(conn, asked.asset_id)
        if asset.content_hash != asked.content_hash:
            raise Conflict(
                f"v{asset.version} is newer than what you read; look at it, then edit.", version=asset.version
            )
        content = _edited(asset, asked)
        moved = asked.day is not None or asked.purpose is not None
        if moved:
            await series.move(conn, asset.id, asked.day, asked.purpose)
        elif content == asset.content:
            raise Invalid("Nothing is changed by this.")
        if content != asset.content:
            title = " ".join(str(content.get("subject") or "").split())[:300] or asset.title
            asset = await assets.edit(
                conn,
                asset.id,
                title=title,
                content=content,
                shown_hash=asked.content_hash,
                by_person=context.caller.by_person,
            )
        return await asset_view(conn, context.caller, asset)


def _edited(asset: Asset, asked: Input) -> dict[str, Any]:
    content = email_content(asset)
    given = asked.model_dump(by_alias=True, exclude_none=True, include=_COPIED)
    for name in _ONE_LINE & given.keys():
        given[name] = " ".join(given[name].split())
    if given.get("subject") == "":
        raise Invalid(fields={"subject": "is empty"})
    if asked.call_to_action is not None or asked.link is not None:
        given |= _with_action(content, asked, given.get("bodyMarkdown"))
    return {**content, **given}


def _with_action(content: dict[str, Any], asked: Input, body: str | None) -> dict[str, Any]:
    """The button's words and address, in the body too where it stands there as a bold link."""
    action = content.get("callToAction")
    old = {"label": action, "url": None} if isinstance(action, str) else as_object(action)
    new = {"label": asked.call_to_action or old.get("label") or "", "url": asked.link or old.get("url")}
    text = str(content.get("bodyMarkdown") or "") if body is None else body
    written = (f"**[{old.get('label')}]({old.get('url')})**", f"**{old.get('label')}**")
    button = f"**[{new['label']}]({new['url']})**" if new["url"] else f"**{new['label']}**"
    for form in written:
        text = text.replace(form, button)
    return {"callToAction": new, "bodyMarkdown": text}


_COPIED = {"subject", "subjects", "preheader", "body_markdown", "plain_text", "sender_name", "postal_address",
           "unsubscribe_url", "merge_fields"}  # fmt: skip
_ONE_LINE = frozenset({"subject", "preheader", "senderName", "postalAddress", "unsubscribeUrl"})

EDIT_EMAIL = Tool(
    name="edit_email",
    title="Edit an email",
    input=Input,
    output=AssetView,
    run=edit_email,
    scope="assets:write",
    changes=True,
    after=read_again,
)
