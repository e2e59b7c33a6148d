"""A run-away client is told to wait, and nobody else notices."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from assistant.api import create_api
from assistant.api.limits import GATHERED_SECONDS, MOST_CALLERS, Limiter
from assistant.api.problems import TooMany
from knowledge.people.api_keys import create_key
from tests.assistant.api.conftest import Door, _checked, add_run, say
from tests.conftest import TestDatabase


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def asking(who: str = "a", method: str = "GET", path: str = "/api/runs", peer: str = "10.0.0.1") -> Request:
    headers = [(b"authorization", f"Bearer {who}".encode())] if who else []
    return Request(
        {"type": "http", "method": method, "path": path, "headers": headers, "query_string": b"", "client": (peer, 1)}
    )


def spend(limiter: Limiter, request: Request) -> int:
    """How many such requests are let in one after the other."""
    let_in = 0
    try:
        while True:
            admission = limiter.admit(request)
            admission.good()
            admission.release()
            let_in += 1
    except TooMany:
        return let_in


def test_an_allowance_is_used_up_and_comes_back_with_time() -> None:
    clock = Clock()
    limiter = Limiter(5, clock=clock)
    assert spend(limiter, asking()) == 5 * GATHERED_SECONDS
    with pytest.raises(TooMany) as refused:
        limiter.admit(asking())
    assert refused.value.facts["retry_after"] == 1
    clock.now += 1
    assert spend(limiter, asking()) == 5
    clock.now += 1000
    assert spend(limiter, asking()) == 5 * GATHERED_SECONDS, "no more than this gathers"


def test_starting_work_weighs_more_than_looking() -> None:
    clock = Clock()
    limiter = Limiter(5, clock=clock)
    assert spend(limiter, asking(method="POST", path="/api/sessions/x/messages")) == 5
    with pytest.raises(TooMany) as refused:
        limiter.admit(asking(method="POST", path="/api/runs"))
    assert refused.value.facts["retry_after"] == 2
    limiter = Limiter(5, clock=clock)
    assert spend(limiter, asking(method="POST", path="/api/runs/x/stop")) == 25


def test_guessing_keys_uses_up_the_guessers_allowance_and_nobodys_elses() -> None:
    limiter = Limiter(5, clock=Clock())
    known = limiter.admit(asking("good"))
    known.good()
    known.release()
    refused = 0
    for guess in range(100):
        try:
            limiter.admit(asking(f"guess {guess}")).release()
        except TooMany:
            refused += 1
    assert refused == 51, "49 guesses are left of the place's allowance after the one that was good"
    limiter.admit(asking("good")).release()
    limiter.admit(asking("elsewhere", peer="10.0.0.2")).release()


def test_what_is_open_at_once_is_bounded_and_callers_are_forgotten_in_the_end() -> None:
    limiter = Limiter(1000, most_open=3, clock=Clock())
    opened = [limiter.admit(asking()) for _ in range(3)]
    with pytest.raises(TooMany):
        limiter.admit(asking())
    opened[0].release()
    opened[0].release()
    limiter.admit(asking())
    for number in range(MOST_CALLERS + 10):
        limiter.admit(asking("", peer=f"10.1.{number // 256}.{number % 256}")).release()
    assert len(limiter._buckets) <= MOST_CALLERS


def with_limits(door: Door, **limits: Any) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(create_api(replace(door.parts, limits=Limiter(**limits))))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=("127.0.0.1", 5000)), base_url="http://localhost"
    )


async def test_a_runaway_client_gets_429_with_retry_after_while_another_is_answered(door: Door) -> None:
    keys: list[dict[str, str]] = []
    async with door.parts.db.org(door.people.org_id) as conn:
        for role in ("creative", "strategy"):
            key = await create_key(conn, door.people.org_id, door.people[role], "test", ["*"])
            keys.append({"Authorization": f"Bearer {key}"})
    async with with_limits(door, rate=5, clock=lambda: 0.0) as http:  # so fast that nothing gathers meanwhile
        runaway = [await http.get("/api/clients", headers=keys[0]) for _ in range(70)]
        refused = [response for response in runaway if response.status_code == 429]
        assert len(refused) == 20 and runaway[50:] == refused
        problem = _checked(refused[0], 429)
        assert problem["code"] == "too_many_requests"
        assert int(refused[0].headers["retry-after"]) >= 1
        for _ in range(20):
            assert (await http.get("/api/clients", headers=keys[1])).status_code == 200


async def test_a_stream_counts_as_open_until_it_has_ended(door: Door, database: TestDatabase) -> None:
    async with door.parts.db.org(door.people.org_id) as conn:
        run_id = await add_run(conn, door.people.org_id, door.people["partner"], door.people.client_id)
        await say(conn, run_id, "run_started")
    async with with_limits(door, rate=1000, most_open=2) as http:
        watching = [asyncio.create_task(http.get(f"/api/runs/{run_id}/events")) for _ in range(2)]
        while door.events.begun < 2:
            await asyncio.sleep(0.01)
        assert (await http.get("/api/clients")).status_code == 429
        async with door.parts.db.org(door.people.org_id) as conn:
            await say(conn, run_id, "run_completed")
        assert {(await task).status_code for task in watching} == {200}
        assert (await http.get("/api/clients")).status_code == 200
