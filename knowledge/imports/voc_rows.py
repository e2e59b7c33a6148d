"""Quotes into a client's voice of customer: one source a file, quotes, passages.

What always holds: a quote is known by its words and who said them, so the same review is there once, and a quote that
somebody has cited never changes its words; what one export leaves out another may add.
"""

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Any, LiteralString
from uuid import UUID, uuid5

import psycopg

from knowledge.copy_text import array, copy_data, document, plain, stage, text
from knowledge.db import Connection
from knowledge.errors import Invalid
from knowledge.imports import near_duplicates
from knowledge.imports.drafts import quote_drafts
from knowledge.imports.language import complete_languages
from knowledge.imports.models import Import
from knowledge.imports.options import Options
from knowledge.imports.preparing import Batch
from knowledge.imports.records import QuoteRecord
from knowledge.imports.staging import Prepared, Stale, counted, new_ids
from knowledge.search.chunks import stage_chunks, write_staged_chunks
from knowledge.search.runs import Runs
from knowledge.voc.themes import sentiment_of, themes_of

_KNOWN: LiteralString = """
select content_hash, id, author, rating, said_on, language, themes, speaker, started_at, extra
from voc_snippets where client_id = %(client_id)s and content_hash = any(%(hashes)s)
"""
_SOURCE: LiteralString = "select id from voc_sources where client_id = %(client_id)s and content_hash = %(sha256)s"
# Two imports at once give a source the same id: either unique index may be the one that says so.
_INSERT_SOURCE: LiteralString = """
insert into voc_sources (id, org_id, client_id, kind, name, uri, content_hash)
values (%(id)s, %(org_id)s, %(client_id)s, %(kind)s, %(name)s, null, %(sha256)s)
on conflict do nothing
"""
QUOTE = ("id", "text", "author", "rating", "said_on", "language", "themes", "sentiment", "extra", "speaker",
         "started_at", "content_hash", "simhash")  # fmt: skip
_COLUMNS: LiteralString = """id, text, author, rating, said_on, language, themes, sentiment, extra, speaker, started_at,
  content_hash, simhash"""
_INSERT: LiteralString = f"""
insert into voc_snippets (org_id, client_id, source_id, import_id, kind, {_COLUMNS})
select %(org_id)s, %(client_id)s, %(source_id)s, %(import_id)s, %(kind)s, {_COLUMNS} from staged_quotes
where id = any(%(new)s)
on conflict (org_id, client_id, content_hash) do nothing
"""
_UPDATE: LiteralString = """
update voc_snippets v set author = s.author, rating = s.rating, said_on = s.said_on, language = s.language,
  themes = s.themes, sentiment = s.sentiment, extra = s.extra, speaker = s.speaker, started_at = s.started_at,
  simhash = s.simhash, import_id = %(import_id)s
from staged_quotes s where v.id = s.id and v.id = any(%(changed)s)
"""


@dataclass(frozen=True)
class Stored:
    """A quote as it is in the database."""

    id: UUID
    author: str | None
    rating: Decimal | None
    said_on: Any
    language: str | None
    themes: list[str]
    speaker: str | None
    started_at: float | None
    extra: dict[str, Any]


@dataclass
class PreparedQuotes(Prepared):
    new: list[UUID] = field(default_factory=list[UUID])
    changed: list[UUID] = field(default_factory=list[UUID])
    quote_data: bytes = b""
    source_id: UUID | None = None


@dataclass
class Known:
    source_id: UUID | None
    quotes: dict[str, Stored]


class Quotes:
    """The target of an import of voice of customer. Raises ``Invalid`` for one without a client."""

    def __init__(self, row: Import) -> None:
        if row.client_id is None:
            raise Invalid(fields={"clientId": "say which client this belongs to"})
        self.row, self.client_id, self.runs = row, row.client_id, Runs()
        options = Options.of(row.options)
        self.kind, self.name = options.voc_kind or "review", options.source_name or row.filename

    # ---------------------------------------------------------------- reading

    def key(self, record: QuoteRecord) -> str:
        """The text's hash, as everywhere; with who said it, when the file knows: two people may say the same."""
        said = record.text
        who = record.external_id or record.author or record.speaker
        if who or record.started_at is not None:
            said = f"{said}\x1f{who or ''}\x1f{'' if record.started_at is None else record.started_at}"
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()

    def shared_key(self, record: QuoteRecord) -> str | None:
        return None

    def letters(self, record: QuoteRecord) -> int:
        return 300 + len(record.text)

    async def known(self, conn: Connection, batch: Batch) -> Known:
        values = {"client_id": self.client_id, "sha256": self.row.sha256}
        source = await (await conn.execute(_SOURCE, values)).fetchone()
        found = await (await conn.execute(_KNOWN, {**values, "hashes": batch.keys})).fetchall()
        return Known(source[0] if source else None, {hash: Stored(*rest) for hash, *rest in found})

    # ---------------------------------------------------------------- preparing, in a thread

    def prepare(self, batch: Batch, known: Known) -> PreparedQuotes:
        # the same id in every batch: the one before this may be storing the source right now
        made = PreparedQuotes(source_id=known.source_id or uuid5(self.client_id, f"source {self.row.sha256}"))
        fresh = iter(new_ids(len(batch.records)))
        lines = list[str]()
        taken: list[tuple[UUID, str, QuoteRecord]] = []
        for hash, record in sorted(zip(batch.keys, batch.records, strict=True), key=itemgetter(0)):
            stored = known.quotes.get(hash)
            if stored is not None and not _adds(record, stored):
                made.counts.unchanged += 1
                continue
            if stored is not None:
                _complete(record, stored)
            id = next(fresh) if stored is None else stored.id
            (made.new if stored is None else made.changed).append(id)
            taken.append((id, hash, record))
        complete_languages([record for _, _, record in taken], lambda record: (record.text,))
        alike = near_duplicates.fingerprints(self.runs, [(record.text,) for _, _, record in taken])
        for (id, hash, record), simhash in zip(taken, alike, strict=True):
            lines.append(_line(record, id, hash, simhash))
            made.drafts += quote_drafts(record, id, self.client_id, self.kind)
        made.counts.new, made.counts.changed = len(made.new), len(made.changed)
        made.quote_data = copy_data(lines)
        return made

    # ---------------------------------------------------------------- storing

    async def stage(self, conn: Connection, made: PreparedQuotes) -> None:
        if made.quote_data:
            await stage(conn, "staged_quotes", "voc_snippets", QUOTE, made.quote_data)
            await stage_chunks(conn, made.chunk_data)

    async def write(self, conn: Connection, made: PreparedQuotes) -> None:
        if not made.quote_data:
            return
        values = {
            "org_id": self.row.org_id,
            "client_id": self.client_id,
            "import_id": self.row.id,
            "source_id": made.source_id,
            "kind": self.kind,
        }
        if made.new:
            about = {"id": made.source_id, "name": self.name, "sha256": self.row.sha256}
            await conn.execute(_INSERT_SOURCE, {**values, **about})
        try:
            stored = await counted(conn, _INSERT, {**values, "new": made.new}) if made.new else 0
        except psycopg.errors.ForeignKeyViolation as error:
            raise Stale from error  # the source came in under another id
        updated = await counted(conn, _UPDATE, {**values, "changed": made.changed}) if made.changed else 0
        if (stored, updated) != (len(made.new), len(made.changed)):
            raise Stale
        await near_duplicates.unlink(conn, "voc", made.changed)
        await write_staged_chunks(conn, self.row.org_id, known=made.changed)


def _line(record: QuoteRecord, id: UUID, hash: str, simhash: int | None) -> str:
    """The quote as it is staged; what the file leaves out is completed in ``record`` on the way."""
    record.themes = record.themes or themes_of(record.text, record.language)
    mood = sentiment_of(record.text, record.rating, record.language)
    return "\t".join((
        str(id), text(record.text), text(record.author), plain(record.rating), plain(record.said_on),
        text(record.language), array(record.themes), text(mood), document(record.extra), text(record.speaker),
        plain(record.started_at), hash, plain(simhash),
    ))  # fmt: skip


def _adds(record: QuoteRecord, stored: Stored) -> bool:
    """True when the row says something that is not there yet; what it leaves out is no contradiction."""
    given = (record.author, record.said_on, record.language, record.speaker)
    there = (stored.author, stored.said_on, stored.language, stored.speaker)
    return (
        any(new is not None and new != old for new, old in zip(given, there, strict=True))
        or _far(record.rating, stored.rating)
        or _far(record.started_at, stored.started_at)
        or bool(record.themes and record.themes != stored.themes)
        or any(_other(stored.extra, name, value) for name, value in record.extra.items())
    )


def _far(new: float | None, old: Decimal | float | None) -> bool:
    """Seconds are stored with seven digits."""
    return new is not None and (old is None or abs(new - float(old)) > 1e-4 * max(1.0, abs(new)))


def _other(stored: dict[str, Any], name: str, value: Any) -> bool:
    return name not in stored or (stored[name] != value and stored[name] != json.loads(json.dumps(value, default=str)))


def _complete(record: QuoteRecord, stored: Stored) -> None:
    """What this row leaves out stays as it was."""
    record.author = record.author or stored.author
    record.rating = record.rating if record.rating is not None else _number(stored.rating)
    record.said_on = record.said_on or stored.said_on
    record.language = record.language or stored.language
    record.themes = record.themes or stored.themes
    record.speaker = record.speaker or stored.speaker
    record.started_at = record.started_at if record.started_at is not None else stored.started_at
    record.extra = {**stored.extra, **record.extra}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
