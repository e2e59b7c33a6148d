"""Who is let in, what a refusal looks like, and that a request happens once."""

import asyncio
import logging
from typing import Any

import httpx
import pytest

from knowledge.people.api_keys import create_key
from tests.assistant.api.conftest import Door
from tests.conftest import make_people


async def key_of(door: Door, *scopes: str, role: str = "partner") -> dict[str, str]:
    async with door.parts.db.org(door.people.org_id) as conn:
        key = await create_key(conn, door.people.org_id, door.people[role], "test", list(scopes))
    return {"Authorization": f"Bearer {key}"}


async def test_health_needs_nobody_and_tells_how_it_is(door: Door) -> None:
    door.settings.auth = "password"
    assert (await door.get("/health"))["database"].startswith("1")


async def test_on_this_machine_the_local_user_is_in_without_a_login(door: Door) -> None:
    me = await door.get("/me")
    assert (me["name"], me["role"]) == ("Partner", "partner")


async def test_with_a_password_nobody_is_in_without_a_cookie(door: Door) -> None:
    door.settings.auth = "password"
    problem = await door.get("/me", 401)
    assert problem["code"] == "unauthenticated"
    assert problem["type"] == "urn:adroom:problem:unauthenticated"
    assert (await door.get("/me", headers={"Cookie": "access_token=legal"}))["role"] == "legal"


async def test_the_local_user_is_not_in_from_another_machine(door: Door) -> None:
    transport = httpx.ASGITransport(door.app, client=("192.168.1.20", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        assert (await http.get("/api/me")).status_code == 401
    assert (await door.http.get("/api/me", headers={"Host": "room.example"})).status_code == 401


async def test_a_foreign_host_name_gets_nothing(door: Door) -> None:
    for host in ("evil.example", "localhost.evil.example", "", "localhost@evil.example", "[::1"):
        for path in ("/api/me", "/api/health", "/api/nothing"):
            response = await door.http.get(path, headers={"Host": host})
            assert (response.status_code, response.json()["code"]) == (421, "wrong_host"), host


FROM = [
    ({"Sec-Fetch-Site": "same-origin", "Cookie": "access_token=partner"}, 201),
    ({"Origin": "http://localhost", "Cookie": "access_token=partner"}, 201),
    ({}, 201),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://localhost:9999"}, 403),
    ({"Cookie": "access_token=partner"}, 403),
]


async def test_only_our_own_page_may_change_things(door: Door) -> None:
    for number, (headers, status) in enumerate(FROM):
        await door.post("/clients", {"name": f"Client {number}"}, status, headers=headers)
    assert len((await door.get("/clients"))["items"]) == 1 + sum(status == 201 for _, status in FROM)


async def test_a_key_does_what_its_scopes_say_and_no_more(door: Door) -> None:
    door.settings.auth = "password"
    key = await key_of(door, "clients:read")
    assert len((await door.get("/clients", headers=key))["items"]) == 1
    problem = await door.post("/clients", {"name": "Nordlicht"}, 403, headers=key)
    assert "clients:write" in problem["detail"]
    await door.get("/artifacts", 403, headers=key)
    await door.get("/dashboard", 403, headers=key)
    await door.get("/intake/form", 403, headers=key)
    tools = {tool["name"]: tool for tool in (await door.get("/tools", headers=key))["items"]}
    assert tools["list_clients"]["allowed"]
    assert not tools["create_client"]["allowed"]
    async with door.parts.db.org(door.people.org_id) as conn:
        row = await (await conn.execute("select last_used_at, key_hash from api_keys")).fetchone()
    assert row is not None
    assert row[0] is not None
    assert key["Authorization"] not in row[1]


async def test_a_key_opens_only_its_own_organisation_and_not_when_withdrawn(door: Door) -> None:
    key = await key_of(door, "*")
    other = await make_people(door.parts.db, "Other")
    stolen = key["Authorization"].replace(door.people.org_id.hex, other.org_id.hex)
    for wrong in (stolen, "Bearer adr_x_y", "Bearer adr_", "Bearer ", "Bearer adr_" + "0" * 32 + "_"):
        assert (await door.http.get("/api/me", headers={"Authorization": wrong})).status_code == 401
    async with door.parts.db.org(door.people.org_id) as conn:
        await conn.execute("update api_keys set revoked_at = now()")
    await door.get("/me", 401, headers=key)


async def test_a_wrong_address_and_a_wrong_method_are_problems_too(door: Door) -> None:
    assert (await door.get("/nothing/here", 404))["code"] == "not_found"
    response = await door.http.delete("/api/clients")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"
    assert response.json()["status"] == 405


async def test_what_was_wrong_is_named_field_by_field_in_plain_words(door: Door) -> None:
    problem = await door.post("/clients", {"website": "javascript:alert(1)", "colour": "red"}, 422)
    assert {(field["field"], field["message"]) for field in problem["fields"]} == {
        ("name", "is required"),
        ("colour", "is not a field of this document"),
    }
    assert "website" in (await door.post("/clients", {"name": "A", "website": "javascript:x"}, 422))["detail"]
    await door.get("/artifacts?limit=0", 422)
    assert (await door.get("/artifacts/no-id", 422))["fields"][0]["message"] == "is not an id"
    assert (await door.get("/artifacts?cursor=made-up", 422))["fields"][0]["field"] == "cursor"


async def test_a_body_that_is_no_json_and_one_that_is_too_large(door: Door) -> None:
    send: dict[str, Any] = {"headers": {"Content-Type": "application/json"}}
    response = await door.http.post("/api/clients", content=b"{oops", **send)
    assert (response.status_code, response.json()["code"]) == (400, "malformed")
    response = await door.http.post("/api/clients", content=b'{"name": "' + b"x" * 2_000_000 + b'"}', **send)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")

    async def endless() -> Any:
        for _ in range(40):
            yield b"x" * 100_000

    response = await door.http.post("/api/clients", content=endless(), **send)
    assert response.status_code == 413


async def test_what_no_database_can_keep_is_refused_with_its_field(door: Door) -> None:
    send: dict[str, Any] = {"headers": {"Content-Type": "application/json"}}
    name = await door.post("/clients", {"name": "A", "industry": "a\x00b"}, 422)
    assert name["fields"] == [{"field": "industry", "message": "holds characters that cannot be stored"}]
    for content, status in (
        (b'{"name": "\\ud800"}', 422),
        (b'{"name": NaN}', 400),
        (b'{"name": ' + b"9" * 5000 + b"}", 400),
        (b'{"a":' * 60 + b"1" + b"}" * 60, 422),
        (b"[" * 100_000, 400),
        (b"\xff\xfe{", 400),
    ):
        response = await door.http.post("/api/clients", content=content, **send)
        assert response.status_code == status, (content[:20], response.text)
    await door.get("/runs?kind=%00", 422)
    await door.get("/clients?query=" + "x" * 5000, 422)


async def test_a_bug_is_one_sentence_with_an_incident_and_the_log_has_the_rest(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> Any:
        raise RuntimeError("secret detail")

    object.__setattr__(door.parts, "health", broken)
    with caplog.at_level(logging.ERROR):
        problem = await door.get("/health", 500)
    assert "secret" not in str(problem)
    assert problem["incident"] in problem["detail"]
    assert problem["incident"] in caplog.text
    assert "secret detail" in caplog.text


async def test_the_same_key_and_body_give_the_first_answer_again(door: Door) -> None:
    key = {"Idempotency-Key": "one"}
    first = await door.post("/clients", {"name": "Nordlicht"}, 201, headers=key)
    again = await door.http.post("/api/clients", json={"name": "Nordlicht"}, headers=key)
    assert (again.status_code, again.json()) == (201, first)
    assert again.headers["idempotency-replayed"] == "true"
    other = await door.post("/clients", {"name": "Südwind"}, 422, headers=key)
    assert other["fields"][0]["field"] == "Idempotency-Key"
    assert len((await door.get("/clients"))["items"]) == 2


async def test_of_five_at_once_one_is_carried_out(door: Door) -> None:
    async def ask() -> int:
        sent = door.http.post("/api/clients", json={"name": "Nordlicht"}, headers={"Idempotency-Key": "k"})
        return (await sent).status_code

    statuses = await asyncio.gather(*(ask() for _ in range(5)))
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert len((await door.get("/clients"))["items"]) == 2


async def test_a_refused_request_leaves_its_key_free(door: Door) -> None:
    key = {"Idempotency-Key": "k"}
    await door.post("/clients", {"name": " "}, 422, headers=key)
    await door.post("/clients", {"name": "Nordlicht"}, 201, headers=key)


async def test_two_users_equal_keys_are_two_keys(door: Door) -> None:
    key = {"Idempotency-Key": "k"}
    await door.post("/clients", {"name": "A"}, 201, headers=key)
    door.sit("creative")
    assert (await door.post("/clients", {"name": "B"}, 201, headers=key))["name"] == "B"


async def test_a_request_cut_off_before_its_answer_was_kept_still_happens_once(door: Door) -> None:
    key = {"Idempotency-Key": "k"}
    first = await door.post("/clients", {"name": "Nordlicht"}, 201, headers=key)
    async with door.parts.db.org(door.people.org_id) as conn:
        await conn.execute("update idempotency_keys set status = null, body = null where key like 'http/%'")
    await door.post("/clients", {"name": "Nordlicht"}, 409, headers=key)
    async with door.parts.db.org(door.people.org_id) as conn:
        await conn.execute("update idempotency_keys set created_at = now() - interval '6 minutes'")
    assert await door.post("/clients", {"name": "Nordlicht"}, 201, headers=key) == first
