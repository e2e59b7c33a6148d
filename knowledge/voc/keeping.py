"""One customer's words, kept verbatim and findable; for whole files see knowledge/imports."""

from datetime import date
from uuid import UUID

from knowledge.db import Connection
from knowledge.ids import OrgId
from knowledge.imports.drafts import quote_drafts
from knowledge.imports.records import QuoteRecord
from knowledge.search.chunks import replace_chunks
from knowledge.voc import queries
from knowledge.voc.models import VocKind
from knowledge.voc.themes import sentiment_of, themes_of


async def keep_quote(
    conn: Connection,
    *,
    org_id: OrgId,
    client_id: UUID,
    source_id: UUID,
    kind: VocKind,
    text: str,
    author: str | None = None,
    rating: float | None = None,
    said_on: date | None = None,
    language: str | None = None,
    themes: list[str] | None = None,
) -> bool:
    """True when the words are new; the same words of the same client are kept once."""
    named = themes or themes_of(text, language)
    mood = sentiment_of(text, rating, language)
    said = {"text": text, "author": author, "rating": rating, "said_on": said_on, "language": language}
    where = {"org_id": org_id, "client_id": client_id, "source_id": source_id, "kind": kind}
    id = await queries.insert_snippet(conn, {**where, **said, "themes": named, "sentiment": mood})
    if id is None:
        return False
    record = QuoteRecord(
        row=1, text=text, author=author, rating=rating, said_on=said_on, language=language, themes=named
    )
    await replace_chunks(conn, org_id, [id], quote_drafts(record, id, client_id, kind))
    return True
