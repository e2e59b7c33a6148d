"""The description of the API: complete, with examples that are true, and kept by whatever is asked.

The short form asks a few things of every operation; ``ADROOM_EXAMPLES=10000`` (spread over all operations) is the
long one. ``ADROOM_SEED`` asks for other things, so that the long one can be had in portions.
"""

import asyncio
import os
import re
import threading
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import hypothesis
import jsonschema_rs
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assistant.api.openapi import CHANGES, describe_api
from knowledge.approvals import service as approvals
from knowledge.runs import queries as runs
from knowledge.sessions import queries as sessions
from tests.assistant.api.conftest import Door, add_asset, add_document, add_run, say
from tests.assistant.api.whole import Front, open_front
from tests.assistant.at_work import onboarded, place
from tests.conftest import People, TestDatabase

__all__ = ["onboarded"]

EXAMPLES = int(os.environ.get("ADROOM_EXAMPLES", "400"))
SEED = int(os.environ.get("ADROOM_SEED", "7"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: asked of on purpose elsewhere: it reads a body of its own
NOT_HERE = {"/api/uploads"}
QUIET = hypothesis.settings(
    deadline=None,
    database=None,
    phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
    print_blob=False,
)


async def test_every_example_is_valid_for_its_schema(door: Door) -> None:
    doc = await door.get("/openapi.json")
    checked = 0
    for path, methods in doc["paths"].items():
        for method, operation in methods.items():
            told = [operation.get("requestBody", {}), *operation["responses"].values()]
            for content in [part.get("content", {}).get("application/json") for part in told]:
                if not content or not content.get("schema"):
                    continue
                schema = {**content["schema"], "components": doc["components"]}
                validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
                wrong = [error.message for error in validator.iter_errors(content["example"])]
                assert not wrong, f"{method} {path}: {wrong}"
                checked += 1
    assert checked > 150


async def test_every_change_may_carry_a_key_and_every_reference_leads_somewhere(door: Door) -> None:
    doc = await door.get("/openapi.json")
    for path, methods in doc["paths"].items():
        for method, operation in methods.items():
            names = {given["name"] for given in operation.get("parameters", [])}
            if method in CHANGES and path not in NOT_HERE:
                assert "Idempotency-Key" in names, path
            assert operation["summary"], path
            if path != "/api/health":
                assert {"401", "403", "429", "500"} <= operation["responses"].keys(), path
    named = set(re.findall(r"#/components/schemas/([\w-]+)", str(doc)))
    assert named <= doc["components"]["schemas"].keys()


@pytest.fixture
async def front(onboarded: TestDatabase) -> AsyncIterator[Front]:
    async with open_front(onboarded) as opened:
        yield opened


async def things_in(front: Front) -> dict[str, list[str]]:
    """Ids that are really there, by the names that addresses have for them."""
    async with front.at_work.db.org(front.at_work.org_id) as conn:
        client_id, campaign_id = await place(conn)
        me = front.at_work.caller.user_id
        people = People(front.at_work.org_id, {"partner": me}, client_id)
        canon = await front.at_work.latest("client_canon")
        assert canon is not None
        over = await add_run(conn, people.org_id, me, client_id, status="completed")
        await say(conn, over, "run_started", "run_completed")
        waiting = await add_run(conn, people.org_id, me, client_id, status="waiting")
        document = await add_document(conn, people, "strategy_sheet", campaign_id=campaign_id)
        asset = await add_asset(conn, people, run_id=over)
        question = await approvals.request(
            conn,
            org_id=people.org_id,
            gate="strategy_sheet",
            subject_type="artifact",
            subject_id=document.id,
            run_id=waiting,
        )
        session = await sessions.insert(
            conn, {"org_id": people.org_id, "user_id": me, "channel": "api", "thread": uuid4().hex}
        )
        assert session is not None
        assert await runs.find_run(conn, over) is not None
    return {
        "client_id": [str(client_id)],
        "artifact_id": [str(canon.id), str(document.id)],
        "asset_id": [str(asset.id)],
        "run_id": [str(over), str(waiting)],
        "approval_id": [str(question.id)],
        "session_id": [str(session.id)],
        "scope_id": [str(me), str(people.org_id)],
        "campaign_id": [str(campaign_id)],
    }


@pytest.mark.timeout(120 + EXAMPLES / 20)  # the long form takes minutes
async def test_whatever_is_asked_is_answered_as_described(front: Front) -> None:
    """No 5xx, no status, header or body that the description does not know."""
    known = await things_in(front)
    schema = schemathesis.openapi.from_dict(describe_api(front.app.routes))
    operations = [one.ok() for one in schema.get_all_operations()]
    asked = [one for one in operations if one.path not in NOT_HERE]
    each = max(1, EXAMPLES // len(asked))
    loop = asyncio.get_running_loop()
    faults: list[str] = []
    done: Counter[int] = Counter()

    def ask(operation: Any) -> None:
        @hypothesis.settings(QUIET, max_examples=each)
        @hypothesis.seed(SEED)
        @hypothesis.given(st.data())
        def one(data: st.DataObject) -> None:
            modes = list(schemathesis.GenerationMode)
            mode = modes[0] if data.draw(st.integers(0, 3)) else modes[1]
            try:
                case = data.draw(operation.as_strategy(generation_mode=mode))
            except schemathesis.errors.InvalidSchema:
                return
            for name in list(case.path_parameters or {}):
                there = known.get(name, [])
                if operation.path.endswith("/events"):
                    there = there[:1]  # the others are still being written to: their stream does not end
                if there and data.draw(st.integers(0, 3)):
                    case.path_parameters[name] = data.draw(st.sampled_from(there))
            sent = case.as_transport_kwargs(base_url="http://localhost")
            future = asyncio.run_coroutine_threadsafe(send(front, sent), loop)
            response = future.result(60)
            done[response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

        try:
            one()
        except hypothesis.errors.Unsatisfiable:
            return
        except BaseException as fault:  # noqa: BLE001 - told together, below
            faults.append(f"{operation.method.upper()} {operation.path}\n{_told(fault)}")

    def ask_all() -> None:
        for operation in asked:
            ask(operation)

    thread = threading.Thread(target=ask_all, daemon=True)
    thread.start()
    while thread.is_alive():
        await asyncio.sleep(0.05)
    print(f"{done.total()} cases over {len(asked)} operations, by status: {dict(sorted(done.items()))}")
    assert not faults, "\n\n".join(faults)
    assert done.total() >= min(EXAMPLES, len(asked)) * 0.7


async def send(front: Front, sent: dict[str, Any]) -> Any:
    names = ("method", "url", "params", "headers", "cookies", "json", "data", "files")
    given = {name: sent[name] for name in names if sent.get(name) is not None}
    if isinstance(given.get("data"), bytes | str):
        given["content"] = given.pop("data")
    cookies = given.pop("cookies", {})
    if cookies:
        given["headers"] = {**given.get("headers", {}), "cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
    return await front.http.request(**given)


def _told(fault: BaseException) -> str:
    inner = getattr(fault, "exceptions", None) or (fault,)
    return "\n".join(f"{type(one).__name__}: {one}" for one in inner)
