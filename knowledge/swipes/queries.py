"""SQL over the swipe library, as far as a client's own examples go."""

from typing import Any
from uuid import UUID

from knowledge.db import Connection, fetch_all
from knowledge.swipes.models import ClientSwipe

LIST = """
select c.id, c.client_id, coalesce(c.custom_title, a.title) as title, coalesce(c.custom_body, a.body) as body,
  a.cta_text as cta, coalesce(c.custom_format, a.display_format) as format, b.name as brand, c.tags, c.angle_type,
  c.notes, c.is_good_example, c.is_bad_example
from client_swipe_assets c
left join company_swipe_assets a on a.id = c.company_swipe_id
left join company_swipe_brands b on b.id = a.brand_id
where c.client_id = %(client_id)s order by c.created_at, c.id limit %(limit)s
"""
INSERT_OWN = """
insert into client_swipe_assets (org_id, client_id, custom_title, custom_body, custom_channel, custom_format, tags,
                                 angle_type, notes, is_good_example, is_bad_example)
values (%(org_id)s, %(client_id)s, %(title)s, %(body)s, %(channel)s, %(format)s, %(tags)s, %(angle_type)s, %(notes)s,
        %(is_good)s, %(is_bad)s)
"""


async def list_client_swipes(conn: Connection, client_id: UUID, limit: int = 100) -> list[ClientSwipe]:
    return await fetch_all(conn, ClientSwipe, LIST, {"client_id": client_id, "limit": limit})


async def insert_own(conn: Connection, values: dict[str, Any]) -> None:
    """``values``: org_id, client_id, title, body, channel, format, tags, angle_type, notes, is_good, is_bad."""
    await conn.execute(INSERT_OWN, values)
