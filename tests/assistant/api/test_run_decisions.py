"""Answering a run over the API: by itself, by its signals, with and without its client token."""

from typing import Any
from uuid import uuid4

from knowledge.approvals import service as approvals
from knowledge.approvals.models import Approval
from knowledge.artifacts.models import Artifact
from knowledge.ids import RunId
from knowledge.people.api_keys import create_key
from knowledge.runs import events, queries
from knowledge.runs.models import NewEvent
from knowledge.runs.tokens import token_hash
from tests.assistant.api.conftest import Door, add_asset, add_document, add_run
from tests.knowledge.artifacts import examples

TOKEN = "a token of sixteen or more"


async def waiting_run(door: Door, *, token: str | None = None) -> tuple[RunId, Artifact, Approval]:
    """A run that has written an intake and waits for its approval."""
    people = door.people
    async with door.parts.db.org(people.org_id) as conn:
        run_id = await add_run(conn, people.org_id, people["partner"], people.client_id, status="waiting")
        if token:
            await conn.execute("update runs set client_token_hash = %s where id = %s", (token_hash(token), run_id))
        named = {**examples.INTAKE["identity"], "name": f"Client {run_id}"}
        document = await add_document(conn, people, "intake", data={**examples.INTAKE, "identity": named}, inputs=named)
        wrote = NewEvent(type="document", agent="planner", step="build", data={"artifactId": str(document.id)})
        await events.append(conn, run_id, [wrote])
        question = await approvals.request(
            conn,
            org_id=people.org_id,
            gate="intake",
            subject_type="artifact",
            subject_id=document.id,
            subject_hash=document.content_hash,
            run_id=run_id,
        )
    return run_id, document, question


async def key_of(door: Door, role: str) -> dict[str, str]:
    async with door.parts.db.org(door.people.org_id) as conn:
        key = await create_key(conn, door.people.org_id, door.people[role], "test", ["*"])
    return {"Authorization": f"Bearer {key}"}


async def test_a_run_is_approved_by_its_own_address_with_edits_and_once(door: Door) -> None:
    run_id, document, question = await waiting_run(door)
    missing = await door.post(f"/runs/{run_id}/approve", {}, 422)
    assert missing["fields"][0]["field"] == "contentHash"
    await door.post(f"/runs/{run_id}/approve", {"contentHash": "of an older version"}, 409)
    body = {"contentHash": document.content_hash, "gate": "strategy_sheet"}
    assert "waits for ‘intake’" in (await door.post(f"/runs/{run_id}/approve", body, 409))["detail"]
    edited = {**examples.INTAKE, "identity": {**examples.INTAKE["identity"], "name": "Another name"}}
    body = {"contentHash": document.content_hash, "gate": "intake", "edits": edited, "notes": "the name"}
    done = await door.post(f"/runs/{run_id}/approve", body)
    assert (done["approvalId"], done["decision"], done["version"]) == (str(question.id), "approved", 2)
    again = await door.post(f"/runs/{run_id}/approve", body, 409)
    assert again["detail"] == "Partner has already approved this."
    assert "waits for nobody" in (await door.post(f"/runs/{run_id}/approve", {}, 409))["detail"]


async def test_a_run_is_rejected_or_sent_back_with_what_should_change(door: Door) -> None:
    run_id, document, _ = await waiting_run(door)
    body: dict[str, Any] = {"contentHash": document.content_hash, "changes": True}
    assert (await door.post(f"/runs/{run_id}/reject", body, 422))["fields"][0]["field"] == "notes"
    done = await door.post(f"/runs/{run_id}/reject", {**body, "notes": "Say who buys."})
    assert done["decision"] == "changes_requested"
    other, document, _ = await waiting_run(door)
    done = await door.post(f"/runs/{other}/reject", {"contentHash": document.content_hash})
    assert done["decision"] == "rejected"


async def test_the_same_key_decides_once_and_gives_the_first_answer_again(door: Door) -> None:
    run_id, document, _ = await waiting_run(door)
    body, key = {"contentHash": document.content_hash}, {"Idempotency-Key": "k"}
    first = await door.post(f"/runs/{run_id}/approve", body, headers=key)
    assert await door.post(f"/runs/{run_id}/approve", body, headers=key) == first


async def test_a_classic_signal_answers_the_document_it_is_named_for(door: Door) -> None:
    people = door.people
    async with door.parts.db.org(people.org_id) as conn:
        await add_document(conn, people, "intake", approved=True)
        run_id = await add_run(conn, people.org_id, people["partner"], people.client_id, status="waiting")
        canon = await add_document(conn, people, "client_canon")
        wrote = NewEvent(type="document", agent="planner", data={"artifactId": str(canon.id)})
        await events.append(conn, run_id, [wrote])
        await approvals.request(
            conn,
            org_id=people.org_id,
            gate="client_canon",
            subject_type="artifact",
            subject_id=canon.id,
            run_id=run_id,
        )
    none_yet = await door.post(f"/runs/{run_id}/signals/approve-strategy-sheet", {"items": [{}]}, 409)
    assert "nothing for approve-strategy-sheet yet" in none_yet["detail"]
    await door.post(f"/runs/{run_id}/signals/approve-canon", {"items": [{}]}, 422)
    await door.post(f"/runs/{run_id}/signals/approve-weather", {}, 422)
    body = {"items": [{"contentHash": canon.content_hash}]}
    done = await door.post(f"/runs/{run_id}/signals/approve-canon", body)
    assert done["items"][0]["decision"] == "approved"
    view = await door.get(f"/artifacts/{canon.id}")
    assert view["status"] == "approved"
    events_so_far = (await door.get(f"/runs/{run_id}/timeline"))["items"]
    assert events_so_far[-1]["type"] == "approval_decided"


async def test_pieces_are_decided_singly_by_one_signal_and_each_refusal_is_told(door: Door) -> None:
    run_id, *_ = await waiting_run(door)
    async with door.parts.db.org(door.people.org_id) as conn:
        first = await add_asset(conn, door.people, run_id=run_id, title="First")
        second = await add_asset(conn, door.people, run_id=run_id, title="Second")
        third = await add_asset(conn, door.people, run_id=run_id, title="Third")
    items = [
        {"id": str(first.id), "contentHash": first.content_hash},
        {"id": str(second.id), "contentHash": second.content_hash, "decision": "rejected"},
        {"id": str(third.id), "contentHash": "of an older text"},
        {"id": str(uuid4()), "contentHash": "x"},
    ]
    done = await door.post(f"/runs/{run_id}/signals/approve-assets", {"items": items})
    assert [item["decision"] for item in done["items"]] == ["approved", "rejected", None, None]
    assert [item["code"] for item in done["items"]] == [None, None, "conflict", "not_found"]
    assert done["sentence"] == "2 of 4 answers were taken."
    outputs = (await door.get(f"/runs/{run_id}/outputs?kind=asset"))["items"]
    assert [(made["title"], made["status"]) for made in outputs] == [
        ("First", "approved"),
        ("Second", "rejected"),
        ("Third", "draft"),
    ]
    nameless = await door.post(f"/runs/{run_id}/signals/approve-assets", {"items": [{"contentHash": "x"}]}, 422)
    assert nameless["fields"][0]["message"] == "there are 3: name each by its id"


async def test_stop_is_a_signal_too_and_a_plan_is_accepted_only_where_one_is_asked_about(door: Door) -> None:
    run_id, *_ = await waiting_run(door)
    refused = await door.post(f"/runs/{run_id}/accept-plan", {}, 409)
    assert "no plan to accept now: it waits for ‘intake’" in refused["detail"]
    done = await door.post(f"/runs/{run_id}/signals/stop", {})
    assert done["sentence"] == "It is stopped."
    assert (await door.get(f"/runs/{run_id}"))["status"] == "stopped"


async def test_a_plan_is_accepted(door: Door) -> None:
    people = door.people
    async with door.parts.db.org(people.org_id) as conn:
        run_id = await add_run(conn, people.org_id, people["partner"], people.client_id, status="waiting")
        await approvals.request(
            conn, org_id=people.org_id, gate="plan#2", subject_type="plan", subject_id=run_id, run_id=run_id
        )
    done = await door.post(f"/runs/{run_id}/accept-plan", {"notes": "done reviewing"})
    assert done["items"][0]["decision"] == "approved"


async def test_an_interrupted_run_is_over_and_its_outputs_stay(door: Door) -> None:
    run_id, *_ = await waiting_run(door)
    assert (await door.post(f"/runs/{run_id}/interrupt"))["status"] == "cancelled"
    assert len((await door.get(f"/runs/{run_id}/outputs"))["items"]) == 1


async def test_remarks_go_to_what_the_run_waits_on(door: Door) -> None:
    run_id, document, _ = await waiting_run(door)
    made = await door.post(f"/runs/{run_id}/comments", {"body": "Who buys this?"}, 201)
    assert made["artifactId"] == str(document.id)
    assert [one["body"] for one in (await door.get(f"/runs/{run_id}/comments"))["items"]] == ["Who buys this?"]
    async with door.parts.db.org(door.people.org_id) as conn:
        bare = await add_run(conn, door.people.org_id, door.people["partner"], door.people.client_id)
    assert "made nothing yet" in (await door.post(f"/runs/{bare}/comments", {"body": "x"}, 409))["detail"]


async def test_who_worked_in_a_run_on_what_and_for_how_much(door: Door) -> None:
    run_id, *_ = await waiting_run(door)
    async with door.parts.db.org(door.people.org_id) as conn:
        said = [
            NewEvent(type="agent_started", agent="seo_writer", step="outline", data={"doing": "outlining"}),
            NewEvent(type="agent_completed", agent="seo_writer", step="outline"),
            NewEvent(type="agent_started", agent="brand_critic", step="review", data={"doing": "checking"}),
        ]
        await events.append(conn, run_id, said)
        await queries.update_status(conn, run_id, "running")
        for tokens, cost in ((100, "0.25"), (50, "0.05")):
            await conn.execute(
                "insert into usage_ledger (org_id, run_id, agent, kind, model, input_tokens, cost, price_source) "
                "values (%s, %s, 'seo_writer', 'model', 'm', %s, %s, 'test')",
                (door.people.org_id, run_id, tokens, cost),
            )
    found = {one["agent"]: one for one in (await door.get(f"/runs/{run_id}/agents"))["items"]}
    writer = found["seo_writer"]
    assert (writer["state"], writer["calls"], writer["inputTokens"], writer["spend"]) == ("done", 2, 150, "0.30")
    assert (found["brand_critic"]["state"], found["brand_critic"]["doing"]) == ("working", "checking")
    only = (await door.get(f"/runs/{run_id}/timeline?agent=brand_critic"))["items"]
    assert [one["type"] for one in only] == ["agent_started"]
    assert [run["id"] for run in (await door.get("/runs?agent=brand_critic"))["items"]] == [str(run_id)]
    assert (await door.get("/runs?agent=email_marketer"))["items"] == []


async def test_runs_are_listed_page_by_page_in_a_stable_order_while_new_ones_come(door: Door) -> None:
    async def add() -> str:
        async with door.parts.db.org(door.people.org_id) as conn:
            return str(await add_run(conn, door.people.org_id, door.people["partner"], door.people.client_id))

    made = [await add() for _ in range(7)]
    seen: list[str] = []
    page = await door.get("/runs?limit=3")
    while True:
        seen += [run["id"] for run in page["items"]]
        await add()
        if page["nextCursor"] is None:
            break
        page = await door.get(f"/runs?limit=3&cursor={page['nextCursor']}")
    assert seen == made[::-1]


async def test_a_run_with_a_client_token_listens_to_its_holder_and_to_who_is_entitled(door: Door) -> None:
    stranger = await key_of(door, "strategy")
    held = {**stranger, "X-Client-Token": TOKEN}
    for refused in (stranger, {**stranger, "X-Client-Token": "another token, as long"}):
        run_id, document, question = await waiting_run(door, token=TOKEN)
        body = {"contentHash": document.content_hash, "decision": "approved"}
        for path, sent in (
            (f"/runs/{run_id}/approve", {"contentHash": document.content_hash}),
            (f"/runs/{run_id}/signals/approve-canon", {"items": [{"contentHash": "x"}]}),
            (f"/approvals/{question.id}/decision", body),
            (f"/artifacts/{document.id}/decision", body),
        ):
            problem = await door.post(path, sent, 403, headers=refused)
            assert "X-Client-Token" in problem["detail"], path
    assert (await door.get(f"/runs/{run_id}", headers=stranger))["guarded"], "looking is not deciding"
    await door.post(f"/runs/{run_id}/approve", {"contentHash": document.content_hash}, headers=held)
    run_id, document, _ = await waiting_run(door, token=TOKEN)
    await door.post(
        f"/runs/{run_id}/approve", {"contentHash": document.content_hash}, headers=await key_of(door, "partner")
    )
    run_id, document, _ = await waiting_run(door, token=TOKEN)
    door.sit("strategy")
    browser = {"Cookie": "access_token=strategy", "Sec-Fetch-Site": "same-origin"}
    await door.post(f"/runs/{run_id}/approve", {"contentHash": document.content_hash}, headers=browser)
    short = await door.post(f"/runs/{run_id}/approve", {}, 422, headers={**stranger, "X-Client-Token": "short"})
    assert short["fields"][0]["field"] == "X-Client-Token"
