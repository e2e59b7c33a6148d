"""Passages put straight onto the shelf, for tests of what is found."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from knowledge.db import Database
from knowledge.embeddings.models import QueryVector
from knowledge.search import service
from knowledge.search.brands import write_trigrams
from knowledge.search.chunks import ChunkDraft, replace_chunks
from knowledge.search.models import Filters, Found, Kind
from tests.conftest import People


@dataclass
class Shelf:
    """One organisation's passages by a name of the test's choosing."""

    db: Database
    people: People
    ids: dict[str, UUID] = field(default_factory=dict[str, UUID])

    async def put(self, **texts: str | dict[str, Any]) -> None:
        """``name="text"`` or ``name={"text": …, "tags": …}`` (fields of ChunkDraft)."""
        drafts: list[ChunkDraft] = []
        for name, given in texts.items():
            fields = given if isinstance(given, dict) else {"text": given}
            parent = self.ids.setdefault(name, uuid4())
            base: dict[str, Any] = {
                "kind": "swipe",
                "parent_id": parent,
                "part": "body",
                "ordinal": 0,
                "language": "en",
            }
            drafts.append(ChunkDraft(**{**base, **fields}))
        async with self.db.org(self.people.org_id) as conn:
            await replace_chunks(conn, self.people.org_id, [one.parent_id for one in drafts], drafts)

    async def brand(self, name: str) -> UUID:
        async with self.db.org(self.people.org_id) as conn:
            query = (
                "insert into company_swipe_brands (org_id, external_brand_id, name) values (%s, %s, %s) returning id"
            )
            row = await (await conn.execute(query, (self.people.org_id, str(uuid4()), name))).fetchone()
            assert row is not None
            await write_trigrams(conn, self.people.org_id, [(row[0], name)])
        return row[0]

    async def find(self, words: str, vector: QueryVector | None = None, **more: Any) -> Found:
        kinds: tuple[Kind, ...] = more.pop("kinds", ("swipe",))
        async with self.db.org(self.people.org_id) as conn:
            limit = more.pop("limit", 10)
            return await service.search(
                conn, kinds=kinds, words=words, filters=Filters(**more), vector=vector, limit=limit
            )

    def names(self, found: Found) -> list[str]:
        by_id = {parent: name for name, parent in self.ids.items()}
        return [by_id[hit.parent_id] for hit in found.hits]
