"""Brand names typed wrongly: letters in groups of three, as pg_trgm does it, in plain SQL.

The embedded Postgres has no pg_trgm; names are few, so a table of their letter groups does.
"""

from collections.abc import Iterable
from uuid import UUID

from knowledge.db import Connection
from knowledge.ids import OrgId
from knowledge.search.text import words

#: from this share of common letter groups on, a word is taken for a mistyped name (pg_trgm's own default is 0.3)
LIKE = 0.42
#: shorter words have too few letters to be told apart
SHORTEST = 4

WRITE = """
insert into brand_trigrams (org_id, brand_id, trigram)
select %(org_id)s, b.brand_id, t.trigram
from unnest(%(brands)s::uuid[], %(groups)s::text[]) b (brand_id, grouped), unnest(string_to_array(b.grouped, ',')) t (trigram)
on conflict do nothing
"""
NEAREST = """
select b.name, count(*) as common
from brand_trigrams t join company_swipe_brands b on b.id = t.brand_id
where t.trigram = any(%(trigrams)s) group by b.id, b.name order by common desc, b.name limit 20
"""


def trigrams(name: str) -> set[str]:
    """``Man Club`` -> the letter groups of ``  man `` and ``  club ``, padded as pg_trgm pads."""
    return {padded[at : at + 3] for word in words(name) for padded in (f"  {word} ",) for at in range(len(padded) - 2)}


def likeness(one: set[str], other: set[str]) -> float:
    """Common letter groups as a share of all (Jaccard), 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


async def write_trigrams(conn: Connection, org_id: OrgId, brands: Iterable[tuple[UUID, str]]) -> None:
    """Make the names of ``brands`` findable; repeating it changes nothing."""
    pairs = [(brand_id, ",".join(sorted(trigrams(name)))) for brand_id, name in brands]
    given = {"org_id": org_id, "brands": [pair[0] for pair in pairs], "groups": [pair[1] for pair in pairs]}
    if pairs:
        await conn.execute(WRITE, given)


async def correct(conn: Connection, typed: Iterable[str]) -> dict[str, str]:
    """Typed words -> the brand's word they most likely mean; words that are a brand's as they are do not appear."""
    meant: dict[str, str] = {}
    for word in dict.fromkeys(one for given in typed for one in words(given)):
        if len(word) < SHORTEST:
            continue
        mine = trigrams(word)
        rows = await (await conn.execute(NEAREST, {"trigrams": sorted(mine)})).fetchall()
        candidates = {part for (name, _) in rows for part in (*words(name), "".join(words(name)))}
        if not candidates or word in candidates:
            continue
        best = max(sorted(candidates), key=lambda part: likeness(mine, trigrams(part)))
        if likeness(mine, trigrams(best)) >= LIKE:
            meant[word] = best
    return meant
