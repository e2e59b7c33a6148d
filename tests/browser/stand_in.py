"""A stand-in of the HTTP contract with sample data, to look at the cards and to test them in a browser.

``python -m tests.browser.stand_in [port]`` serves the real chat page on loopback. It keeps everything in memory and
decides nothing a person would rely on; the real API has tests of its own. ``/control/…`` lets a test cause events.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import Response

from assistant.chat.page import content_security_policy, without_foreign_hosts
from tests.browser.sample_claims import router as claims_router
from tests.browser.sample_edits import router as edits_router
from tests.browser.sample_emails import router as email_router
from tests.browser.sample_library import router as library_router
from tests.browser.sample_research import router as research_router
from tests.browser.sample_room import Room

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]

app = FastAPI()
app.include_router(claims_router)
app.include_router(edits_router)
app.include_router(email_router)
app.include_router(library_router)
app.include_router(research_router)
room = Room()
app.state.room = room


def problem(status: int, code: str, detail: str, **more: Any) -> JSONResponse:
    body = {"type": f"/problems/{code}", "title": code, "status": status, "detail": detail, "code": code, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


@app.middleware("http")
async def guard_page(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Send the policy with every page, as the product does."""
    response = await call_next(request)
    if response.headers.get("content-type", "").startswith("text/html"):
        response.headers["content-security-policy"] = app.state.policy
    return response


@app.middleware("http")
async def misbehave(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Fail or lag on paths a test has named."""
    if request.url.path.startswith("/api/"):
        room.asked.append(f"{request.method} {request.url.path}")
        if status := room.failing.get(request.url.path):
            return problem(status, "upstream", "The model's server did not answer. What was finished is kept.")
        if room.down:
            return problem(503, "down", "The room is starting.")
    return await call_next(request)


@app.get("/api/health")
async def health() -> Json:
    return {"status": "ok", "version": "0.1.0", "build": "9fe1654c0ffee", "offline": True, "model": "offline"}


@app.get("/api/me")
async def me() -> Json:
    return {"id": "u1", "displayName": "Anna Berg", "role": "partner"}


@app.get("/api/clients")
async def clients() -> Json:
    return {"items": room.clients, "nextCursor": None}


@app.post("/api/clients")
async def create_client(body: Json) -> Any:
    if body["name"] == "taken":
        field = {"field": "name", "message": "There is a client with this name."}
        return problem(422, "invalid", "This cannot be saved.", fields=[field])
    room.clients.append({"id": f"c{len(room.clients) + 1}", "status": "active", **body})
    return room.clients[-1]


@app.get("/api/clients/{client_id}/campaigns")
async def campaigns(client_id: str) -> Json:
    return {"items": room.campaigns, "nextCursor": None}


@app.get("/api/intake/form")
async def intake_form() -> Json:
    return room.intake_form


@app.get("/api/clients/{client_id}/intake")
async def intake(client_id: str) -> Json:
    return room.intake_view()


@app.put("/api/clients/{client_id}/intake")
async def save_intake(client_id: str, body: Json) -> Json:
    return room.save_intake(body["data"])


@app.get("/api/artifacts/{artifact_id}")
async def artifact(artifact_id: str) -> Any:
    return room.artifacts.get(artifact_id) or problem(404, "not_found", "This document is no longer here.")


@app.put("/api/artifacts/{artifact_id}")
async def edit(artifact_id: str, body: Json) -> Any:
    if not body["data"].get("brand", {}).get("story", "x"):
        fields = [{"field": "brand.story", "message": "is empty"}]
        return problem(422, "invalid", "This cannot be saved yet.", fields=fields)
    return room.new_version(artifact_id, body["data"])


@app.get("/api/artifacts/{artifact_id}/versions")
async def versions(artifact_id: str) -> Json:
    keys = ("id", "version", "status", "createdAt", "createdBy", "model")
    kind = room.artifacts[artifact_id]["type"]
    found = [a for a in room.artifacts.values() if a["type"] == kind and a["key"] == room.artifacts[artifact_id]["key"]]
    return {"items": [{key: a[key] for key in keys} for a in sorted(found, key=lambda a: -a["version"])]}


@app.get("/api/artifacts/{artifact_id}/diff")
async def diff(artifact_id: str, against: str) -> Json:
    return {"changes": room.diff}


@app.post("/api/artifacts/{artifact_id}/decision")
async def decide(artifact_id: str, body: Json) -> Any:
    if artifact_id == "art-raced":
        room.artifacts[artifact_id].update(status="approved", approvedByName="Ben Ito", approvedAt=room.now())
        return problem(409, "conflict", "Ben Ito approved this a moment ago.")
    if body["contentHash"] != room.artifact_of(artifact_id)["contentHash"]:
        return problem(409, "conflict", "It was edited after you saw it.")
    return room.decide_artifact(artifact_id, body)


@app.get("/api/artifacts/{artifact_id}/comments")
async def comments(artifact_id: str) -> Json:
    return {"items": room.comments}


@app.post("/api/artifacts/{artifact_id}/comments")
async def comment(artifact_id: str, body: Json) -> Json:
    return room.add_comment(body["body"])


@app.post("/api/comments/{comment_id}/resolve")
async def resolve(comment_id: str) -> Json:
    return room.resolve_comment(comment_id)


@app.get("/api/assets/{asset_id}")
async def asset(asset_id: str) -> Any:
    return room.assets.get(asset_id) or problem(404, "not_found", "This asset is no longer here.")


@app.post("/api/assets/{asset_id}/decision")
async def decide_asset(asset_id: str, body: Json) -> Json:
    return room.decide_asset(asset_id, body)


@app.post("/api/assets/{asset_id}/publish")
async def publish(asset_id: str) -> Json:
    room.assets[asset_id].update(status="published", publishedAt=room.now())
    return room.assets[asset_id]


@app.get("/api/runs")
async def runs() -> Json:
    return {"items": list(room.runs.values()), "nextCursor": None}


@app.get("/api/runs/{run_id}")
async def run(run_id: str) -> Any:
    return room.runs.get(run_id) or problem(404, "not_found", "This run is no longer here.")


@app.get("/api/runs/{run_id}/timeline")
async def timeline(run_id: str) -> Json:
    return {"items": room.events[run_id]}


@app.get("/api/runs/{run_id}/events")
async def events(run_id: str, after: int = 0) -> StreamingResponse:
    return StreamingResponse(_stream(run_id, after), media_type="text/event-stream")


async def _stream(run_id: str, after: int) -> AsyncIterator[str]:
    epoch, last = room.epoch, after
    yield ": hello\n\n"
    while room.epoch == epoch and not room.stopping:
        for event in [e for e in room.events[run_id] if e["seq"] > last]:
            last = event["seq"]
            yield f"id: {last}\nevent: {event['type']}\ndata: {json.dumps(event)}\n\n"
        await asyncio.sleep(0.05)


@app.post("/api/runs/{run_id}/{what}")
async def control_run(run_id: str, what: str) -> Json:
    room.runs[run_id].update(status="stopped" if what == "stop" else "running", waitingFor=None)
    return room.runs[run_id]


@app.post("/api/approvals/{approval_id}/decision")
async def decide_approval(approval_id: str, body: Json) -> Any:
    if "contentHash" not in body:
        return problem(422, "invalid", "It does not say what was shown.")
    return room.decide_approval(approval_id, body)


@app.get("/api/inbox")
async def inbox() -> Json:
    return {"items": room.inbox}


@app.get("/api/budgets")
async def budgets() -> Json:
    return {"scopes": room.budgets, "mayChange": True}


@app.put("/api/budgets/{scope}/{scope_id}")
async def set_budget(scope: str, scope_id: str, body: Json) -> Json:
    return room.set_budget(scope, body)


@app.post("/api/budgets/{scope}/{scope_id}/new-period")
async def new_period(scope: str, scope_id: str) -> Json:
    return room.set_budget(scope, {"spent": "0.00"})


@app.get("/api/dashboard")
async def dashboard() -> Json:
    return room.dashboard()


@app.post("/control/{what}")
async def control(what: str, body: Json = Body(default={})) -> Json:  # noqa: B008
    """Cause something, for a test: emit, drop, down, fail, reset, update, asked, stop."""
    return room.control(what, body)


def build() -> FastAPI:
    """Mount the real chat page with a target that shows any card by name."""
    os.chdir(ROOT)
    os.environ.setdefault("CHAINLIT_AUTH_SECRET", "a stand-in on loopback keeps no secrets, but it must be long")
    from chainlit import server

    from assistant.chat.mounting import mount_chat

    original = server.get_html_template
    server.get_html_template = lambda root_path: without_foreign_hosts(original(root_path))
    app.state.policy = content_security_policy(server.get_html_template(""))
    mount_chat(app, login=False, entry=ROOT / "tests" / "browser" / "stand_in_chat.py")
    return app


if __name__ == "__main__":
    import uvicorn

    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8790
    uvicorn.run(build(), host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)
