"""A program takes a client through onboarding over the API alone, by the classic signals, and watches it live."""

import asyncio
from typing import Any

import httpx

from tests.assistant.api.whole import Front, open_front, read_events
from tests.assistant.at_work import briefed, place
from tests.conftest import TestDatabase

__all__ = ["briefed"]


async def asked(front: Front, run_id: str) -> dict[str, Any]:
    """The run, once it waits for somebody or has ended."""
    async with asyncio.timeout(60):
        while True:
            run = await front.get(f"/runs/{run_id}")
            if run["waitingFor"] is not None or run["status"] not in ("queued", "running", "waiting"):
                return run
            await asyncio.sleep(0.05)


async def watch(front: Front, run_id: str, until: str, last: str = "0") -> list[str]:
    """The ids of the events after ``last``, up to the first of type ``until``."""
    ids: list[str] = []
    headers = {"Last-Event-ID": last}
    async with front.http.stream("GET", f"/api/runs/{run_id}/events", headers=headers, timeout=60) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                ids.append(line[4:])
            if line == f"event: {until}":
                break
    return ids


async def test_onboarding_by_signals_watched_in_two_sittings(briefed: TestDatabase) -> None:
    async with open_front(briefed, served=True) as front:
        async with front.at_work.db.org(front.at_work.org_id) as conn:
            client_id, _ = await place(conn)
        start = {"kind": "client_onboarding", "input": {"clientId": str(client_id)}}
        run_id = (await front.post("/runs", start, 201, headers={"Idempotency-Key": "once"}))["id"]
        seen = await watch(front, run_id, "approval_requested")
        for signal in ("approve-canon", "approve-metric-schema"):
            run = await asked(front, run_id)
            item = {"contentHash": run["waitingFor"]["contentHash"]}
            done = await front.post(f"/runs/{run_id}/signals/{signal}", {"items": [item]})
            assert done["items"][0]["decision"] == "approved"
        seen += await watch(front, run_id, "run_completed", seen[-1])
        assert seen == [str(n) for n in range(1, len(seen) + 1)]
        run = await asked(front, run_id)
        assert run["status"] == "completed"
        made = (await front.get(f"/runs/{run_id}/outputs"))["items"]
        assert [(one["type"], one["status"]) for one in made] == [
            ("client_canon", "approved"),
            ("metric_schema", "approved"),
        ]
        (planner,) = (await front.get(f"/runs/{run_id}/agents"))["items"]
        assert (planner["agent"], planner["state"]) == ("planner", "done")
        ended = await front.http.get(f"/api/runs/{run_id}/events", headers={"Last-Event-ID": seen[-1]})
        assert ended.status_code == 204
        late = await front.post(f"/runs/{run_id}/signals/approve-canon", {"items": [item]}, 409)
        assert late["status"] == 409


async def test_a_chat_starts_it_a_program_watches_and_interrupts_it(briefed: TestDatabase) -> None:
    async with open_front(briefed, served=True) as front:
        async with front.at_work.db.org(front.at_work.org_id) as conn:
            client_id, _ = await place(conn)
        session = await front.open(clientId=str(client_id))
        answer: httpx.Response = await front.say(session, "/onboard", Accept="text/event-stream")
        (run,) = read_events(answer.text)[-1][1]["runs"]
        assert (await asked(front, run["id"]))["status"] == "waiting"
        view = await front.post(f"/runs/{run['id']}/interrupt")
        assert view["status"] == "cancelled"
        assert view["waitingFor"] is None
        items = (await front.get(f"/runs/{run['id']}/timeline"))["items"]
        assert items[-1]["sentence"].startswith("Interrupted: it does not go on.")
        await front.post("/runs", {"kind": "client_onboarding", "input": {"clientId": str(client_id)}}, 201)
