"""Texts as a whole into a client's documents: a brand book, a page, a call.

What always holds: a document is known by its text; the same text again is not touched.
"""

import hashlib
from dataclasses import dataclass, field
from operator import itemgetter
from typing import LiteralString
from uuid import UUID

from knowledge.copy_text import copy_data, stage, text
from knowledge.db import Connection
from knowledge.documents.models import DocumentKind
from knowledge.errors import Invalid
from knowledge.imports.drafts import document_drafts
from knowledge.imports.language import language_of
from knowledge.imports.models import Import
from knowledge.imports.preparing import Batch
from knowledge.imports.records import DocumentRecord
from knowledge.imports.staging import Prepared, Stale, counted, new_ids
from knowledge.search.chunks import stage_chunks, write_staged_chunks
from knowledge.search.runs import Runs

#: what a file of a format usually is
KIND_OF: dict[str, DocumentKind] = {
    "pdf": "brand_doc",
    "docx": "brand_doc",
    "html": "funnel_page",
    "transcript": "transcript",
}
DOCUMENT = ("id", "title", "text", "content_hash")

_KNOWN: LiteralString = """
select content_hash from documents where client_id = %(client_id)s and content_hash = any(%(hashes)s)
"""
_INSERT: LiteralString = """
insert into documents (org_id, client_id, kind, storage_key, uri, id, title, text, content_hash)
select %(org_id)s, %(client_id)s, %(kind)s, %(storage_key)s, %(uri)s, id, title, text, content_hash from staged_documents
on conflict (org_id, client_id, content_hash) do nothing
"""


@dataclass
class PreparedDocuments(Prepared):
    new: list[UUID] = field(default_factory=list[UUID])
    document_data: bytes = b""


class Documents:
    """The target of an import of documents. Raises ``Invalid`` for one without a client."""

    def __init__(self, row: Import) -> None:
        if row.client_id is None:
            raise Invalid(fields={"clientId": "say which client this belongs to"})
        self.row, self.client_id, self.runs = row, row.client_id, Runs()

    def key(self, record: DocumentRecord) -> str:
        return hashlib.sha256(record.text.encode("utf-8", "replace")).hexdigest()

    def shared_key(self, record: DocumentRecord) -> str | None:
        return None

    def letters(self, record: DocumentRecord) -> int:
        return len(record.text)

    async def known(self, conn: Connection, batch: Batch) -> set[str]:
        found = await conn.execute(_KNOWN, {"client_id": self.client_id, "hashes": batch.keys})
        return {row[0] for row in await found.fetchall()}

    def prepare(self, batch: Batch, known: set[str]) -> PreparedDocuments:
        made = PreparedDocuments()
        fresh = iter(new_ids(len(batch.records)))
        lines = list[str]()
        for hash, record in sorted(zip(batch.keys, batch.records, strict=True), key=itemgetter(0)):
            if hash in known:
                made.counts.unchanged += 1
                continue
            id = next(fresh)
            made.new.append(id)
            lines.append("\t".join((str(id), text(record.title), text(record.text), hash)))
            made.drafts += document_drafts(record, id, self.client_id, language_of(record.text))
        made.counts.new = len(made.new)
        made.document_data = copy_data(lines)
        return made

    async def stage(self, conn: Connection, made: PreparedDocuments) -> None:
        if made.new:
            await stage(conn, "staged_documents", "documents", DOCUMENT, made.document_data)
            await stage_chunks(conn, made.chunk_data)

    async def write(self, conn: Connection, made: PreparedDocuments) -> None:
        if not made.new:
            return
        values = {
            "org_id": self.row.org_id,
            "client_id": self.client_id,
            "kind": KIND_OF.get(self.row.format, "other"),
            "storage_key": self.row.storage_key,
            "uri": self.row.options.get("uri"),
        }
        if await counted(conn, _INSERT, values) != len(made.new):
            raise Stale
        await write_staged_chunks(conn, self.row.org_id, known=())
