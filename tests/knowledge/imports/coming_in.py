"""Files on their way in without a house around: opened, loaded, linked, as the run does it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from knowledge.db import Database
from knowledge.imports import near_duplicates, pipeline, preparing, queries, service
from knowledge.imports.models import Import, ImportKind, Progress
from knowledge.people.models import Caller
from tests.conftest import People
from tests.knowledge.imports import files

KIND_OF: dict[str, ImportKind] = {"ad_json": "swipes", "review_csv": "voc", "text": "voc", "text_document": "document"}
#: what an import writes
TABLES = ("company_swipe_assets", "company_swipe_media", "company_swipe_brands", "brand_trigrams", "voc_sources",
          "voc_snippets", "documents", "chunks", "near_duplicates")  # fmt: skip


@dataclass
class Shelf:
    """An organisation's files and what came of them."""

    db: Database
    people: People
    folder: Path
    paths: dict[UUID, Path] = field(default_factory=dict[UUID, Path])

    async def open(self, content: bytes, format: str = "ad_json", **more: Any) -> Import:
        """An import that is about to run."""
        path = self.folder / uuid4().hex
        path.write_bytes(content)
        kind = KIND_OF[format]
        values: dict[str, Any] = {
            "client_id": None if kind == "swipes" else self.people.client_id,
            "filename": "file",
            "storage_key": path.name,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "options": {},
        }
        caller = Caller(self.people.org_id, self.people["admin"], "admin")
        async with self.db.org(self.people.org_id) as conn:
            row = await service.open_import(conn, caller, kind=kind, format=format, **(values | more))
            row = await service.claim(conn, row.id)
        self.paths[row.id] = path
        return row

    async def load(self, row: Import, stop_after: int | None = None) -> tuple[Import, list[Progress]]:
        """Load what is left of it, or ``stop_after`` batches; the import then, and what was told on the way."""
        told: list[Progress] = []

        async def tell(_: Any, progress: Progress) -> None:
            told.append(progress)

        stop = None if stop_after is None else (lambda: len(told) >= stop_after)
        return await pipeline.run_import(self.db, row.org_id, row.id, self.paths[row.id], tell, stop), told

    async def link(self, row: Import) -> int:
        kind: near_duplicates.Kind = "swipe" if row.kind == "swipes" else "voc"
        async with self.db.org(row.org_id) as conn:
            count = await near_duplicates.link(conn, row.org_id, kind, row.id)
            await queries.set_near_duplicates(conn, row.id, count)
        return count

    async def bring(self, content: bytes, format: str = "ad_json", **more: Any) -> Import:
        """Open, load, link, finish."""
        row = await self.open(content, format, **more)
        await self.load(row)
        if row.kind != "document":
            await self.link(row)
        async with self.db.org(row.org_id) as conn:
            await queries.finish(conn, row.id)
            return await service.get(conn, row.id)

    async def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        async with self.db.org(self.people.org_id) as conn:
            return await (await conn.execute(query, values)).fetchall()  # type: ignore[arg-type]

    async def versions(self) -> dict[str, list[Any]]:
        """Which transaction wrote each row: the same twice means that nothing was touched."""
        return {table: sorted(await self.rows(f"select xmin::text, t::text from {table} t")) for table in TABLES}

    async def content(self) -> dict[str, list[Any]]:
        """What is in the library, by what the file says: equal for two organisations that brought the same in."""
        return {
            "ads": await self.rows(
                "select external_ad_id, title, body, platforms, language, content_hash, simhash, b.external_brand_id "
                "from company_swipe_assets a left join company_swipe_brands b on b.id = a.brand_id order by 1"
            ),
            "media": await self.rows(
                "select a.external_ad_id, m.external_media_id, m.url from company_swipe_media m "
                "join company_swipe_assets a on a.id = m.swipe_asset_id order by 1, 2"
            ),
            "brands": await self.rows("select external_brand_id, name, slug from company_swipe_brands order by 1"),
            "chunks": await self.rows(
                "select a.external_ad_id, part, ordinal, text, tsv::text, c.fingerprints from chunks c "
                "join company_swipe_assets a on a.id = c.parent_id order by 1, 2, 3"
            ),
            "near": await self.rows(
                "select least(x.external_ad_id, y.external_ad_id), greatest(x.external_ad_id, y.external_ad_id), n.distance "
                "from near_duplicates n join company_swipe_assets x on x.id = n.a join company_swipe_assets y on y.id = n.b "
                "order by 1, 2"
            ),
        }


def ads_json(entries: Iterable[dict[str, Any]]) -> bytes:
    return json.dumps(list(entries)).encode()


def many(n: int, **more: Any) -> list[dict[str, Any]]:
    """Ads with texts of their own, of seven brands."""
    made = json.loads(files.ads(n, **more))
    for at, one in enumerate(made):
        one["brand"] = {**one["brand"], "id": at % 7, "external_id": f"brand {at % 7}", "name": f"Brand {at % 7}"}
        one["media"][0]["id"] = at
    return made


def small_batches(rows: int) -> Any:
    """For ``monkeypatch.setattr(*small_batches(3))``."""
    return preparing, "BATCH_ROWS", rows
