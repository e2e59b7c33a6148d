"""The one writer of passages: what search finds is in step with the ads, quotes and documents it was cut from.

What always holds: writing the same passages again touches no row; a passage whose text changed is a new row, so that no
vector of the old text can stand for the new; the filter columns are those of the parent, here and in every table of
vectors that is in use.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from psycopg import sql

from knowledge.copy_text import NULL, array, copy_data, plain, text
from knowledge.db import Connection
from knowledge.ids import OrgId
from knowledge.search.models import Kind, Part
from knowledge.search.runs import Runs
from knowledge.search.text import config_of, content_hash, fingerprints_of, fold, plain_words, taken_apart
from knowledge.search.together import Texts, indexed


@dataclass(slots=True)
class ChunkDraft:
    """A passage to be written. The fields after ``started_at`` are the parent's, to filter by."""

    kind: Kind
    parent_id: UUID
    part: Part
    ordinal: int
    text: str
    client_id: UUID | None = None
    language: str | None = None
    speaker: str | None = None
    started_at: float | None = None
    platforms: Sequence[str] = ()
    format: str | None = None
    brand_id: UUID | None = None
    day: date | None = None
    score: float | None = None
    tags: Sequence[str] = ()
    #: words that find it without standing in it: the brand's name, the ad's own number
    also_found_by: str = ""


#: letters of a word that is indexed: a lexeme has at most 2046 bytes
LONGEST_WORD = 500
#: the columns copied from the parent
_FILTERS = "client_id, language, platforms, format, brand_id, day, score, tags"
_STAGE = """
create temporary table if not exists chunk_stage (
  kind text, parent_id uuid, part text, ordinal integer, text text, speaker text, started_at real,
  content_hash bytea, fingerprints integer[], words tsvector, config regconfig,
  client_id uuid, language text, platforms text[], format text, brand_id uuid, day date, score real, tags text[]
) on commit delete rows
"""
# ``config`` is null where the stems are among the words already.
_TSV = "case when s.config is null then s.words else s.words || setweight(to_tsvector(s.config, s.text), 'B') end"
_COPY = "copy chunk_stage from stdin"
_DELETE = """
delete from chunks c where c.org_id = %(org_id)s and c.parent_id = any(%(parents)s)
and not exists (select from chunk_stage s where s.parent_id = c.parent_id and s.part = c.part
                and s.ordinal = c.ordinal and s.content_hash = c.content_hash)
"""
_UPDATE = f"""
update chunks c set ({_FILTERS}, speaker, started_at, tsv) = (s.client_id, s.language, s.platforms, s.format, s.brand_id,
  s.day, s.score, s.tags, s.speaker, s.started_at, {_TSV})
from chunk_stage s where c.org_id = %(org_id)s and c.parent_id = s.parent_id and c.part = s.part and c.ordinal = s.ordinal
and (c.client_id, c.language, c.platforms, c.format, c.brand_id, c.day, c.score, c.tags, c.speaker, c.started_at)
    is distinct from (s.client_id, s.language, s.platforms, s.format, s.brand_id, s.day, s.score, s.tags, s.speaker,
                      s.started_at)
"""
_INSERT = f"""
insert into chunks (org_id, kind, parent_id, part, ordinal, text, speaker, started_at, {_FILTERS}, content_hash,
                    fingerprints, tsv)
select %(org_id)s, s.kind, s.parent_id, s.part, s.ordinal, s.text, s.speaker, s.started_at, s.client_id, s.language,
  s.platforms, s.format, s.brand_id, s.day, s.score, s.tags, s.content_hash, s.fingerprints,
  {_TSV}
from chunk_stage s
"""
_UNLESS_THERE = (
    "where not exists (select from chunks c where c.org_id = %(org_id)s and c.parent_id = s.parent_id "
    "and c.part = s.part and c.ordinal = s.ordinal) on conflict (org_id, parent_id, part, ordinal) do nothing"
)
_MODELS = "select id from embedding_models where status <> 'retired' order by id"
_REFRESH: LiteralString = """
update {vectors} e
set ({filters}) = (c.client_id, c.language, c.platforms, c.format, c.brand_id, c.day, c.score, c.tags)
from chunks c where c.org_id = %(org_id)s and c.parent_id = any(%(parents)s) and e.org_id = c.org_id
and e.chunk_id = c.id
and (e.client_id, e.language, e.platforms, e.format, e.brand_id, e.day, e.score, e.tags)
    is distinct from (c.client_id, c.language, c.platforms, c.format, c.brand_id, c.day, c.score, c.tags)
"""


async def replace_chunks(
    conn: Connection, org_id: OrgId, parent_ids: Sequence[UUID], drafts: Iterable[ChunkDraft]
) -> int:
    """Make ``drafts`` all the passages that ``parent_ids`` have; returns how many rows were touched.

    One transaction of the organisation's; a draft of a parent that is not named is a bug. Passages of the same parent
    must differ in (part, ordinal).
    """
    return await write_chunks(conn, org_id, chunk_data(drafts), known=parent_ids)


def chunk_data(drafts: Iterable[ChunkDraft]) -> bytes:
    """The same drafts as they go over the wire. Those of a parent lie together."""
    return copy_data(_lines((draft, _by_itself(draft)) for draft in drafts))


class Drafts:
    """Many drafts on their way to being ``chunk_data``, made together: what ``runs`` remembers of their words the server
    need not take apart. In a thread, like ``runs``; between the two steps the stems that are ``unknown`` are asked for.
    """

    def __init__(self, drafts: Sequence[ChunkDraft], runs: Runs) -> None:
        self._drafts, self._runs = drafts, runs
        self._places: dict[str, list[int]] = {}
        for place, draft in enumerate(drafts):
            self._places.setdefault(config_of(draft.language), []).append(place)
        order = [place for places in self._places.values() for place in places]
        texts, at = Texts.of(runs, [drafts[place].text for place in order]), 0
        self._texts: dict[str, Texts] = {}
        for config, places in self._places.items():
            self._texts[config], at = texts.part(at, at + len(places)), at + len(places)
        self._generation = runs.generation
        self.unknown = {config: runs.unknown(config, texts.numbers) for config, texts in self._texts.items()}

    def data(self) -> bytes:
        return copy_data(_lines(zip(self._drafts, self._words(), strict=True)))

    def _words(self) -> list[str]:
        """What ``_by_itself`` says, with the stems where they are remembered."""
        if self._generation != self._runs.generation:  # the numbers are somebody else's now
            return list(map(_by_itself, self._drafts))
        made = [""] * len(self._drafts)
        for config, places in self._places.items():
            names = [plain_words(self._drafts[place].also_found_by) for place in places]
            found = indexed(self._runs, config, self._texts[config], names)
            for place, each in zip(places, found, strict=True):
                if each is None:
                    made[place] = _by_itself(self._drafts[place])
                else:
                    made[place] = f"{{{','.join(map(str, each[0]))}}}\t{each[1]}\t{NULL}"
        return made


async def write_chunks(conn: Connection, org_id: OrgId, data: bytes, *, known: Sequence[UUID]) -> int:
    """What ``replace_chunks`` does, with drafts that were made ready by ``chunk_data``.

    ``known``: the parents that may have passages already; all others in ``data`` must have none.
    """
    await stage_chunks(conn, data)
    return await write_staged_chunks(conn, org_id, known=known)


async def stage_chunks(conn: Connection, data: bytes) -> None:
    """The first half of it: on the server, where nobody sees them yet."""
    await conn.execute(_STAGE)
    async with conn.cursor() as cursor:
        await cursor.execute("delete from chunk_stage")  # an earlier call of the same transaction
        if data:
            async with cursor.copy(_COPY) as copy:
                await copy.write(data)


async def write_staged_chunks(conn: Connection, org_id: OrgId, *, known: Sequence[UUID]) -> int:
    """The second half, in the same transaction."""
    given: dict[str, Any] = {"org_id": org_id, "parents": list(known)}
    touched = 0
    for statement in (_DELETE, _UPDATE, _INSERT + _UNLESS_THERE) if known else (_INSERT,):
        touched += (await conn.execute(statement, given)).rowcount
    if touched and known:
        await refresh_filters(conn, org_id, known)
    return touched


async def refresh_filters(conn: Connection, org_id: OrgId, parent_ids: Sequence[UUID]) -> None:
    """Bring the filter columns of the vectors in step with the passages'."""
    filters = sql.SQL(_FILTERS)
    for (model,) in await (await conn.execute(_MODELS)).fetchall():
        query = sql.SQL(_REFRESH).format(vectors=sql.Identifier(f"embeddings_{model}"), filters=filters)
        await conn.execute(query, {"org_id": org_id, "parents": list(parent_ids)})


def _lines(drafts: Iterable[tuple[ChunkDraft, str]]) -> Iterator[str]:
    parent, copied = None, ""
    for draft, words in drafts:
        if draft.parent_id is not parent:
            parent, copied = draft.parent_id, _copied(draft)
        yield (
            f"{draft.kind}\t{parent}\t{draft.part}\t{draft.ordinal}\t{text(draft.text)}\t{text(draft.speaker)}\t"
            f"{plain(draft.started_at)}\t\\\\x{content_hash(draft.text).hex()}\t{words}\t{copied}"
        )


def _by_itself(draft: ChunkDraft) -> str:
    """The columns ``fingerprints``, ``words`` and ``config``: the server adds the stems."""
    said, found_by = taken_apart(fold(draft.text))
    marks = fingerprints_of(said)
    if draft.also_found_by:
        found_by = found_by + plain_words(draft.also_found_by)
    return f"{{{','.join(map(str, marks))}}}\t{_plain(found_by)}\t{config_of(draft.language)}"


def _plain(words: list[str]) -> str:
    """The tsvector of plain words, as ``chunk_tsv`` has it: written here, where they are apart already, because taking
    texts apart is most of what storing a passage costs. A word beyond Postgres' limit is left out, like there.
    """
    places: dict[str, str] = {}
    at = 0
    for word in words:
        if len(word) > LONGEST_WORD:
            continue
        at += 1
        places[word] = f"{places[word]},{at}A" if word in places else f"{at}A"
    return " ".join([f"{word}:{where}" for word, where in places.items()])


def _copied(draft: ChunkDraft) -> str:
    """The filter columns."""
    return "\t".join((
        plain(draft.client_id), text(draft.language), array(draft.platforms), text(draft.format), plain(draft.brand_id),
        plain(draft.day), plain(draft.score), array(draft.tags),
    ))  # fmt: skip
