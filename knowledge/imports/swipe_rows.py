"""Ads into the organisation's library: brands, ads, media, passages.

What always holds: an ad is known by its id in the export; what is the same as last time is not touched; what the
agency did with an ad (saved it, marked it, tagged it) is never overwritten by an export.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import LiteralString, cast
from uuid import UUID, uuid5

import psycopg

from knowledge.copy_text import NULL, array, copy_data, document, plain, stage, text
from knowledge.db import Connection
from knowledge.imports import near_duplicates
from knowledge.imports.drafts import ad_drafts
from knowledge.imports.language import complete_languages
from knowledge.imports.models import Import
from knowledge.imports.preparing import Batch
from knowledge.imports.records import AdRecord, BrandRecord, MediaRecord
from knowledge.imports.staging import Prepared, Stale, counted, new_ids
from knowledge.search import brands as brand_names
from knowledge.search.chunks import ChunkDraft, stage_chunks, write_staged_chunks
from knowledge.search.runs import Runs

# -------------------------------------------------------------------- columns

_TEXT = ("external_platform_ad_id", "title", "body", "cta_type", "cta_text", "display_format", "landing_page",
         "link_description", "ad_source_link", "gender_audience", "added_human_time", "added_by_user_human_time",
         "share_url", "embed_url", "ad_script")  # fmt: skip
_PLAIN = ("start_date", "end_date", "days_active", "active_in_library", "active", "used_count", "saved_count", "likes",
          "winning_score", "performance_score", "age_audience_min", "age_audience_max", "eu_total_reach",
          "ad_spend_range_score", "saved_by_this_user", "is_aaa_eligible", "is_used", "is_liked")  # fmt: skip
_JSON = ("winning_score_data", "performance_score_data", "ad_spend_range_score_data", "ad_reach_by_location", "ad_spend",
         "ad_library_object")  # fmt: skip
#: what an export alone decides, as it is staged
EXPORTED = (*_TEXT, *_PLAIN, *_JSON, "platforms")
#: what the agency decides, once the ad is here
OURS = ("verticals", "is_saved")
#: what is made here
MADE = ("id", "brand_id", "language", "content_hash", "simhash")
AD = ("external_ad_id", *EXPORTED, *OURS, *MADE)

MEDIA = ("path", "url", "thumbnail_path", "thumbnail_url", "disk", "type", "mime_type", "size_bytes", "video_length",
         "download_url")  # fmt: skip
MEDIUM = ("swipe_asset_id", "external_media_id", *MEDIA)
BRAND_TEXT = ("name", "slug", "ad_library_link", "brand_page_link", "logo_url")
BRAND = ("id", "external_brand_id", *BRAND_TEXT, "categories")


def _list(columns: Sequence[str], shape: str = "{}") -> LiteralString:
    return cast(LiteralString, ", ".join(shape.format(column) for column in columns))


_KNOWN_ADS: LiteralString = """
select external_ad_id, id, content_hash, verticals from company_swipe_assets where external_ad_id = any(%(ids)s)
"""
_KNOWN_BRANDS: LiteralString = """
select external_brand_id, id from company_swipe_brands where external_brand_id = any(%(ids)s)
"""
# Two imports at once give a brand the same id: either unique index may be the one that says so.
_INSERT_BRANDS = f"""
insert into company_swipe_brands (org_id, {_list(BRAND)})
select %(org_id)s, {_list(BRAND)} from staged_brands order by external_brand_id
on conflict do nothing returning id, name
"""
# What one export leaves out another may have said.
_BRAND_NOW = (
    _list(BRAND_TEXT, "coalesce(s.{0}, b.{0})")
    + ", case when cardinality(s.categories) > 0 then s.categories else b.categories end"
)
_UPDATE_BRANDS = f"""
update company_swipe_brands b set ({_list(BRAND[2:])}) = row({_BRAND_NOW})
from staged_brands s where b.external_brand_id = s.external_brand_id and s.id = any(%(counting)s)
  and ({_list(BRAND[2:], "b.{}")}) is distinct from ({_BRAND_NOW}) returning b.id, b.name
"""
_FORGET_NAMES: LiteralString = "delete from brand_trigrams where brand_id = any(%(ids)s)"
_INSERT_ADS = f"""
insert into company_swipe_assets (org_id, import_id, {_list(AD)})
select %(org_id)s, %(import_id)s, {_list(AD)} from staged_ads where id = any(%(ids)s)
on conflict (org_id, external_ad_id) do nothing
"""
_UPDATE_ADS = f"""
update company_swipe_assets a set ({_list(EXPORTED)}) = row({_list(EXPORTED, "s.{}")}),
  verticals = case when cardinality(a.verticals) > 0 then a.verticals else s.verticals end,
  ({_list(MADE[1:])}) = row({_list(MADE[1:], "s.{}")}), import_id = %(import_id)s, updated_at = now()
from staged_ads s where a.id = s.id and s.id = any(%(ids)s) and a.content_hash is distinct from s.content_hash
"""
_UPSERT_MEDIA = f"""
insert into company_swipe_media as m (org_id, {_list(MEDIUM)})
select %(org_id)s, {_list(MEDIUM)} from staged_media
on conflict (org_id, swipe_asset_id, external_media_id) do update
  set ({_list(MEDIA)}) = row({_list(MEDIA, "excluded.{}")}), updated_at = now()
  where ({_list(MEDIA, "m.{}")}) is distinct from ({_list(MEDIA, "excluded.{}")})
"""

_texts, _plains, _jsons = attrgetter(*_TEXT), attrgetter(*_PLAIN), attrgetter(*_JSON)
_media, _brand = attrgetter(*MEDIA), attrgetter(*BRAND_TEXT)


@dataclass
class Known:
    """ads: external id → id, hash, tags; brands: external id → id."""

    ads: dict[str, tuple[UUID, str, list[str]]]
    brands: dict[str, UUID]


@dataclass
class PreparedAds(Prepared):
    new: list[UUID] = field(default_factory=list[UUID])
    changed: list[UUID] = field(default_factory=list[UUID])
    ads: list[str] = field(default_factory=list[str])
    media: list[str] = field(default_factory=list[str])
    #: external id → id and what is said of it; ``counting``: those whose last word is here
    brands: dict[str, tuple[UUID, BrandRecord]] = field(default_factory=dict[str, tuple[UUID, BrandRecord]])
    counting: list[UUID] = field(default_factory=list[UUID])
    ad_data: bytes = b""
    media_data: bytes = b""


@dataclass(slots=True)
class Taken:
    """An ad on its way in; ``line``: what its row begins with, ``media``: a row each but for the ad's id."""

    record: AdRecord
    id: UUID
    line: str
    media: list[str]
    digest: str


class Ads:
    """The target of an import of swipes."""

    def __init__(self, row: Import) -> None:
        self.row, self.runs = row, Runs()

    # ---------------------------------------------------------------- reading

    def key(self, record: AdRecord) -> str:
        return record.external_ad_id

    def shared_key(self, record: AdRecord) -> str | None:
        return record.brand.external_brand_id if record.brand else None

    def letters(self, record: AdRecord) -> int:
        return 1000 + len(record.body or "") + len(record.title or "") + len(record.ad_script or "")

    async def known(self, conn: Connection, batch: Batch) -> Known:
        names = list({name for record in batch.records if (name := self.shared_key(record)) is not None})
        ads = await (await conn.execute(_KNOWN_ADS, {"ids": batch.keys})).fetchall()
        brands = await (await conn.execute(_KNOWN_BRANDS, {"ids": names})).fetchall()
        return Known({name: (id, hash, tags) for name, id, hash, tags in ads}, dict(brands))

    # ---------------------------------------------------------------- preparing, in a thread

    def prepare(self, batch: Batch, known: Known) -> PreparedAds:
        made, taken = PreparedAds(), list[Taken]()
        fresh = iter(new_ids(len(batch.records)))
        # in one order everywhere, so that two imports of the same ads wait for each other and never in a circle
        for place in sorted(range(len(batch.records)), key=batch.keys.__getitem__):
            record: AdRecord = batch.records[place]
            self._brand(made, record, known, counts=place in batch.carriers)
            if (one := self._taken(made, record, known, next(fresh))) is not None:
                taken.append(one)
        complete_languages([one.record for one in taken], _said)
        alike = near_duplicates.fingerprints(self.runs, [_said(one.record) for one in taken])
        for one, simhash in zip(taken, alike, strict=True):
            made.drafts += self._ad(made, one, known, simhash)
        made.counts.new, made.counts.changed = len(made.new), len(made.changed)
        made.ad_data, made.media_data = copy_data(made.ads), copy_data(made.media)
        made.ads, made.media = [], []
        return made

    def _brand(self, made: PreparedAds, record: AdRecord, known: Known, *, counts: bool) -> None:
        brand = record.brand
        if brand is None:
            return
        name = brand.external_brand_id
        # the same id whoever sees the brand first: the batch before this one may be storing it right now
        id = known.brands.get(name) or uuid5(self.row.org_id, f"brand {name}")
        if counts:
            made.counting.append(id)
        if counts or (name not in known.brands and name not in made.brands):
            made.brands[name] = (id, brand)

    def _taken(self, made: PreparedAds, record: AdRecord, known: Known, fresh: UUID) -> "Taken | None":
        """The ad when it is new or says something new."""
        exported = _exported(record)
        media = list({medium.external_media_id: _medium(medium) for medium in record.media}.values())
        ours = f"{array(record.verticals)}\t{plain(record.is_saved)}"
        name = record.brand.external_brand_id if record.brand else ""
        said = "\x1e".join((exported, ours, name, record.language or "", *media))
        digest = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
        id, hash, tags = known.ads.get(record.external_ad_id) or (fresh, None, list[str]())
        if hash == digest:
            made.counts.unchanged += 1
            return None
        (made.new if hash is None else made.changed).append(id)
        record.verticals = tags or record.verticals
        return Taken(record, id, f"{text(record.external_ad_id)}\t{exported}\t{ours}", media, digest)

    def _ad(self, made: PreparedAds, one: "Taken", known: Known, simhash: int | None) -> list[ChunkDraft]:
        record, id = one.record, one.id
        name = record.brand.external_brand_id if record.brand else ""
        brand_id = made.brands[name][0] if name in made.brands else known.brands.get(name)
        if name and brand_id is None:
            brand_id = uuid5(self.row.org_id, f"brand {name}")
        made.ads.append("\t".join((one.line, str(id), plain(brand_id), text(record.language), one.digest,
                                   plain(simhash))))  # fmt: skip
        made.media += [f"{id}\t{medium}" for medium in one.media]
        return ad_drafts(record, id, brand_id)

    # ---------------------------------------------------------------- storing

    async def stage(self, conn: Connection, made: PreparedAds) -> None:
        if made.brands:
            lines = [_brand_line(id, brand) for id, brand in made.brands.values()]
            await stage(conn, "staged_brands", "company_swipe_brands", BRAND, copy_data(lines))
        if made.ad_data:
            await stage(conn, "staged_ads", "company_swipe_assets", AD, made.ad_data)
            await stage_chunks(conn, made.chunk_data)
        if made.media_data:
            await stage(conn, "staged_media", "company_swipe_media", MEDIUM, made.media_data)

    async def write(self, conn: Connection, made: PreparedAds) -> None:
        if made.brands:
            await self._write_brands(conn, made)
        if made.ad_data:
            await self._write_ads(conn, made)

    async def _write_brands(self, conn: Connection, made: PreparedAds) -> None:
        inserted = await (await conn.execute(_INSERT_BRANDS, {"org_id": self.row.org_id})).fetchall()
        values = {"counting": made.counting}
        renamed = await (await conn.execute(_UPDATE_BRANDS, values)).fetchall() if made.counting else []
        if renamed:
            await conn.execute(_FORGET_NAMES, {"ids": [id for id, _ in renamed]})
        await brand_names.write_trigrams(conn, self.row.org_id, inserted + renamed)

    async def _write_ads(self, conn: Connection, made: PreparedAds) -> None:
        values = {"org_id": self.row.org_id, "import_id": self.row.id}
        try:
            stored = await counted(conn, _INSERT_ADS, {**values, "ids": made.new}) if made.new else 0
            updated = await counted(conn, _UPDATE_ADS, {**values, "ids": made.changed}) if made.changed else 0
        except psycopg.errors.ForeignKeyViolation as error:
            raise Stale from error  # a brand of the same name came in under another id
        if (stored, updated) != (len(made.new), len(made.changed)):
            raise Stale
        if made.media_data:
            await conn.execute(_UPSERT_MEDIA, values)
        await near_duplicates.unlink(conn, "swipe", made.changed)
        await write_staged_chunks(conn, self.row.org_id, known=made.changed)


# -------------------------------------------------------------------- one row


def _said(record: AdRecord) -> tuple[str | None, ...]:
    return record.title, record.body, record.ad_script


def _exported(record: AdRecord) -> str:
    return "\t".join(
        (
            *[NULL if value is None else text(value) for value in _texts(record)],
            *[NULL if value is None else str(value) for value in _plains(record)],
            *[NULL if value is None else document(value) for value in _jsons(record)],
            array(record.platforms),
        )
    )


def _medium(medium: MediaRecord) -> str:
    return "\t".join((text(medium.external_media_id), *map(text, _media(medium))))


def _brand_line(id: UUID, brand: BrandRecord) -> str:
    return "\t".join((str(id), text(brand.external_brand_id), *map(text, _brand(brand)), array(brand.categories)))
