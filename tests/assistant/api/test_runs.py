"""Runs, live events, the inbox, budgets and the command centre through the door."""

import asyncio
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

from assistant.api import sse
from assistant.runs.bus import Delta
from knowledge.approvals import service as approvals
from knowledge.ids import RunId
from knowledge.runs import queries
from knowledge.runs.models import Event, RunRow
from tests.assistant.api.conftest import Door, add_asset, add_document, add_run, say


async def run_in(door: Door, status: str = "running", *types: str) -> RunId:
    people = door.people
    async with door.parts.db.org(people.org_id) as conn:
        run_id = await add_run(conn, people.org_id, people["partner"], people.client_id, status=status)
        await say(conn, run_id, *types)
    return run_id


def read_stream(text: str) -> list[tuple[str | None, str, dict[str, Any]]]:
    """(id, event, data) of each event; pings and the retry line left out."""
    found: list[tuple[str | None, str, dict[str, Any]]] = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if "data" in lines:
            found.append((lines.get("id"), lines["event"], json.loads(lines["data"])))
    return found


async def test_a_run_is_started_once_for_a_key_and_its_input_arrives_as_the_workflow_names_it(door: Door) -> None:
    body = {"kind": "seo_write", "input": {"clientId": str(door.people.client_id), "brief": "Candles"}}
    problem = await door.post("/runs", body, 409)
    assert (problem["code"], problem["reasons"]) == ("blocked", ["client_canon is missing"])
    async with door.parts.db.org(door.people.org_id) as conn:
        await add_document(conn, door.people, "intake", approved=True)
        await add_document(conn, door.people, "client_canon", approved=True)
    first = await door.post("/runs", body, 201, headers={"Idempotency-Key": "k"})
    again = await door.post("/runs", body, 201, headers={"Idempotency-Key": "k"})
    assert first["id"] == again["id"]
    kind, work, key = door.work.asked[0]
    assert (kind, set(work)) == ("seo_write", {"client_id", "brief"})
    assert key
    assert [run["id"] for run in (await door.get("/runs?state=active"))["items"]] == [first["id"]]
    assert (await door.get("/runs?state=failed"))["items"] == []
    await door.get("/runs?state=unheard", 422)


async def test_a_run_shows_its_steps_its_cost_and_what_it_waits_for(door: Door) -> None:
    run_id = await run_in(door, "waiting", "run_started", "step_started", "step_completed")
    async with door.parts.db.org(door.people.org_id) as conn:
        asset = await add_asset(conn, door.people, run_id=run_id)
        approval = await approvals.request(
            conn,
            org_id=door.people.org_id,
            gate="asset",
            subject_type="asset",
            subject_id=asset.id,
            subject_hash=asset.content_hash,
            run_id=run_id,
        )
        await conn.execute(
            "insert into usage_ledger (org_id, run_id, kind, model, cost, price_source) "
            "values (%s, %s, 'model', 'm', 0.25, 'test')",
            (door.people.org_id, run_id),
        )
    view = await door.get(f"/runs/{run_id}")
    assert [(step["name"], step["status"]) for step in view["steps"]] == [
        ("outline", "completed"),
        ("join", "pending"),
    ]
    assert (Decimal(view["spend"]), view["clientName"]) == (Decimal("0.25"), "Agency's client")
    waits = view["waitingFor"]
    assert waits["approvalId"] == str(approval.id)
    assert waits["contentHash"] == asset.content_hash
    assert set(waits["who"]) == {"Creative", "Legal", "Partner", "Admin"}
    assert waits["mayDecide"]
    (item,) = (await door.get("/inbox"))["items"]
    assert (item["approvalId"], item["title"], item["runId"]) == (waits["approvalId"], asset.title, str(run_id))
    door.sit("data")
    assert (await door.get("/inbox"))["items"] == []
    door.sit("creative")
    body = {"decision": "approved", "contentHash": "of an older text"}
    await door.post(f"/approvals/{approval.id}/decision", body, 409)
    body["contentHash"] = item["contentHash"]
    assert (await door.post(f"/approvals/{approval.id}/decision", body))["runId"] == str(run_id)
    problem = await door.post(f"/approvals/{approval.id}/decision", body, 409)
    assert problem["detail"] == "Creative has already approved this."
    events = (await door.get(f"/runs/{run_id}/timeline"))["items"]
    assert events[-1]["type"] == "approval_decided", "the run is told in the transaction of the decision"


async def test_a_decision_on_the_document_answers_the_run_that_asked(door: Door) -> None:
    run_id = await run_in(door, "waiting")
    async with door.parts.db.org(door.people.org_id) as conn:
        intake = await add_document(conn, door.people, "intake")
        await approvals.request(
            conn,
            org_id=door.people.org_id,
            gate="intake",
            subject_type="artifact",
            subject_id=intake.id,
            subject_hash=intake.content_hash,
            run_id=run_id,
        )
    view = await door.get(f"/artifacts/{intake.id}")
    assert view["runId"] == str(run_id)
    await door.post(f"/artifacts/{intake.id}/decision", {"decision": "approved", "contentHash": view["contentHash"]})
    assert [one["type"] for one in (await door.get(f"/runs/{run_id}/timeline"))["items"]] == ["approval_decided"]


async def test_a_used_up_budget_is_raised_at_its_gate_by_those_who_may(door: Door) -> None:
    run_id = await run_in(door, "waiting")
    await door.put(f"/budgets/run/{run_id}", {"limit": "2"})
    async with door.parts.db.org(door.people.org_id) as conn:
        await approvals.request(
            conn,
            org_id=door.people.org_id,
            gate="budget",
            subject_type="budget",
            subject_id=run_id,
            subject_hash="run:total",
            run_id=run_id,
        )
    (item,) = (await door.get("/inbox"))["items"]
    assert item["title"] == "Article has used up its budget (limit $2.00)"
    waits = (await door.get(f"/runs/{run_id}"))["waitingFor"]
    assert (Decimal(waits["limit"]), waits["contentHash"]) == (Decimal(2), "run:total")
    path = f"/approvals/{item['approvalId']}/decision"
    shown = {"decision": "approved", "contentHash": item["contentHash"]}
    door.sit("creative")
    await door.post(path, {**shown, "raiseTo": "4"}, 403)
    door.sit("ops")
    assert (await door.post(path, shown, 422))["fields"][0]["field"] == "raiseTo"
    await door.post(path, {**shown, "raiseTo": "4"})
    scopes = (await door.get(f"/budgets?runId={run_id}"))["scopes"]
    assert [Decimal(scope["limit"]) for scope in scopes if scope["scope"] == "run"] == [Decimal(4)]


async def test_a_silent_run_keeps_its_line_open_with_a_sign_of_life() -> None:
    closed = asyncio.Event()

    async def silent() -> AsyncIterator[Event | Delta]:
        try:
            await asyncio.sleep(0.05)
            yield Delta(RunId(uuid4()), "late", 0)
            await asyncio.sleep(60)
        finally:
            closed.set()

    run = RunRow.model_construct(status="running", last_seq=0)
    lines = sse.stream(run, silent(), ping=0.02)
    sent = [await anext(lines) for _ in range(2)]
    assert sent == ["retry: 2000\n\n", ": still here\n\n"]
    while not (line := await anext(lines)).startswith("event: delta"):
        assert line == ": still here\n\n"
    await lines.aclose()
    async with asyncio.timeout(10):  # who goes away is not watched for any longer
        await closed.wait()


async def test_the_stream_gives_every_event_once_then_ends_with_the_run(door: Door) -> None:
    run_id = await run_in(door, "running", "run_started", "step_started", "message", "run_completed")
    door.events.deltas = [Delta(run_id, "Once\nupon", 0, "m1")]
    response = await door.http.get(f"/api/runs/{run_id}/events")
    assert response.headers["content-type"].startswith("text/event-stream")
    sent = read_stream(response.text)
    assert sent[0] == (None, "delta", {"text": "Once\nupon", "offset": 0, "message": "m1", "agent": None, "step": None})
    assert [(id, type) for id, type, _ in sent[1:]] == [
        ("1", "run_started"),
        ("2", "step_started"),
        ("3", "message"),
        ("4", "run_completed"),
    ]
    assert sent[2][2]["step"] == "outline"


async def test_a_reader_that_comes_back_gets_only_what_it_missed(door: Door) -> None:
    run_id = await run_in(door, "running", "run_started", "step_started", "message", "run_completed")
    for request in ({"headers": {"Last-Event-ID": "2"}}, {"params": {"after": "2"}}):
        response = await door.http.get(f"/api/runs/{run_id}/events", **request)  # type: ignore[arg-type]
        assert [id for id, *_ in read_stream(response.text)] == ["3", "4"]
    async with door.parts.db.org(door.people.org_id) as conn:
        await queries.update_status(conn, run_id, "cancelled")
    response = await door.http.get(f"/api/runs/{run_id}/events", params={"after": "3"})
    assert [id for id, *_ in read_stream(response.text)] == ["4"]
    assert (await door.http.get(f"/api/runs/{run_id}/events", params={"after": "4"})).status_code == 204
    page = await door.get(f"/runs/{run_id}/timeline?limit=3")
    assert page["nextCursor"] == "3"
    rest = await door.get(f"/runs/{run_id}/timeline?cursor=3")
    assert [one["seq"] for one in rest["items"]] == [4]


async def test_a_run_is_stopped_and_resumed(door: Door) -> None:
    run_id = await run_in(door)
    assert (await door.post(f"/runs/{run_id}/stop"))["status"] == "stopped"
    assert (await door.post(f"/runs/{run_id}/resume"))["status"] == "running"


async def test_a_finished_run_says_what_came_of_it(door: Door) -> None:
    run_id = await run_in(door)
    async with door.parts.db.org(door.people.org_id) as conn:
        await say(conn, run_id, "asset", assetId="a-1")
        output = {"asset_id": "a-1", "word_count": 4213, "scores": {"brand": 9.0, "compliance": 8.0}}
        await queries.update_status(conn, run_id, "completed", output=output)
    view = await door.get(f"/runs/{run_id}")
    assert view["output"]["sentence"] == "Article ready: 4,213 words, reviewers 8.5 of 10, $0.00"
    assert view["output"]["assetId"] == "a-1"


async def test_a_finished_article_says_its_content_score_and_no_other(door: Door) -> None:
    run_id = await run_in(door)
    async with door.parts.db.org(door.people.org_id) as conn:
        output = {"word_count": 900, "scores": {"brand": 10.0, "compliance": 10.0}, "content_score": 82}
        await queries.update_status(conn, run_id, "completed", output=output)
    view = await door.get(f"/runs/{run_id}")
    assert view["output"]["sentence"] == "Article ready: 900 words, content score 82 of 100, $0.00"


async def test_budgets_are_shown_to_all_and_set_by_those_who_may(door: Door) -> None:
    org = f"/budgets/org/{door.people.org_id}"
    door.sit("creative")
    assert not (await door.get("/budgets"))["mayChange"]
    await door.put(org, {"limit": "5"}, 403)
    await door.post(f"{org}/new-period", status=403)
    door.sit("ops")
    await door.put(org, {"limit": "-1"}, 422)
    await door.put(org, {"limit": "5.50"})
    scopes = {scope["scope"]: scope for scope in (await door.get("/budgets"))["scopes"]}
    assert Decimal(scopes["org"]["limit"]) == Decimal("5.50")
    assert Decimal(scopes["org"]["left"]) == Decimal("5.50")
    assert scopes["user"]["limit"] is None
    await door.post(f"{org}/new-period")
    await door.put(f"/budgets/org/{uuid4()}", {"limit": "5"}, 404)
    await door.put(f"/budgets/run/{uuid4()}", {"limit": "5"}, 404)
    await door.post(f"/budgets/user/{door.people['data']}/new-period", status=404)


async def test_the_command_centre_shows_who_is_at_work_and_what_waits(door: Door) -> None:
    run_id = await run_in(door)
    async with door.parts.db.org(door.people.org_id) as conn:
        await say(conn, run_id, "run_started")
        await conn.execute(
            "insert into run_events (org_id, run_id, seq, type, agent, data) "
            "values (%s, %s, 2, 'agent_started', 'seo_writer', '{\"doing\": \"outlining the article\"}')",
            (door.people.org_id, run_id),
        )
        await add_document(conn, door.people, "intake")
        await add_asset(conn, door.people)
    await door.post(f"/clients/{door.people.client_id}/campaigns", {"name": "Spring"}, 201)
    view = await door.get("/dashboard")
    assert {agent["id"]: (agent["state"], agent["doing"]) for agent in view["agents"]} == {
        "cmo": ("ready", None),
        "seo_writer": ("busy", "outlining the article"),
    }
    assert (await door.get("/agents"))["items"] == view["agents"]
    assert (view["artifactsByStatus"], view["assetsByStatus"]) == ({"draft": 1}, {"draft": 1})
    assert [campaign["name"] for campaign in view["campaigns"]] == ["Spring"]
    assert [run["id"] for run in view["runs"]] == [str(run_id)]
    assert (view["waiting"], view["budget"]["scope"]) == (0, "org")
