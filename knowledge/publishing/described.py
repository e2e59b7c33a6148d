"""A piece's structured data kept in step with its words: written anew from whatever the text says now."""

from typing import Any

from knowledge.assets.models import Asset
from knowledge.clients import service as clients
from knowledge.clients.models import Client
from knowledge.db import Connection
from knowledge.publishing.structured_data import structured_data

#: the formats that are pages of a site
PAGES = ("blog_post", "landing_page")


async def with_structured_data(conn: Connection, asset: Asset, title: str, content: dict[str, Any]) -> dict[str, Any]:
    """``content`` with ``jsonLd`` from its own words; as it is when the piece is no page."""
    if asset.format not in PAGES or not isinstance(content.get("markdown"), str):
        return content
    client = await clients.get_client(conn, asset.client_id)
    return {**content, "jsonLd": describe(client, asset.format, title, content)}


def describe(client: Client, format: str, title: str, content: dict[str, Any]) -> list[dict[str, Any]]:
    return structured_data(
        title=title,
        description=str(content.get("metaDescription") or ""),
        markdown=str(content["markdown"]),
        language=str(content.get("language") or ""),
        client_name=client.name,
        website=client.website or "",
        landing=format == "landing_page",
    )
