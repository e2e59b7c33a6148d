"""Ads and quotes put into an organisation's library, findable as if they had been imported."""

from typing import Any
from uuid import UUID, uuid4

from knowledge.db import Connection
from knowledge.imports.drafts import ad_drafts
from knowledge.imports.records import AdRecord, BrandRecord
from knowledge.search.brands import write_trigrams
from knowledge.search.chunks import replace_chunks
from knowledge.voc import queries as voc
from knowledge.voc.keeping import keep_quote
from tests.conftest import People

_BRAND = """
insert into company_swipe_brands (org_id, external_brand_id, name) values (%s, %s, %s)
on conflict (org_id, external_brand_id) do update set name = excluded.name returning id
"""
_AD = """
insert into company_swipe_assets (org_id, external_ad_id, brand_id, title, body, cta_type, cta_text, display_format,
  platforms, language, start_date, end_date, days_active, active, winning_score, verticals, ad_script, landing_page)
values (%(org_id)s, %(external_ad_id)s, %(brand_id)s, %(title)s, %(body)s, %(cta_type)s, %(cta_text)s,
  %(display_format)s, %(platforms)s, %(language)s, %(start_date)s, %(end_date)s, %(days_active)s, %(active)s,
  %(winning_score)s, %(verticals)s, %(ad_script)s, %(landing_page)s)
returning id
"""


async def add_ad(conn: Connection, people: People, body: str, *, brand: str | None = None, **more: Any) -> UUID:
    """``more``: fields of AdRecord."""
    named = BrandRecord(external_brand_id=f"name:{brand.lower()}", name=brand) if brand else None
    record = AdRecord(row=1, external_ad_id=more.pop("external_ad_id", uuid4().hex), body=body, brand=named, **more)
    brand_id = None
    if brand:
        row = await (await conn.execute(_BRAND, (people.org_id, f"name:{brand.lower()}", brand))).fetchone()
        assert row is not None
        brand_id = row[0]
        await write_trigrams(conn, people.org_id, [(row[0], brand)])
    fields = ("external_ad_id", "title", "body", "cta_type", "cta_text", "display_format", "platforms", "language",
              "start_date", "end_date", "days_active", "active", "winning_score", "verticals", "ad_script",
              "landing_page")  # fmt: skip
    values = {name: getattr(record, name) for name in fields}
    row = await (await conn.execute(_AD, {**values, "org_id": people.org_id, "brand_id": brand_id})).fetchone()
    assert row is not None
    await replace_chunks(conn, people.org_id, [row[0]], ad_drafts(record, row[0], brand_id))
    return row[0]


async def add_quotes(conn: Connection, people: People, *texts: str, kind: str = "review", **more: Any) -> None:
    """Of the people's client, all from one source. ``more``: what keep_quote takes."""
    scope: dict[str, Any] = {"org_id": people.org_id, "client_id": people.client_id, "kind": kind}
    source = await voc.insert_source(conn, {**scope, "name": "Trustpilot", "uri": None, "content_hash": uuid4().hex})
    for text in texts:
        await keep_quote(conn, **scope, source_id=source, text=text, **more)
