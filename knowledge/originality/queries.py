"""SQL over what may have been copied. The candidates come from the fingerprints of the passages (0007)."""

from collections.abc import Sequence
from uuid import UUID

from knowledge.db import Connection, fetch_all
from knowledge.embeddings.halfvec import HalfVec
from knowledge.originality.models import Candidate

#: Ads of the library only: a client's own uploads, and ads run by the client itself, are its own words.
_OF_OTHERS = """
  from chunks c
  join company_swipe_assets a on a.id = c.parent_id
  left join company_swipe_brands b on b.id = a.brand_id
  where c.kind = 'swipe' and lower(coalesce(b.name, '')) <> (select lower(name) from clients where id = %(client_id)s)
"""
COLUMNS = "c.id as chunk_id, a.id as swipe_id, c.text, b.name as brand, a.title, a.external_ad_id"
SHARING = f"""
with sharing as materialized (select * from chunks_sharing(%(prints)s, %(most)s))
select {COLUMNS} {_OF_OTHERS} and c.id in (select chunk_id from sharing)
order by (select shared from sharing s where s.chunk_id = c.id) desc, c.id
"""
BY_ID = f"select {COLUMNS} {_OF_OTHERS} and c.id = any(%(ids)s) order by c.id"

NEAREST = """
select chunk_id, similarity from vector_chunks(%(model)s, %(vector)s, array['swipe'], '{}', %(most)s, %(few)s)
"""
#: Pieces of the last day that nobody has decided on and that were compared by words alone.
BY_WORDS_ONLY = """
select a.id from assets a
join lateral (
  select r.data, r.model from artifacts r
  where r.org_id = a.org_id and r.client_id = a.client_id and r.type = 'qa_report' and r.key = a.id || %(report)s
    and r.campaign_id is not distinct from a.campaign_id
  order by r.version desc limit 1
) report on true
where a.updated_at > now() - interval '1 day' and a.status in ('draft', 'polishing', 'qa_passed')
  and report.model = %(by_words)s and (report.data ->> 'assetVersion')::int = a.version
order by a.updated_at limit 20
"""
#: whose report it is
REVIEWER = "originality"
#: who compared, as the report names it
BY_WORDS, BY_MEANING = "comparison by words", "comparison by words and meaning"
#: up to so many passages of ads are compared one by one, beyond that through the index
FEW = 2_000


async def sharing(conn: Connection, client_id: UUID, prints: Sequence[int], most: int = 60) -> list[Candidate]:
    """The ads' parts that have fingerprints in common with ``prints``, those with most in common first."""
    return await fetch_all(conn, Candidate, SHARING, {"client_id": client_id, "prints": list(prints), "most": most})


async def by_id(conn: Connection, client_id: UUID, chunk_ids: Sequence[UUID]) -> dict[UUID, Candidate]:
    found = await fetch_all(conn, Candidate, BY_ID, {"client_id": client_id, "ids": list(chunk_ids)})
    return {one.chunk_id: one for one in found}


async def nearest(conn: Connection, model: int, vector: HalfVec, most: int) -> list[tuple[UUID, float]]:
    """The parts of ads nearest to a vector, with their cosine."""
    given = {"model": model, "vector": vector, "most": most, "few": FEW}
    return [(row[0], row[1]) for row in await (await conn.execute(NEAREST, given)).fetchall()]


async def compared_by_words_only(conn: Connection) -> list[UUID]:
    """Up to 20 pieces whose newest report on their newest version knows nothing of their meaning."""
    found = await conn.execute(BY_WORDS_ONLY, {"by_words": BY_WORDS, "report": f":{REVIEWER}"})
    return [row[0] for row in await found.fetchall()]
