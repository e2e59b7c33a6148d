"""The database and Redis go away in the middle and come back, while many runs write, are watched and people chat.

Everything is done over the API as a program does it: a run is started under an Idempotency-Key until it is, a watcher
goes on from the last event it has seen, a message is said again under its key until it is answered. At the end everything
is counted as after a storm (tests/assistant/tally.py), with nothing forgiven: no process was killed here.
``live_through`` raises ``AssertionError`` naming what does not hold.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from knowledge.embedded import EmbeddedPostgres
from knowledge.ids import RunId
from knowledge.outages import SENTENCE
from knowledge.runs.models import FINAL
from tests.assistant.api.whole import front_of, read_events
from tests.assistant.at_work import AtWork, place
from tests.assistant.flock import Flock
from tests.assistant.tally import check_runs
from tests.model_server import ModelServer

KIND = "email_create"
LAST = ("run_completed", "run_failed", "run_interrupted")
#: what a client meets while the server it talks to has nothing to stand on
PASSING = (409, 429, 503)
#: messages in one conversation
MOST_SAID = 40


@dataclass(frozen=True)
class Weather:
    """``runs`` that are written and watched; ``chats`` in which one message after another is said; ``away``: seconds for
    which the database or Redis is gone; ``between``: seconds between two outages; ``hard``: the database is killed,
    else it is stopped as for an update."""

    runs: int = 20
    chats: int = 3
    away: float = 2.0
    between: float = 3.0
    outages: tuple[str, ...] = ("redis", "hard", "fast")
    stuck: float = 90.0


@dataclass
class Report:
    seconds: float = 0.0
    #: from the moment the database took people in again until every page asked for was answered
    back: list[float] = field(default_factory=list[float])
    events: int = 0
    reconnects: int = 0
    words: int = 0
    messages: int = 0
    refused: Counter[str] = field(default_factory=Counter[str])
    paid: int = 0
    again: int = 0
    wrong: list[str] = field(default_factory=list[str])


class Redis:
    """A server of its own on a socket, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        words = ["redis-server", "--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self._process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self.socket.unlink(missing_ok=True)


@contextmanager
def redis_of(folder: Path) -> Generator[Redis | None]:
    """None where there is none on this machine."""
    if shutil.which("redis-server") is None:
        yield None
        return
    redis = Redis(folder)
    redis.start()
    try:
        while not redis.socket.exists():
            time.sleep(0.01)
        yield redis
    finally:
        redis.kill()


def kill_server(server: EmbeddedPostgres) -> None:
    """As when the machine takes it away: no process of it lives on to write anything down."""
    os.kill(int((server.folder / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)


async def live_through(
    flock: Flock, server: EmbeddedPostgres, redis: Redis | None, provider: ModelServer, weather: Weather
) -> Report:
    report, began = Report(), time.monotonic()
    said = logging.FileHandler(flock.folder / "web.log")
    logging.getLogger().addHandler(said)
    try:
        await _live(flock, server, redis, provider, weather, report)
    except AssertionError as error:
        said_of_bugs = [_bugs(log) for log in (flock.log, flock.folder / "web.log")]
        raise AssertionError(f"{error}\n" + "\n".join(said_of_bugs)) from error
    finally:
        logging.getLogger().removeHandler(said)
        said.close()
    report.seconds = time.monotonic() - began
    return report


async def _live(
    flock: Flock,
    server: EmbeddedPostgres,
    redis: Redis | None,
    provider: ModelServer,
    weather: Weather,
    report: Report,
) -> None:
    async with flock.web() as at_work, front_of(at_work, served=True) as front:
        async with at_work.db.org(at_work.org_id) as conn:
            client_id, campaign_id = await place(conn)
        where = {"clientId": str(client_id), "campaignId": str(campaign_id)}
        over = asyncio.Event()
        limits = httpx.Limits(max_connections=None)
        base = str(front.http.base_url)
        async with httpx.AsyncClient(base_url=base, timeout=httpx.Timeout(60), limits=limits) as http:
            people = [asyncio.create_task(_run(http, report, where, number)) for number in range(weather.runs)]
            chats = [asyncio.create_task(_chat(http, report, number, over)) for number in range(weather.chats)]
            try:
                for kind in weather.outages:
                    await asyncio.sleep(weather.between)
                    await _outage(kind, http, server, redis, weather, report)
                async with asyncio.timeout(weather.stuck + weather.runs):
                    await asyncio.gather(*people)
                    over.set()
                    await asyncio.gather(*chats)
            finally:
                for task in [*people, *chats]:
                    task.cancel()
                await asyncio.gather(*people, *chats, return_exceptions=True)
        await _count(flock, at_work, provider, report, weather)


async def _outage(
    kind: str, http: httpx.AsyncClient, server: EmbeddedPostgres, redis: Redis | None, weather: Weather, report: Report
) -> None:
    if kind == "redis":
        if redis is not None:
            redis.kill()
            await asyncio.sleep(weather.away)
            redis.start()
        return
    await asyncio.to_thread(kill_server if kind == "hard" else EmbeddedPostgres.stop, server)
    gone = time.monotonic()
    await _see_what_people_see(http, report)
    await asyncio.sleep(max(0.0, weather.away - (time.monotonic() - gone)))
    await asyncio.to_thread(server.bring_up)
    there = time.monotonic()
    while (await http.get("/api/health")).status_code != 200 or (await http.get("/api/clients")).status_code != 200:
        if time.monotonic() - there > weather.stuck:
            report.wrong.append(f"{weather.stuck:.0f} s after the database is there the API has not come back")
            return
        await asyncio.sleep(0.05)
    report.back.append(time.monotonic() - there)


async def _see_what_people_see(http: httpx.AsyncClient, report: Report) -> None:
    """One sentence, once the last process of the killed server has noticed that it is alone."""
    began = time.monotonic()
    while (answer := await http.get("/api/clients")).status_code == 200 and time.monotonic() - began < 30:
        await asyncio.sleep(0.05)
    report.refused[str(answer.status_code)] += 1
    if answer.status_code != 503 or answer.json()["detail"] != SENTENCE:
        report.wrong.append(f"without a database /api/clients answers {answer.status_code} {answer.text[:200]}")
    health = await http.get("/api/health")
    if health.status_code != 503 or health.json().get("status") != "database does not answer":
        report.wrong.append(f"without a database /api/health answers {health.status_code} {health.text[:200]}")


# ---------------------------------------------------------------- what people and programs do


async def _until_taken(report: Report, send: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Try again, as a program does, while the answer is that it should."""
    while True:
        try:
            answer = await send()
        except httpx.TransportError as error:
            report.wrong.append(f"the API broke off: {error!r}")
            await asyncio.sleep(0.5)
            continue
        if answer.status_code not in PASSING:
            if answer.status_code >= 400:
                report.wrong.append(f"{answer.request.url.path}: {answer.status_code} {answer.text[:300]}")
            return answer
        if answer.status_code == 503 and answer.json()["detail"] != SENTENCE:
            report.wrong.append(f"{answer.request.url.path}: {answer.text[:300]}")
        report.refused[str(answer.status_code)] += 1
        await asyncio.sleep(0.5)


async def _run(http: httpx.AsyncClient, report: Report, where: dict[str, str], number: int) -> None:
    """Start a run, see it to its end; each fourth goes away in the middle now and then."""
    body = {"kind": KIND, "input": {**where, "brief": f"Tell subscribers about the new harvest ({number:04d})"}}
    headers = {"Idempotency-Key": f"run {number}"}
    begun = await _until_taken(report, lambda: http.post("/api/runs", json=body, headers=headers))
    run_id, last, ended = str(begun.json()["id"]), 0, False
    while not ended:
        with contextlib.suppress(httpx.TransportError):
            last, ended = await _watch(http, report, run_id, last, leave_after=5 if number % 4 == 0 else None)
        report.reconnects += not ended
        await asyncio.sleep(0 if ended else 0.1)


async def _watch(
    http: httpx.AsyncClient, report: Report, run_id: str, last: int, leave_after: int | None
) -> tuple[int, bool]:
    seen, ended = 0, False
    async with http.stream("GET", f"/api/runs/{run_id}/events", headers={"Last-Event-ID": str(last)}) as answer:
        if answer.status_code != 200:
            if answer.status_code not in PASSING:
                report.wrong.append(f"events of {run_id} after {last}: {answer.status_code}")
                return last, answer.status_code == 204
            report.refused[str(answer.status_code)] += 1
            await asyncio.sleep(0.5)
            return last, False
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                number = int(line[4:])
                if number != last + 1:
                    report.wrong.append(f"run {run_id}: event {number} after {last}")
                last, seen = number, seen + 1
                report.events += 1
            elif line.startswith("event: "):
                type = line[7:]
                report.words += type == "delta"
                ended = ended or type in LAST
            elif not line and (ended or (leave_after is not None and seen >= leave_after)):
                break
    return last, ended


async def _chat(http: httpx.AsyncClient, report: Report, number: int, over: asyncio.Event) -> None:
    opened = await _until_taken(
        report, lambda: http.post("/api/sessions", json={}, headers={"Idempotency-Key": f"chat {number}"})
    )
    session, said = opened.json()["id"], 0
    while not over.is_set() and said < MOST_SAID:
        said += 1
        await _say(http, report, session, f"Hello, this is message {said}", f"{number} {said}")
        report.messages += 1
        await asyncio.sleep(0.3)
    await over.wait()
    kept = (await _until_taken(report, lambda: http.get(f"/api/sessions/{session}/items?limit=200"))).json()["items"]
    texts = [str(one["text"]) for one in kept if one.get("role") == "user"]
    for nth in range(1, said + 1):
        if not any(text.endswith(f"message {nth}") for text in texts):
            report.wrong.append(f"chat {number}: message {nth} of {said} is not kept")


async def _say(http: httpx.AsyncClient, report: Report, session: str, text: str, key: str) -> None:
    """Say it until there is an answer: one that failed is said anew, one that broke off is asked for by its key."""
    attempt = 0
    while True:
        headers = {"Accept": "text/event-stream", "Idempotency-Key": f"say {key} {attempt}"}
        path, body = f"/api/sessions/{session}/messages", {"text": text}
        answer = await _until_taken(report, lambda: http.post(path, json=body, headers=headers))  # noqa: B023
        happened = read_events(answer.text)
        failed = [data for event, data in happened if event == "failed"]
        if not happened or happened[-1][0] != "done":
            report.wrong.append(f"an answer ended without its end: {answer.text[-300:]}")
            return
        if not failed:
            if not any(event == "message" and data["text"] for event, data in happened):
                report.wrong.append(f"nobody said anything to {text!r}: {answer.text[-300:]}")
            return
        if failed[0]["detail"] != SENTENCE:
            report.wrong.append(f"a message failed with {failed[0]}")
        report.refused["turn"] += 1
        attempt += 1
        await asyncio.sleep(0.5)


# ---------------------------------------------------------------- what came of it


async def _count(flock: Flock, at_work: AtWork, provider: ModelServer, report: Report, weather: Weather) -> None:
    assert not report.wrong, "\n".join(report.wrong[:20])
    ids = [RunId(UUID(str(id))) for (id,) in await at_work.rows("select id from runs where kind = %s", KIND)]
    assert len(ids) == weather.runs, f"{len(ids)} runs of {weather.runs}: one was started twice, or not at all"
    async with asyncio.timeout(weather.stuck):
        for run_id in ids:
            await at_work.until(run_id, *FINAL)
        while await at_work.rows("select 1 from runs where holder is not null"):
            await asyncio.sleep(0.05)
    await check_runs(flock, at_work)
    pieces = await at_work.rows("select count(*), count(distinct run_id) from assets")
    assert pieces == [(weather.runs, weather.runs)], f"pieces: {pieces}"
    assert await at_work.rows("select count(*) from turns where status = 'running'") == [(0,)]
    of_runs = [one for one in provider.requests if one.mark]
    report.paid = sum(one.paid for one in of_runs)
    report.again = count_again(of_runs)
    broken = said_of_lost(flock)
    assert report.again <= broken, f"{report.again} calls were paid again, {broken} runs were broken off"
    ((twice, cost),) = await at_work.rows(
        "select count(call_key) - count(distinct call_key), coalesce(sum(cost), 0) from usage_ledger"
    )
    ((days,),) = await at_work.rows("select coalesce(sum(cost), 0) from usage_days where scope = 'org'")
    assert twice == 0 and days == cost, f"{twice} entries twice; the days add up to {days}, the ledger to {cost}"
    ((entered,),) = await at_work.rows("select count(*) from usage_ledger where cost > 0 and run_id is not null")
    assert abs(entered - report.paid) <= broken, f"{report.paid} calls of runs were billed, {entered} are in the ledger"
    assert await at_work.rows(
        "select count(*) from budget_reservations where settled_at is null and run_id is not null"
    ) == [(0,)], "money is held for calls that nobody makes"
    for log in (flock.log, flock.folder / "web.log"):
        text = log.read_text() if log.exists() else ""
        assert "Traceback" not in text, text[max(0, text.index("Traceback") - 500) :][:3000]


def _bugs(log: Path) -> str:
    """What a log says of errors nobody foresaw, with what came before them."""
    text = log.read_text() if log.exists() else ""
    at = text.find("Traceback")
    return "" if at < 0 else f"{log.name}: {text[max(0, at - 500) : at + 6000]}"


def count_again(requests: list[Any]) -> int:
    seen: set[tuple[str, str]] = set()
    again = 0
    for recorded in requests:
        if recorded.paid:
            about = (recorded.mark, recorded.request.fingerprint)
            again += about in seen
            seen.add(about)
    return again


def said_of_lost(flock: Flock) -> int:
    """Runs that went on from what the database had kept, because it had lost what they wrote last."""
    log = flock.log.read_text() if flock.log.exists() else ""
    return log.count("has lost the end of what run")
