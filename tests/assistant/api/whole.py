"""The API over the whole house: real runs, real turns (the offline writer's), on a port of its own."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from assistant.agents.team import TEAM
from assistant.api import ApiParts, create_api
from assistant.api.ports import Member
from assistant.chat.identity import LocalIdentity
from assistant.health import check_health
from assistant.workflows import WORKFLOWS
from tests.assistant.api.conftest import Settings, _checked
from tests.assistant.at_work import AtWork, open_house
from tests.conftest import TestDatabase


@dataclass
class Front:
    """A program at the API of an open house."""

    at_work: AtWork
    app: FastAPI
    parts: ApiParts
    http: httpx.AsyncClient

    async def get(self, path: str, status: int = 200, **more: Any) -> Any:
        return _checked(await self.http.get(f"/api{path}", **more), status)

    async def post(self, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        return _checked(await self.http.post(f"/api{path}", json=body if body is not None else {}, **more), status)

    async def open(self, **about: Any) -> str:
        return str((await self.post("/sessions", about, 201))["id"])

    async def say(self, session: str, text: str, **headers: str) -> httpx.Response:
        return await self.http.post(f"/api/sessions/{session}/messages", json={"text": text}, headers=headers)

    async def hear(self, session: str, text: str, **headers: str) -> list[tuple[str, dict[str, Any]]]:
        """The answer's events, in order."""
        response = await self.say(session, text, Accept="text/event-stream", **headers)
        assert response.status_code == 200, response.text
        return read_events(response.text)


def read_events(text: str) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if "data" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


@asynccontextmanager
async def open_front(database: TestDatabase, *, served: bool = False, **changes: Any) -> AsyncGenerator[Front]:
    """``served``: over a real socket, so that an answer can be read while it is being written."""
    about = {name: changes.pop(name) for name in ("limits",) if name in changes}
    async with (
        open_house(database.owner_url, database.app_url, **changes) as at_work,
        front_of(at_work, served=served, **about) as front,
    ):
        yield front


@asynccontextmanager
async def front_of(at_work: AtWork, *, served: bool = False, **about: Any) -> AsyncGenerator[Front]:
    """The same over a house that is open."""
    house = at_work.house

    async def health() -> dict[str, Any]:
        found = await check_health(house, embedded=True)
        return {**found.facts, "ok": found.up}

    parts = ApiParts(
        settings=Settings(),
        db=house.db,
        events=house.events,
        work=house.work,
        identity=LocalIdentity(house.db),
        steps={kind: workflow.steps for kind, workflow in WORKFLOWS.items()},
        team=[Member(spec.id, spec.name) for spec in TEAM.values()],
        health=health,
        talk=house.conversations,
    )
    parts = replace(parts, **about)
    app = FastAPI()
    app.include_router(create_api(parts))
    if served:
        async with _served(app) as http:
            yield Front(at_work, app, parts, http)
        return
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as http:
        yield Front(at_work, app, parts, http)


@asynccontextmanager
async def _served(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=60) as http:
            while not server.started:
                await asyncio.sleep(0.01)
            yield http
        server.should_exit = True
        await serving
