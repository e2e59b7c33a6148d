"""A piece as a file to take away: Markdown, HTML, Word.

What always holds: what was rejected, or rests on a document that is flagged for review, is not exported; what is not
approved says "draft" in its name.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from knowledge.assets import queries
from knowledge.assets.models import Asset
from knowledge.assets.words import text_of
from knowledge.db import Connection
from knowledge.errors import Blocked, Invalid
from knowledge.publishing.rendering import for_readers, page_html
from knowledge.publishing.word_file import word_file

FileKind = Literal["markdown", "html", "docx"]
#: the ending and the media type of each
FILE_TYPES: dict[FileKind, tuple[str, str]] = {
    "markdown": ("md", "text/markdown; charset=utf-8"),
    "html": ("html", "text/html; charset=utf-8"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@dataclass(frozen=True)
class Exported:
    name: str
    type: str
    content: bytes


async def export(conn: Connection, asset: Asset, kind: FileKind) -> Exported:
    """Raises Blocked with every reason, and Invalid for a piece that has no such file."""
    reasons = [] if asset.status != "rejected" else ["the piece is rejected"]
    flagged = await queries.flagged_behind(conn, asset)
    reasons += [f"{doc.type} is flagged for review (v{doc.version}): {doc.flagged_reason}" for doc in flagged]
    if reasons:
        raise Blocked(f"Exporting is blocked: {'; '.join(reasons)}", reasons=reasons)
    ending, type = FILE_TYPES[kind]
    return Exported(f"{file_stem(asset)}.{ending}", type, content_of(asset, kind))


def content_of(asset: Asset, kind: FileKind) -> bytes:
    content = asset.content
    markdown = text_of(content)
    if not markdown.strip():
        raise Invalid("This piece holds no text that could be exported.")
    description, language = str(content.get("metaDescription") or ""), str(content.get("language") or "")
    if kind == "docx":
        return word_file(title=asset.title, description=description, language=language, markdown=markdown)
    if kind == "markdown":
        return for_readers(markdown).encode()
    if isinstance(content.get("html"), str):  # an email has its own
        return str(content["html"]).encode()
    blocks = content.get("jsonLd") if isinstance(content.get("jsonLd"), list) else None
    facts = {"title": asset.title, "description": description, "language": language}
    return page_html(**facts, markdown=markdown, blocks=blocks).encode()


def file_stem(asset: Asset) -> str:
    """The slug or the title as a file's name, with what it is when nobody has approved it."""
    said = str(asset.content.get("slug") or asset.title)
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:80] or "piece"
    return stem if asset.status in ("approved", "published") else f"{stem}-draft"
