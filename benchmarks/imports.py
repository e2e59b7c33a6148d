"""100,000 ads into the library without vectors, against a bare COPY of the very same rows into tables of the same shape.

*Ours* is everything an import does: the file read twice, languages guessed, passages cut and made searchable, brands,
media, near doubles, what was rejected, and the position in each transaction. *Bare COPY* takes what came of it, ready
made (passages with their search words too), into empty tables with the same columns, checks and indexes, a table after
the other; with *the file read once* before it. Then the same file again: no row may be touched.

Bar (DESIGN.md): at least 0.6 × the speed of the bare COPY, so at most 1.67 × its time. ``ADROOM_BENCH_ADS`` for another
size.
"""

import asyncio
import hashlib
import json
import os
import random
import resource
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from assistant.collecting import settle
from benchmarks.measure import Comparison, median
from benchmarks.stage import folder, postgres, somebody
from knowledge.db import Database
from knowledge.embedded import EmbeddedPostgres
from knowledge.imports import near_duplicates, pipeline, queries, reading, service
from knowledge.imports.models import Import
from knowledge.imports.options import Options
from knowledge.people.models import Caller

ADS = int(os.environ.get("ADROOM_BENCH_ADS", "100000"))
ROUNDS = int(os.environ.get("ADROOM_BENCH_ROUNDS", "2"))
BRANDS = 2000
COPY, READ_AND_COPY = "bare COPY", "the file read once, then bare COPY"
#: what an import of ads writes, parents first
TABLES: tuple[LiteralString, ...] = (
    "company_swipe_brands", "brand_trigrams", "company_swipe_assets", "company_swipe_media", "chunks",
    "near_duplicates",
)  # fmt: skip
WHO = "Busy parents|Night owls|People who run|Your skin|Small shops|Anyone with a dog|First-time buyers|Tired teams"
WANT = "deserve a calmer morning|need less of everything|waited long enough|know what it costs|were told to be patient"
WHAT = "One blade|This serum|A softer mattress|The planner on your desk|Our oat drink|A lamp that dims itself|One cable"
DOES = "saves you ten minutes a day|keeps for forty hours|is made ten streets away|costs less than lunch|does not itch"
WHY = "because we left out what nobody missed|since it is tested by people, not by rooms|and it fits through your door"


def run() -> list[Comparison]:
    with postgres() as server, folder() as place:
        path = place / "ads.json"
        _write_file(path)
        print(f"\n{ADS:,} ads, {path.stat().st_size / 1e6:.0f} MB", flush=True)
        return asyncio.run(_run(server, path))


async def _run(server: EmbeddedPostgres, path: Path) -> list[Comparison]:
    taken: dict[str, list[float]] = {name: [] for name in ("ours", "links", "again", COPY, READ_AND_COPY)}
    db = Database(server.app_url)
    await db.open()
    settle()  # as a process that serves people is
    try:
        for number in range(ROUNDS):
            if number % 2 == 0:  # in turns, each beginning once
                await _ours(db, server, path, taken)
                await asyncio.to_thread(_bare, server, path, taken)
            else:
                await asyncio.to_thread(_bare, server, path, taken)
                await _ours(db, server, path, taken)
    finally:
        await db.close()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"this process had {most:,.0f} MB at most", flush=True)
    for name, seconds in taken.items():
        print(f"{name}: {ADS / median(seconds):,.0f} ads/s", flush=True)
    peers = {name: taken[name] for name in (COPY, READ_AND_COPY)}
    return [
        Comparison("imports", f"{ADS:,} ads", taken["ours"], peers, {COPY: 1 / 0.6}, unit="s"),
        Comparison("imports", "near doubles linked (part of ours)", taken["links"], unit="s"),
        Comparison("imports", "the same file again", taken["again"], {"the first time": taken["ours"]}, unit="s"),
    ]


# ------------------------------------------------------------------------ ours


async def _ours(db: Database, server: EmbeddedPostgres, path: Path, taken: dict[str, list[float]]) -> None:
    """Into an empty library, then the same again; what came in is kept in files for the bare COPY."""
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute("truncate orgs, chunks, near_duplicates cascade")  # passages name no organisation to follow
    caller = await somebody(db)
    begun = time.perf_counter()
    row = await _import(db, caller, path, taken["links"])
    taken["ours"].append(time.perf_counter() - begun)
    assert row.rows_new == ADS, row
    before = await asyncio.to_thread(_versions, server)
    await asyncio.to_thread(_keep, server, path.parent)
    begun = time.perf_counter()
    again = await _import(db, caller, path, [])
    taken["again"].append(time.perf_counter() - begun)
    assert again.rows_unchanged == ADS, again
    assert await asyncio.to_thread(_versions, server) == before, "a row was touched"


async def _import(db: Database, caller: Caller, path: Path, links: list[float]) -> Import:
    async with db.org(caller.org_id) as conn:
        row = await service.open_import(
            conn, caller, client_id=None, kind="swipes", filename=path.name, storage_key=path.name,
            bytes=path.stat().st_size, sha256=hashlib.sha256(path.name.encode()).hexdigest(), format="ad_json", options={},
        )  # fmt: skip
        row = await service.claim(conn, row.id)
    await pipeline.run_import(db, caller.org_id, row.id, path)
    begun = time.perf_counter()
    async with db.org(caller.org_id) as conn:
        await near_duplicates.link(conn, caller.org_id, "swipe", row.id)
        links.append(time.perf_counter() - begun)
        await queries.finish(conn, row.id)
        return await service.get(conn, row.id)


def _versions(server: EmbeddedPostgres) -> dict[str, Any]:
    """Rows of each table and where each lies, written by whom."""
    with psycopg.connect(server.owner_url) as owner:
        written = "select count(*), sum(hashtext(t.ctid::text || t.xmin::text)) from {} t"
        return {table: owner.execute(written.format(table)).fetchone() for table in TABLES}  # pyright: ignore[reportArgumentType]


# ------------------------------------------------------------------------ the peer


def _keep(server: EmbeddedPostgres, place: Path) -> None:
    with psycopg.connect(server.owner_url) as owner:
        for table in TABLES:
            with (
                (place / table).open("wb") as file,
                owner.cursor().copy(f"copy (select * from {table}) to stdout") as copy,
            ):
                for piece in copy:
                    file.write(piece)


def _bare(server: EmbeddedPostgres, path: Path, taken: dict[str, list[float]]) -> None:
    with _empty_tables(server) as owner:
        begun = time.perf_counter()
        for _ in reading.read(path, "ad_json", Options()):
            pass
        read = time.perf_counter()
        for table in TABLES:
            with (path.parent / table).open("rb") as file, owner.cursor().copy(f"copy bare.{table} from stdin") as copy:
                while piece := file.read(1 << 20):
                    copy.write(piece)
        ended = time.perf_counter()
    taken[COPY].append(ended - read)
    taken[READ_AND_COPY].append(ended - begun)


@contextmanager
def _empty_tables(server: EmbeddedPostgres) -> Generator["psycopg.Connection[Any]"]:
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute("create schema bare")
        for table in TABLES:
            owner.execute(f"create table bare.{table} (like {table} including all)")
        try:
            yield owner
        finally:
            owner.execute("drop schema bare cascade")


# ------------------------------------------------------------------------ the file


def _write_file(path: Path) -> None:
    """Ads of many brands with a picture each, written from a few dozen turns of phrase; a tenth say what others say."""
    chance = random.Random(11)
    with path.open("w") as file:
        file.write("[")
        for number in range(ADS):
            file.write(",\n" * bool(number) + json.dumps(_ad(number, chance)))
        file.write("]")


def _ad(number: int, chance: random.Random) -> dict[str, Any]:
    brand, cdn = number * 7919 % BRANDS, "https://cdn.bench.example"
    days = number % 28 + 1
    return {
        "id": 40_000_000 + number,
        "external_id": str(3_000_000_000_000_000 + number),
        "platform": chance.choice(["FACEBOOK, INSTAGRAM", "INSTAGRAM", "FACEBOOK, INSTAGRAM, MESSENGER"]),
        "title": f"{_one(WHAT, chance)} {_one(DOES, chance)}",
        "body": _body(chance, number),
        "cta_type": "SHOP_NOW",
        "cta_text": "Shop now",
        "display_format": chance.choice(["VIDEO", "IMAGE", "CAROUSEL"]),
        "landing_page": f"https://shop{brand}.example/offer/{number}",
        "start_date": f"2026-{number % 9 + 1:02}-{days:02}",
        "winning_score": round(chance.random(), 3),
        "likes": chance.randrange(5000),
        "media": [{"id": number, "url": f"{cdn}/{number}.mp4", "thumbnail_url": f"{cdn}/{number}.jpg", "type": "video",
                   "video_length": days, "download_url": f"{cdn}/download/{number}"}],
        "brand": {"id": brand, "external_id": f"{brand}", "name": f"Bench Brand {brand}", "logo_url": f"{cdn}/{brand}.png"},
    }  # fmt: skip


def _body(chance: random.Random, number: int) -> str:
    if number % 10 == 0:  # a copy that many ads share
        chance = random.Random(number % 997)
    sentences = [f"{_one(WHO, chance)} {_one(WANT, chance)}."]
    for _ in range(chance.randint(3, 7)):
        figure = chance.randrange(2, 5000)
        sentences.append(f"{_one(WHAT, chance)} {_one(DOES, chance)}, {_one(WHY, chance)}: {figure} people say so.")
    return sentences[0] + "\n\n" + " ".join(sentences[1:])


def _one(choices: str, chance: random.Random) -> str:
    return chance.choice(choices.split("|"))
