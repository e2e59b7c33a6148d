"""Another organisation's ids are not there, at whatever address they are tried."""

import re
from typing import Any
from uuid import uuid4

from knowledge.approvals import service as approvals
from knowledge.files import uploads
from knowledge.files.store import StoredFile
from knowledge.imports import service as imports
from knowledge.people.models import Caller
from knowledge.research import service as research
from knowledge.research.models import Intent, ResearchData
from knowledge.sessions import queries as sessions
from tests.assistant.api.conftest import Door, add_asset, add_document, add_run
from tests.conftest import People, make_people
from tests.knowledge.shelves import add_ad

#: refused for everybody before anything is looked up: no mail server is set here
SAYS_NOTHING = ("/email/test",)
BODIES: dict[str, Any] = {
    "decision": {"decision": "approved", "contentHash": "x"},
    "comments": {"body": "Hello"},
    "campaigns": {"name": "Spring"},
    "intake": {"data": {"identity": {"name": "Mine"}}},
    "save": {"saved": True},
    "favorite": {"favorite": True},
    "tags": {"tags": ["x"]},
    "swipes": {"body": "Mine"},
    "messages": {"text": "Hello"},
}


async def everything_of(door: Door, other: People) -> dict[str, str]:
    """An id of theirs for every name that addresses have in them."""
    async with door.parts.db.org(other.org_id) as conn:
        intake = await add_document(conn, other, "intake")
        asset = await add_asset(conn, other)
        run_id = await add_run(conn, other.org_id, other["partner"], other.client_id)
        approval = await approvals.request(
            conn,
            org_id=other.org_id,
            gate="asset",
            subject_type="asset",
            subject_id=asset.id,
            subject_hash=asset.content_hash,
            run_id=run_id,
        )
        row = await (
            await conn.execute(
                "insert into comments (org_id, asset_id, author, body) values (%s, %s, %s, 'x') returning id",
                (other.org_id, asset.id, other["partner"]),
            )
        ).fetchone()
        assert row is not None
        swipe = await add_ad(conn, other, "A razor for quiet mornings")
        brought = await imports.open_import(
            conn, Caller(other.org_id, other["partner"], "partner"), client_id=other.client_id, kind="voc",
            filename="a.txt", storage_key=f"{other.org_id}/x", bytes=1, sha256="0" * 64, format="text", options={},
        )  # fmt: skip
        upload = await uploads.record(
            conn, Caller(other.org_id, other["partner"], "partner"), "a.txt", StoredFile(f"{other.org_id}/x", 1, "0")
        )
        session = await sessions.insert(
            conn, {"org_id": other.org_id, "user_id": other["partner"], "channel": "api", "thread": "theirs"}
        )
        assert session is not None
        known = ResearchData(topic="x", language="en", provider="none", intent=Intent(kind="informational"))
        found_out = await research.save(
            conn,
            {
                "org_id": other.org_id, "client_id": other.client_id, "campaign_id": None, "run_id": None, "data": known,
                "agent": "seo_writer", "model": "offline", "idempotency_key": None,
            },
            [],
        )  # fmt: skip
    return {
        "research_id": str(found_out.id),
        "swipe_id": str(swipe),
        "media_id": str(uuid4()),
        "import_id": str(brought.id),
        "upload_id": str(upload.id),
        "client_id": str(other.client_id),
        "artifact_id": str(intake.id),
        "asset_id": str(asset.id),
        "run_id": str(run_id),
        "approval_id": str(approval.id),
        "comment_id": str(row[0]),
        "scope_id": str(other["partner"]),
        "scope": "user",
        "signal": "approve-canon",
        "session_id": str(session.id),
        "turn_id": str(uuid4()),
    }


def _body(path: str, method: str, operation: dict[str, Any]) -> Any:
    """What the description gives as an example, or what this test knows better."""
    last = path.rstrip("/").rsplit("/", 1)[-1]
    if last == "links":
        return {"clientId": str(uuid4()), "good": True}
    if path.startswith("/api/imports") and method == "put":
        return {"format": "text"}
    if last in BODIES and method != "get":
        return BODIES[last]
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("example")


def _query(operation: dict[str, Any]) -> dict[str, str]:
    given = operation.get("parameters", [])
    return {one["name"]: "x" for one in given if one["in"] == "query" and one["required"]}


async def test_no_address_with_an_id_shows_or_changes_anothers_things(door: Door) -> None:
    theirs = await everything_of(door, await make_people(door.parts.db, "Other"))
    tried = 0
    doc = await door.get("/openapi.json")
    for path, methods in doc["paths"].items():
        names = re.findall(r"{(\w+)}", path)
        if not names:
            continue
        unknown = {name: str(uuid4()) for name in names} | {"scope": "user", "signal": "approve-canon"}
        for ids in (unknown | theirs, unknown):
            for method in methods:
                address = path.format(**ids)
                body = _body(path, method, methods[method])
                response = await door.http.request(method.upper(), address, json=body, params=_query(methods[method]))
                if path.endswith(SAYS_NOTHING) and response.json()["code"] == "blocked":
                    continue
                assert response.status_code == 404, f"{method} {path}: {response.status_code} {response.text}"
                assert response.json()["code"] == "not_found"
                tried += 1
    assert tried > 40
    async with door.parts.db.org(door.people.org_id) as conn:
        for table in ("artifacts", "comments", "approvals", "budgets", "campaigns"):
            row = await (await conn.execute(f"select count(*) from {table}")).fetchone()  # type: ignore[arg-type]
            assert row == (0,), f"something was written into {table}"


async def test_lists_filtered_by_anothers_client_are_empty(door: Door) -> None:
    other = await make_people(door.parts.db, "Other")
    theirs = await everything_of(door, other)
    for path in ("/artifacts", "/assets", "/runs", "/inbox"):
        found = await door.get(f"{path}?clientId={theirs['client_id']}")
        assert found["items"] == []
        assert (await door.get(path))["items"] == []
    await door.get(f"/budgets?runId={theirs['run_id']}", 404)


async def test_no_tool_finds_anothers_things(door: Door) -> None:
    theirs = await everything_of(door, await make_people(door.parts.db, "Other"))
    tries: dict[str, dict[str, Any]] = {
        "list_campaigns": {"clientId": theirs["client_id"]},
        "create_campaign": {"clientId": theirs["client_id"], "name": "Spring"},
        "get_intake": {"clientId": theirs["client_id"]},
        "fill_intake": {"clientId": theirs["client_id"], "answers": [{"path": "voice.tone", "value": "Dry"}]},
        "check_intake": {"clientId": theirs["client_id"]},
        "import_brief": {"clientId": theirs["client_id"], "filename": "a.md", "text": "Tone: dry"},
        "get_artifact": {"artifactId": theirs["artifact_id"]},
        "compare_artifacts": {"artifactId": theirs["artifact_id"]},
        "edit_artifact": {"artifactId": theirs["artifact_id"], "changes": [{"path": "voice.tone", "value": "Dry"}]},
        "check_gate": {"clientId": theirs["client_id"], "type": "client_canon"},
        "decide_artifact": {"artifactId": theirs["artifact_id"], "decision": "approved", "contentHash": "x"},
        "list_comments": {"artifactId": theirs["artifact_id"]},
        "add_comment": {"assetId": theirs["asset_id"], "body": "Hello"},
        "resolve_comment": {"commentId": theirs["comment_id"]},
        "get_asset": {"assetId": theirs["asset_id"]},
        "edit_asset": {"assetId": theirs["asset_id"], "contentHash": "x", "title": "Mine"},
        "decide_asset": {"assetId": theirs["asset_id"], "decision": "approved", "contentHash": "x"},
        "publish_asset": {"assetId": theirs["asset_id"]},
        "decide_approval": {"approvalId": theirs["approval_id"], "decision": "approved"},
        "set_budget": {"scope": "run", "scopeId": theirs["run_id"], "limit": "5"},
        "new_budget_period": {"scope": "session", "scopeId": str(uuid4())},
        "get_budget": {"runId": theirs["run_id"]},
        "get_research": {"researchId": theirs["research_id"]},
        "show_research": {"researchId": theirs["research_id"]},
        "read_site_map": {"clientId": theirs["client_id"], "url": "https://theirs.example"},
        "start_run": {"kind": "seo_write", "clientId": theirs["client_id"], "brief": "Candles"},
        "get_run": {"runId": theirs["run_id"]},
        "stop_run": {"runId": theirs["run_id"]},
        "resume_run": {"runId": theirs["run_id"]},
        "interrupt_run": {"runId": theirs["run_id"]},
        "decide_run": {"runId": theirs["run_id"], "decision": "approved"},
        "signal_run": {"runId": theirs["run_id"], "signal": "approve-canon"},
        "list_run_agents": {"runId": theirs["run_id"]},
        "list_run_outputs": {"runId": theirs["run_id"]},
        "search_voc": {"clientId": theirs["client_id"], "query": "price"},
        "list_themes": {"clientId": theirs["client_id"]},
        "search_swipes": {"clientId": theirs["client_id"]},
        "get_swipe": {"swipeId": theirs["swipe_id"]},
        "find_similar": {"swipeId": theirs["swipe_id"]},
        "save_swipe": {"swipeId": theirs["swipe_id"], "saved": True},
        "tag_swipe": {"swipeId": theirs["swipe_id"], "tags": ["x"]},
        "import_swipes": {"uploadId": theirs["upload_id"]},
        "import_voc": {"uploadId": theirs["upload_id"], "clientId": theirs["client_id"]},
        "read_document": {"documentId": str(uuid4())},
    }
    for name, given in tries.items():
        assert (await door.post(f"/tools/{name}", given, 404))["code"] == "not_found", name
    assert door.work.asked == []
