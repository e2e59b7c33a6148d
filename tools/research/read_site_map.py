"""The client's own pages: from its site map, or named one by one. Articles link to these."""

from datetime import datetime

from pydantic import Field

from knowledge.clients import service as clients
from knowledge.errors import Invalid
from knowledge.ids import ClientId
from knowledge.research import own_pages
from knowledge.research.opening import Opener, address
from knowledge.research.own_pages import Listed
from knowledge.research.site_map import read_site_map as read
from tools.addresses import check_named
from tools.clients.chosen import client_meant
from tools.spec import Tool, ToolContext, Wire

MOST_PAGES = 1_000


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    url: str | None = Field(
        default=None,
        max_length=2_000,
        description="Site or site map, as the person wrote it; null: the client's website.",
    )
    pages: list[str] = Field(
        default=[], max_length=MOST_PAGES, description="Addresses of own pages, where there is no site map."
    )


class Output(Wire):
    """``pages``: how many of the client's pages are known now. ``skipped``: addresses that are no pages of this site."""

    client_id: ClientId
    pages: int
    url: str | None
    files: int
    skipped: int
    notes: list[str]
    read_at: datetime | None
    sentence: str


async def read_site_map(context: ToolContext, asked: Input) -> Output:
    """Read which pages the client's own site has, so that articles can link to them."""
    caller = context.caller
    async with context.tx() as conn:
        client_id = await client_meant(conn, caller, asked.client_id)
        await check_named(conn, context, [*([asked.url] if asked.url else [])], "url")
        await check_named(conn, context, asked.pages, "pages")
        client = await clients.get_client(conn, client_id)
        if asked.pages:
            given = [Listed(address(url)) for url in asked.pages]
            await own_pages.keep(conn, caller.org_id, client_id, given, "given")
    website = asked.url or client.website
    if website and not (asked.pages and not asked.url):
        website = website if "://" in website else f"https://{website}"
        opener = Opener(context.db, caller.org_id, context.work.web)
        await read(context.db, caller.org_id, client_id, opener, website)
    elif not asked.pages:
        raise Invalid(fields={"url": f"{client.name} has no website on file; name its address"})
    return await _output(context, client_id)


async def _output(context: ToolContext, client_id: ClientId) -> Output:
    async with context.tx() as conn:
        row = await own_pages.find_site_map(conn, client_id)
        count = await own_pages.count(conn, client_id)
    sentence = f"{count:,} pages of the client's own site are known." if count != 1 else "One own page is known."
    return Output(
        client_id=client_id,
        pages=count,
        url=row.url if row else None,
        files=row.files if row else 0,
        skipped=row.skipped if row else 0,
        notes=row.notes if row else [],
        read_at=row.read_at if row else None,
        sentence=sentence,
    )


READ_SITE_MAP = Tool(
    name="read_site_map",
    title="Read the site map",
    input=Input,
    output=Output,
    run=read_site_map,
    scope="research:write",
    changes=True,
    repeatable=True,  # the same pages are listed once
)
