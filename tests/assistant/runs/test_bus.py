"""Live events: every stored one once and in order, whatever breaks in between; text deltas while they last."""

import asyncio
import random
import signal
import subprocess
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from assistant.runs import channels
from assistant.runs.bus import FULL, OVERFULL, Delta, EventBus
from assistant.runs.outgoing import GATHER
from knowledge.db import Database
from knowledge.errors import NotFound
from knowledge.ids import OrgId, RunId
from knowledge.runs import events, queries
from knowledge.runs.models import Event, NewEvent, NewRun
from tests.conftest import People, TestDatabase, make_people


@pytest.fixture
async def bus(db: Database) -> AsyncIterator[EventBus]:
    opened = EventBus(db)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def run_id(db: Database, people: People) -> RunId:
    run_id = RunId(uuid4())
    async with db.org(people.org_id) as conn:
        new = NewRun(id=run_id, org_id=people.org_id, kind="k", title="t", input={}, engine="dbos", started_by=None)
        assert await queries.insert_run(conn, new)
    return run_id


async def write(db: Database, org_id: OrgId, run_id: RunId, *numbers: int) -> None:
    async with db.org(org_id) as conn:
        await events.append(conn, run_id, [NewEvent(type="progress", data={"n": n}) for n in numbers])


async def collect(bus: EventBus, org_id: OrgId, run_id: RunId, until: int, after: int = 0) -> list[Event | Delta]:
    """Everything a watcher gets until the event with this sequence number."""
    seen: list[Event | Delta] = []
    async for item in bus.watch(org_id, run_id, after):
        seen.append(item)
        if isinstance(item, Event) and item.seq >= until:
            return seen
    raise AssertionError


async def watching(bus: EventBus, org_id: OrgId, run_id: RunId) -> AsyncGenerator[Event | Delta]:
    """What a watcher gets who takes everything at once."""
    came: asyncio.Queue[Event | Delta] = asyncio.Queue()

    async def watch() -> None:
        async for item in bus.watch(org_id, run_id):
            await came.put(item)

    watcher = asyncio.create_task(watch())
    try:
        while True:
            async with asyncio.timeout(10):
                item = await came.get()
            yield item
    finally:
        watcher.cancel()


def seqs(seen: list[Event | Delta]) -> list[int]:
    return [item.seq for item in seen if isinstance(item, Event)]


async def test_fifty_watchers_from_any_point_get_every_event_once_and_in_order(
    db: Database, bus: EventBus, people: People, run_id: RunId
) -> None:
    chance = random.Random(1)
    await write(db, people.org_id, run_id, *range(20))
    starts = [chance.randint(0, 25) for _ in range(50)]
    watchers = [asyncio.create_task(collect(bus, people.org_id, run_id, 80, after)) for after in starts]
    for n in range(20):
        await asyncio.gather(*(write(db, people.org_id, run_id, n) for _ in range(3)))
    for after, watcher in zip(starts, watchers, strict=True):
        async with asyncio.timeout(10):
            assert seqs(await watcher) == list(range(after + 1, 81))


async def test_what_this_process_wrote_and_what_others_did_come_once_and_in_one_order(
    db: Database, bus: EventBus, people: People, run_id: RunId
) -> None:
    chance = random.Random(2)
    watchers = [asyncio.create_task(collect(bus, people.org_id, run_id, 60, after)) for after in (0, 0, 7, 90)]

    async def write_here(n: int) -> None:
        async with db.org(people.org_id) as conn:
            await events.lock(conn, run_id)
            rows = await events.write(conn, run_id, [NewEvent(type="progress", data={"n": n, "said": "a\x00b"})])
        await asyncio.sleep(chance.choice((0, 0, 0.01)))
        bus.wrote(rows)

    for n in range(0, 60, 3):
        await asyncio.gather(write_here(n), write(db, people.org_id, run_id, n + 1), write_here(n + 2))
    async with db.org(people.org_id) as conn:
        stored = await queries.list_events(conn, run_id)
    async with asyncio.timeout(10):
        seen = [await watcher for watcher in watchers[:3]]
    watchers[3].cancel()
    assert seen == [stored, stored, stored[7:]]


async def test_what_is_too_long_to_go_with_its_announcement_comes_in_its_turn(
    db: Database, bus: EventBus, people: People, run_id: RunId
) -> None:
    watcher = asyncio.create_task(collect(bus, people.org_id, run_id, 40))
    for n in range(0, 40, 2):
        long = {"text": "é" * (n % 3) * 3000, "half": 0.5, "said": "\\u0000 \x00"}
        async with db.org(people.org_id) as conn:
            both = [
                NewEvent(type="message", agent="cmo", step="s", data=long),
                NewEvent(type="progress", data={"n": n}),
            ]
            await events.append(conn, run_id, both)
    async with asyncio.timeout(10):
        seen = await watcher
    async with db.org(people.org_id) as conn:
        assert seen == await queries.list_events(conn, run_id)


async def test_a_watcher_that_keeps_up_reads_nothing_that_came_with_its_announcement(
    db: Database, bus: EventBus, people: People, run_id: RunId, monkeypatch: pytest.MonkeyPatch
) -> None:
    came, seen = watching(bus, people.org_id, run_id), list[Event | Delta]()
    for n in range(1, 21):
        await write(db, people.org_id, run_id, n)
        seen.append(await anext(came))
        if n == 5:  # it stands where the log ends by now, and the table is not there for it any more
            monkeypatch.setattr(queries, "read_events", None)
    await came.aclose()
    async with db.org(people.org_id) as conn:
        assert seen == await queries.list_events(conn, run_id)


async def test_text_waits_for_no_connection_that_others_have_taken(
    db: Database, bus: EventBus, people: People, run_id: RunId
) -> None:
    came = watching(bus, people.org_id, run_id)
    for n in range(5):
        await write(db, people.org_id, run_id, n)
        await anext(came)
    taken = [await db.pool.getconn() for _ in range(db.pool.max_size)]
    try:
        bus.delta(run_id, "a word")
        delta = await anext(came)
        assert isinstance(delta, Delta)
        assert delta.text == "a word"
    finally:
        for conn in taken:
            await db.pool.putconn(conn)
    await came.aclose()


async def test_a_stranger_watches_nothing(db: Database, bus: EventBus, run_id: RunId) -> None:
    other = await make_people(db, "Other")
    with pytest.raises(NotFound):
        await anext(bus.watch(other.org_id, run_id))


async def test_text_is_gathered_and_comes_before_what_is_written_after_it_and_is_not_stored(
    db: Database, bus: EventBus, people: People, run_id: RunId
) -> None:
    watcher = asyncio.create_task(collect(bus, people.org_id, run_id, 2))
    await write(db, people.org_id, run_id, 1)
    await asyncio.sleep(0.2)
    for n in range(100):
        bus.delta(run_id, f"{n} ", message="m", agent="cmo")
    await bus.flush()
    await write(db, people.org_id, run_id, 2)
    seen = await watcher
    deltas = [item for item in seen if isinstance(item, Delta)]
    assert 1 <= len(deltas) <= 3
    assert "".join(delta.text for delta in deltas) == "".join(f"{n} " for n in range(100))
    assert isinstance(seen[-1], Event)
    assert seen[-1].seq == 2
    async with db.org(people.org_id) as conn:
        assert len(await queries.list_events(conn, run_id)) == 2


async def test_messages_take_turns_and_each_is_sent_in_few_pieces(
    db: Database, bus: EventBus, people: People, run_id: RunId
) -> None:
    seen: list[Delta] = []

    async def watch() -> None:
        async for item in bus.watch(people.org_id, run_id):
            if isinstance(item, Delta):
                seen.append(item)
            if len("".join(delta.text for delta in seen)) == 600:
                return

    watcher = asyncio.create_task(watch())
    await write(db, people.org_id, run_id, 1)
    await asyncio.sleep(0.2)
    for n in range(100):
        for message in ("a", "b", "c"):
            bus.delta(run_id, f"{n % 10} ", message=message)
        await asyncio.sleep(GATHER / 10)
    async with asyncio.timeout(10):
        await watcher
    for message in ("a", "b", "c"):
        pieces = [delta for delta in seen if delta.message == message]
        assert "".join(piece.text for piece in pieces) == "".join(f"{n % 10} " for n in range(100))
        assert 2 <= len(pieces) <= 30


async def test_text_that_a_watcher_has_not_read_yet_is_one_piece(
    db: Database, bus: EventBus, people: People, run_id: RunId
) -> None:
    slow = bus.watch(people.org_id, run_id)
    await write(db, people.org_id, run_id, 1)
    assert seqs([await anext(slow)]) == [1]
    reading = asyncio.create_task(anext(slow))
    await asyncio.sleep(0.05)
    bus.delta(run_id, "first", message="m")
    await bus.flush(run_id)
    assert isinstance(await asyncio.wait_for(reading, 5), Delta)
    (watcher,) = bus._feeds[run_id].watchers
    for n in range(10):
        bus.delta(run_id, f" {n}", message="m", agent="cmo" if n > 6 else None)
        bus.delta(run_id, f"{n} ", message="other")
        await bus.flush(run_id)
    async with asyncio.timeout(5):
        while sum(len(item.text) for item in watcher.inbox if isinstance(item, Delta)) < 40:
            await asyncio.sleep(0.01)
    whole = {"m": "", "other": ""}
    for item in watcher.inbox:
        assert isinstance(item, Delta)
        assert item.offset == len(whole[item.message]) + (len("first") if item.message == "m" else 0)
        whole[item.message] += item.text
    assert whole == {"m": "".join(f" {n}" for n in range(10)), "other": "".join(f"{n} " for n in range(10))}


async def test_a_long_text_with_any_characters_arrives_whole_in_numbered_pieces(
    db: Database, bus: EventBus, people: People, run_id: RunId
) -> None:
    text = '„Käse“ 🧀 \x00\x01"\\ \ud800' * 2000
    watcher = asyncio.create_task(collect(bus, people.org_id, run_id, 2))
    await write(db, people.org_id, run_id, 1)
    await asyncio.sleep(0.2)
    bus.delta(run_id, text)
    await bus.flush()
    await write(db, people.org_id, run_id, 2)
    deltas = [item for item in await watcher if isinstance(item, Delta)]
    whole = "".join(delta.text for delta in deltas)
    assert whole == text.encode("utf-8", "replace").decode()
    assert [delta.offset for delta in deltas] == [
        sum(len(before.text) for before in deltas[:n]) for n in range(len(deltas))
    ]


async def test_a_slow_watcher_loses_text_first_and_never_an_event(
    db: Database, bus: EventBus, people: People, run_id: RunId
) -> None:
    slow = bus.watch(people.org_id, run_id)
    await write(db, people.org_id, run_id, 0)
    assert seqs([await anext(slow)]) == [1]
    reading = asyncio.create_task(anext(slow))
    await asyncio.sleep(0.05)
    await write(db, people.org_id, run_id, 1)
    await asyncio.wait_for(reading, 5)
    for n in range(3 * FULL):
        bus.delta(run_id, "x", message=str(n))
        if n % 100 == 0:
            await bus.flush()
    await bus.flush()
    await write(db, people.org_id, run_id, *range(2 * OVERFULL))
    await asyncio.sleep(0.5)
    feed = bus._feeds[run_id]
    assert all(len(watcher.inbox) <= OVERFULL for watcher in feed.watchers), "memory is bounded"
    seen: list[Event | Delta] = []
    while not seen or not isinstance(seen[-1], Event) or seen[-1].seq < 2 + 2 * OVERFULL:
        seen.append(await asyncio.wait_for(anext(slow), 5))
    assert seqs(seen) == list(range(3, 3 + 2 * OVERFULL))
    await slow.aclose()  # type: ignore[attr-defined]
    assert run_id not in bus._feeds


async def test_what_was_written_while_the_connection_was_broken_is_not_lost(
    db: Database, bus: EventBus, people: People, run_id: RunId, database: TestDatabase
) -> None:
    told: list[RunId] = []
    bus.on("progress", told.append)
    watcher = asyncio.create_task(collect(bus, people.org_id, run_id, 5))
    await write(db, people.org_id, run_id, 1)
    await asyncio.sleep(0.1)
    with psycopg.connect(database.owner_url, autocommit=True) as conn:
        conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%%adroom%%'")
    await write(db, people.org_id, run_id, 2, 3)
    await asyncio.sleep(0.6)
    await write(db, people.org_id, run_id, 4, 5)
    async with asyncio.timeout(10):
        assert seqs(await watcher) == [1, 2, 3, 4, 5]
    assert RunId(type(run_id)(int=0)) in told, "listeners learn that they may have missed something"


def _redis(folder: Path, *more: str) -> "subprocess.Popen[bytes]":
    words = ["redis-server", "--port", "0", "--unixsocket", str(folder / "redis.sock"), "--save", "", *more]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def _answers(folder: Path) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_unix_connection(str(folder / "redis.sock"))
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.05)
    raise AssertionError("redis-server did not come up")


async def test_text_goes_over_redis_and_a_restart_of_it_costs_only_the_text_meanwhile(
    db: Database, people: People, run_id: RunId, tmp_path: Path
) -> None:
    server = _redis(tmp_path)
    bus = EventBus(db, f"unix://{tmp_path}/redis.sock")
    try:
        await _answers(tmp_path)
        await bus.start()
        watcher = asyncio.create_task(collect(bus, people.org_id, run_id, 3))
        await write(db, people.org_id, run_id, 1)
        await asyncio.sleep(0.2)
        bus.delta(run_id, "one")
        await bus.flush()
        await asyncio.sleep(0.2)
        server.kill()
        server.wait()
        bus.delta(run_id, "lost")
        await bus.flush()
        await write(db, people.org_id, run_id, 2)
        server = _redis(tmp_path)
        await _answers(tmp_path)
        await asyncio.sleep(1.5)
        bus.delta(run_id, "two")
        await bus.flush()
        await asyncio.sleep(0.2)
        await write(db, people.org_id, run_id, 3)
        async with asyncio.timeout(10):
            seen = await watcher
    finally:
        await bus.stop()
        server.kill()
        server.wait()
    assert seqs(seen) == [1, 2, 3]
    assert [item.text for item in seen if isinstance(item, Delta)] == ["one", "two"]


async def test_a_redis_that_hangs_stops_no_run(
    db: Database, people: People, run_id: RunId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "PUBLISHING", 0.3)
    server = _redis(tmp_path)
    bus = EventBus(db, f"unix://{tmp_path}/redis.sock")
    try:
        await _answers(tmp_path)
        await bus.start()
        bus.delta(run_id, "one")
        await bus.flush()
        server.send_signal(signal.SIGSTOP)
        bus.delta(run_id, "lost")
        async with asyncio.timeout(10):
            await bus.flush()
        watcher = asyncio.create_task(collect(bus, people.org_id, run_id, 1))
        await write(db, people.org_id, run_id, 1)
        async with asyncio.timeout(10):
            assert seqs(await watcher) == [1]
    finally:
        server.send_signal(signal.SIGCONT)
        await bus.stop()
        server.kill()
        server.wait()
