"""An email as a file: HTML, the message itself, plain text, or MJML."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from knowledge.artifacts import queries as artifacts
from knowledge.assets import service
from knowledge.assets.models import Asset
from knowledge.db import Connection
from knowledge.emails import render
from knowledge.emails.eml import template_copy, to_message
from knowledge.errors import Blocked
from knowledge.ids import AssetId
from tools.emails.view import email_content
from tools.spec import Tool, ToolContext, Wire

Format = Literal["html", "eml", "text", "mjml"]
TYPES: dict[Format, tuple[str, str]] = {
    "html": ("html", "text/html; charset=utf-8"),
    "eml": ("eml", "message/rfc822"),
    "text": ("txt", "text/plain; charset=utf-8"),
    "mjml": ("mjml", "text/plain; charset=utf-8"),
}
#: stands in the sender's place of a file; the sending service puts its own there
SENDER = "sender@example.com"


class Input(Wire):
    asset_id: AssetId = Field(description="Id of the email.")
    format: Format = Field(default="html", description="html, eml, text or mjml.")


class Output(Wire):
    filename: str
    media_type: str
    content: str


async def export_email(context: ToolContext, asked: Input) -> Output:
    """Take an email out as HTML, as a message (.eml, with unsubscribe headers), as plain text or as MJML."""
    async with context.tx() as conn:
        asset = await service.get(conn, asked.asset_id)
        if asset.status == "rejected":
            raise Blocked("This email was rejected; it cannot be taken out until it is edited and approved.")
        content = await _content(conn, asset, asked.format)
    ending, media_type = TYPES[asked.format]
    return Output(filename=f"{file_name(asset)}.{ending}", media_type=media_type, content=content)


async def _content(conn: Connection, asset: Asset, format: Format) -> str:
    content = email_content(asset)
    match format:
        case "html":
            return str(content.get("html") or "")
        case "text":
            return str(content.get("plainText") or "")
        case "mjml":
            canon = await artifacts.latest(conn, asset.client_id, "client_canon")
            return (await asyncio.to_thread(render, content, canon.data if canon else None)).mjml
        case "eml":
            at = asset.updated_at.astimezone(UTC)
            message = to_message(
                content, template_copy(content), at=at, message_id=_message_id(asset, at), sender=SENDER
            )
            return message.as_bytes().decode("ascii", "surrogateescape")


def _message_id(asset: Asset, at: datetime) -> str:
    return f"{asset.id}.{asset.version}.{at:%Y%m%d%H%M%S}@adroom.invalid"


def file_name(asset: Asset) -> str:
    """The title in plain letters, and whether it is a draft."""
    words = re.sub(r"[^\w]+", "-", asset.title, flags=re.UNICODE).strip("-").lower()[:60] or "email"
    return words if asset.status in ("approved", "published") else f"{words}-draft"


EXPORT_EMAIL = Tool(
    name="export_email",
    title="Take an email out",
    input=Input,
    output=Output,
    run=export_email,
    scope="assets:read",
)
