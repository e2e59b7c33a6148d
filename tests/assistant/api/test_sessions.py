"""A chat over the API: opening, saying, being answered as a stream or whole, coming back, saying it again."""

import asyncio
from typing import Any

import pytest

from tests.assistant.api.whole import Front, open_front, read_events
from tests.assistant.at_work import briefed, onboarded, place, planned
from tests.conftest import TestDatabase, make_people

__all__ = ["briefed", "onboarded", "planned"]


async def about_the_demo(front: Front) -> str:
    async with front.at_work.db.org(front.at_work.org_id) as conn:
        client_id, campaign_id = await place(conn)
    return await front.open(clientId=str(client_id), campaignId=str(campaign_id))


async def test_an_answer_comes_as_it_is_written_and_stays(onboarded: TestDatabase) -> None:
    async with open_front(onboarded) as front:
        session = await about_the_demo(front)
        events = await front.hear(session, "What can you do?")
        kinds = [kind for kind, _ in events]
        assert kinds[0] == "turn"
        assert kinds[-1] == "done"
        assert "delta" in kinds
        (said,) = [data for kind, data in events if kind == "message"]
        typed = "".join(data["text"] for kind, data in events if kind == "delta")
        assert typed == said["text"]
        assert said["agentName"] == "CMO"
        assert events[-1][1]["status"] == "completed"
        items = (await front.get(f"/sessions/{session}/items"))["items"]
        assert [(one["role"], one["text"]) for one in items if one["kind"] == "message"] == [
            ("user", "What can you do?"),
            ("assistant", said["text"]),
        ]
        turn = await front.get(f"/sessions/{session}/turns/{events[0][1]['turnId']}")
        assert (turn["status"], turn["messages"][0]["text"]) == ("completed", said["text"])
        await front.get(f"/sessions/{session}/turns/{session}", 404)


async def test_a_short_task_is_answered_directly_and_a_long_one_with_its_run(onboarded: TestDatabase) -> None:
    async with open_front(onboarded) as front:
        session = await about_the_demo(front)
        short = await front.say(session, "/inbox")
        assert short.status_code == 200
        assert short.json()["messages"][0]["cards"] == [{"name": "Inbox", "props": {}}]
        long = await front.say(session, "/write How to choose a padel racket")
        assert long.status_code == 202
        (run,) = long.json()["runs"]
        assert long.headers["location"] == f"/api/runs/{run['id']}"
        assert run["kind"] == "seo_write"
        listed = (await front.get(f"/runs?sessionId={session}"))["items"]
        assert [one["id"] for one in listed] == [run["id"]]
        unknown = await front.say(session, "/weather")
        assert unknown.json()["messages"][0]["next"] == [{"label": "Show me", "command": "/help"}]


async def test_plain_words_start_a_run_too(onboarded: TestDatabase) -> None:
    async with open_front(onboarded) as front:
        session = await about_the_demo(front)
        events = await front.hear(session, "Write an article about how to choose a padel racket")
        assert ("tool", "start_run") in {(kind, data.get("tool")) for kind, data in events}
        runs = events[-1][1]["runs"]
        assert [run["kind"] for run in runs] == ["seo_write"]


async def test_the_same_message_under_one_key_is_answered_once(onboarded: TestDatabase) -> None:
    async with open_front(onboarded) as front:
        session = await about_the_demo(front)
        key = {"Idempotency-Key": "k1"}
        first = await front.say(session, "/write How to choose a padel racket", **key)
        again = await front.say(session, "/write How to choose a padel racket", **key)
        assert again.headers["idempotency-replayed"] == "true"
        assert [run["id"] for run in again.json()["runs"]] == [run["id"] for run in first.json()["runs"]]
        assert len((await front.get("/runs?kind=seo_write"))["items"]) == 1
        other = await front.say(session, "Something else", **key)
        assert other.status_code == 422
        key = {"Idempotency-Key": "k2"}
        heard = await front.hear(session, "What can you do?", **key)
        again_heard = await front.hear(session, "What can you do?", **key)
        without_deltas = [event for event in heard if event[0] != "delta"]
        assert again_heard == without_deltas
        rows = await front.at_work.rows("select 1 from turns where input = 'What can you do?'")
        assert len(rows) == 1


async def test_an_answer_whose_keeping_a_crash_cut_off_is_found_again(onboarded: TestDatabase) -> None:
    async with open_front(onboarded) as front:
        session = await about_the_demo(front)
        key = {"Idempotency-Key": "k"}
        first = (await front.say(session, "What can you do?", **key)).json()
        async with front.at_work.db.org(front.at_work.org_id) as conn:
            await conn.execute("delete from idempotency_keys")
        again = (await front.say(session, "What can you do?", **key)).json()
        assert again["id"] == first["id"]
        assert again["messages"][-1]["text"] == first["messages"][-1]["text"]
        assert len(await front.at_work.rows("select 1 from turns")) == 1
        async with front.at_work.db.org(front.at_work.org_id) as conn:
            await conn.execute("delete from idempotency_keys")
        await front.say(session, "/write How to choose a padel racket", **key)
        async with front.at_work.db.org(front.at_work.org_id) as conn:
            await conn.execute("delete from idempotency_keys where key like 'http/%'")
        await front.say(session, "/write How to choose a padel racket", **key)
        assert len(await front.at_work.rows("select 1 from runs where kind = 'seo_write'")) == 1


async def test_who_does_not_wait_is_told_where_to_look(onboarded: TestDatabase) -> None:
    async with open_front(onboarded) as front:
        session = await about_the_demo(front)
        response = await front.say(session, "What can you do?", Prefer="respond-async")
        assert response.status_code == 202
        where = response.headers["location"].removeprefix("/api")
        async with asyncio.timeout(20):
            while (view := await front.get(where))["status"] == "running":
                await asyncio.sleep(0.05)
        assert view["messages"][0]["text"]


async def test_whoever_goes_away_in_the_middle_finds_the_answer_later(onboarded: TestDatabase) -> None:
    async with open_front(onboarded, served=True) as front:
        session = await about_the_demo(front)
        path = f"/api/sessions/{session}/messages"
        body = {"text": "What can you do?"}
        async with front.http.stream("POST", path, json=body, headers={"Accept": "text/event-stream"}) as answer:
            async for line in answer.aiter_lines():
                if line.startswith("event: turn"):
                    break
        async with asyncio.timeout(20):
            while not await front.at_work.rows("select 1 from turns where status = 'completed'"):
                await asyncio.sleep(0.05)
        assert len((await front.get(f"/sessions/{session}/items"))["items"]) >= 2


async def test_an_answer_is_read_while_it_is_being_written(onboarded: TestDatabase) -> None:
    async with open_front(onboarded, served=True) as front:
        session = await about_the_demo(front)
        path = f"/api/sessions/{session}/messages"
        body = {"text": "What can you do?"}
        async with front.http.stream("POST", path, json=body, headers={"Accept": "text/event-stream"}) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            seen = [chunk async for chunk in answer.aiter_text()]
        assert len(seen) > 1
        assert read_events("".join(seen))[-1][0] == "done"


async def test_a_conversation_belongs_to_who_opened_it(onboarded: TestDatabase) -> None:
    async with open_front(onboarded) as front:
        other = await make_people(front.at_work.db, "Other")
        async with front.at_work.db.org(front.at_work.org_id) as conn:
            await conn.execute(
                "insert into users (id, org_id, external_id, email, display_name, role) "
                "values (gen_random_uuid(), %s, 'ben', 'ben@example.org', 'Ben', 'admin')",
                (front.at_work.org_id,),
            )
            row = await (
                await conn.execute(
                    "insert into sessions (org_id, user_id, channel, external_thread) "
                    "select org_id, id, 'api', 'theirs' from users where external_id = 'ben' returning id"
                )
            ).fetchone()
        assert row is not None
        theirs = str(row[0])
        for path in (f"/sessions/{theirs}", f"/sessions/{theirs}/items", f"/sessions/{other.org_id}"):
            await front.get(path, 404)
        assert (await front.say(theirs, "Hello")).status_code == 404
        assert (await front.get("/sessions"))["items"] == []
        problem = await front.post("/sessions", {"clientId": str(other.client_id)}, 404)
        assert problem["code"] == "not_found"


@pytest.mark.parametrize("text", ["", "   ", "\x00", "x" * 50_001])
async def test_what_is_no_message_is_refused(onboarded: TestDatabase, text: str) -> None:
    async with open_front(onboarded) as front:
        session = await about_the_demo(front)
        for headers in ({}, {"Accept": "text/event-stream"}, {"Idempotency-Key": "k"}):
            response = await front.say(session, text, **headers)
            assert response.status_code == 422
            assert response.headers["content-type"] == "application/problem+json"


async def test_conversations_are_listed_newest_first_and_their_subject_is_chosen(onboarded: TestDatabase) -> None:
    async with open_front(onboarded) as front:
        made = [await front.open() for _ in range(3)]
        page: Any = await front.get("/sessions?limit=2&channel=api")
        rest = await front.get(f"/sessions?limit=2&cursor={page['nextCursor']}")
        assert [one["id"] for one in page["items"] + rest["items"]] == made[::-1]
        async with front.at_work.db.org(front.at_work.org_id) as conn:
            client_id, campaign_id = await place(conn)
        response = await front.http.put(f"/api/sessions/{made[0]}", json={"campaignId": str(campaign_id)})
        assert (response.json()["clientId"], response.json()["campaignId"]) == (str(client_id), str(campaign_id))
