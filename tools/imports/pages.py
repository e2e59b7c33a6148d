"""A page of the web as an import: fetched from a public address, kept as it came, opened like any other file.

Only people and their programs bring pages, no agent: an address may carry what was read elsewhere out of the house.
"""

from urllib.parse import unquote, urlsplit

from knowledge.errors import Invalid
from knowledge.fetching.web import Fetched
from knowledge.files import uploads
from knowledge.ids import ClientId
from knowledge.imports.models import ImportKind
from tools.imports.opening import open_upload
from tools.imports.view import ImportView
from tools.spec import ToolContext

#: bytes of a page
LARGEST_PAGE = 10_000_000
LONGEST_NAME = 80
#: media type → (format, how its file is called)
FORMATS = {
    "text/html": ("html", ".html"),
    "application/xhtml+xml": ("html", ".html"),
    "application/pdf": ("pdf", ".pdf"),
    "text/plain": ("text_document", ".txt"),
}


async def open_page(
    context: ToolContext,
    url: str,
    *,
    kind: ImportKind | None = None,
    format: str | None = None,
    client_id: ClientId | None = None,
) -> ImportView:
    """Raises Invalid (``url``) for what may not be fetched or is no page, Upstream for a host that does not answer."""
    if kind not in (None, "document"):
        raise Invalid(fields={"kind": "a page is kept as a document; bring ads and quotes as files"})
    found = await context.work.web.fetch(url, most=LARGEST_PAGE, types=tuple(FORMATS))
    if not found.content.strip():
        raise Invalid(fields={"url": "leads to an empty page"})
    usual, ending = FORMATS[found.type]
    stored = await context.work.files.of(context.caller.org_id).put_bytes(found.content)
    async with context.tx() as conn:
        upload = await uploads.record(conn, context.caller, _name(found, ending), stored)
    options = {"uri": found.url.split("#", 1)[0]}
    if found.charset is not None and usual != "pdf":
        options["encoding"] = found.charset
    return await open_upload(context, upload, format=format or usual, client_id=client_id, options=options)


def _name(found: Fetched, ending: str) -> str:
    """``shop.example pricing.html``."""
    parts = urlsplit(found.url)
    last = unquote(parts.path).rstrip("/").rsplit("/", 1)[-1]
    last = last.removesuffix(ending).removesuffix(".htm")
    return f"{parts.hostname} {last}".strip()[:LONGEST_NAME] + ending
