"""The API on a real database, entered through its door; identity, work and live events are told what to say."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from assistant.api import ApiParts, create_api
from assistant.api.ports import Member
from assistant.runs.bus import Delta
from knowledge.approvals.models import Approval
from knowledge.artifacts import store
from knowledge.artifacts.models import Artifact
from knowledge.artifacts.registry import SPECS, ArtifactType
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.db import Connection, Database
from knowledge.fetching.web import Web
from knowledge.files.store import Files
from knowledge.ids import ApprovalId, ClientId, OrgId, RunId, UserId
from knowledge.people.models import Caller, Via
from knowledge.people.queries import get_user
from knowledge.runs import events, queries
from knowledge.runs.models import Event, NewEvent, NewRun
from tests.conftest import People
from tests.knowledge.artifacts import examples
from tests.tools.conftest import NoCritics, NoMeaning
from tools.spec import Look


@dataclass
class Settings:
    auth: Literal["local", "password"] = "local"
    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "::1", "room.example")


@dataclass
class Chair:
    """Who sits in front of the browser: the cookie ``access_token`` holds ``org:user``."""

    db: Database
    people: People
    role: str = "partner"

    def user_of_cookie(self, request: HTTPConnection) -> UUID | None:
        named = request.cookies.get("access_token")
        return self.people[named] if named in self.people.users else None

    async def caller_of(self, user_id: UUID, via: Via) -> Caller:
        async with self.db.org(self.people.org_id) as conn:
            user = await get_user(conn, user_id)
        assert user is not None
        return Caller(user.org_id, user.id, user.role, via)

    def local_user(self) -> UUID:
        return self.people[self.role]


@dataclass
class RealRows:
    """Watches a run by asking the table; ``deltas`` come first. ``begun``: how often somebody began to watch."""

    db: Database
    deltas: list[Delta] = field(default_factory=list)
    begun: int = 0

    async def watch(
        self, org_id: OrgId, run_id: RunId, after_seq: int = 0, *, found: bool = False
    ) -> AsyncIterator[Event | Delta]:
        self.begun += 1
        for delta in self.deltas:
            yield delta
        while True:
            async with self.db.org(org_id) as conn:
                rows = await queries.list_events(conn, run_id, after_seq, 2)
            for row in rows:
                after_seq = row.seq
                yield row
            if not rows:
                await asyncio.sleep(0.02)


@dataclass
class RunsOnly:
    """Starts runs as rows: no engine takes them up."""

    db: Database
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    answered: list[ApprovalId] = field(default_factory=list)
    library: Any = field(default_factory=NoMeaning)
    files: Files = field(default_factory=lambda: Files("/nowhere", Path("/nowhere")))
    web: Web = field(default_factory=Web)
    critics: Any = field(default_factory=NoCritics)
    publisher: Any = None
    mail: Any = None

    async def start(
        self, caller: Caller, kind: str, work: dict[str, Any], idempotency_key: str | None, look: Look | None = None
    ) -> RunId:
        self.asked.append((kind, work, idempotency_key))
        async with self.db.org(caller.org_id) as conn:
            run = await queries.find_run_by_key(conn, idempotency_key) if idempotency_key else None
            if run is None:
                client = ClientId(UUID(work["client_id"])) if "client_id" in work else None
                made = await add_run(conn, caller.org_id, caller.user_id, client, kind=kind, key=idempotency_key)
                run = await queries.find_run(conn, made)
            assert run is not None
            if look is not None:
                await look(conn, run)
            return run.id

    def decided(self, approval: Approval) -> None:
        self.answered.append(approval.id)

    async def stop(self, caller: Caller, run_id: RunId) -> str:
        async with self.db.org(caller.org_id) as conn:
            await queries.update_status(conn, run_id, "stopped")
        return "It is stopped."

    async def interrupt(self, caller: Caller, run_id: RunId) -> str:
        async with self.db.org(caller.org_id) as conn:
            await queries.update_status(conn, run_id, "cancelled")
        return "It is over."

    async def resume(self, caller: Caller, run_id: RunId) -> str:
        async with self.db.org(caller.org_id) as conn:
            await queries.update_status(conn, run_id, "running")
        return "It goes on."


@dataclass
class Door:
    """A browser or a program at the API."""

    app: FastAPI
    parts: ApiParts
    people: People
    chair: Chair
    work: RunsOnly
    events: RealRows
    settings: Settings
    http: httpx.AsyncClient

    def sit(self, role: str) -> None:
        self.chair.role = role

    async def get(self, path: str, status: int = 200, **more: Any) -> Any:
        return _checked(await self.http.get(f"/api{path}", **more), status)

    async def post(self, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        return _checked(await self.http.post(f"/api{path}", json=body if body is not None else {}, **more), status)

    async def put(self, path: str, body: Any, status: int = 200, **more: Any) -> Any:
        return _checked(await self.http.put(f"/api{path}", json=body, **more), status)


def _checked(response: httpx.Response, status: int) -> Any:
    assert response.status_code == status, response.text
    if status >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert {"type", "title", "status", "detail", "code"} <= problem.keys()
        assert problem["status"] == status
    return response.json() if response.content else None


@pytest.fixture
async def door(db: Database, people: People, tmp_path: Path) -> AsyncIterator[Door]:
    files = Files(str(tmp_path / "files"), tmp_path / "scratch")
    settings, chair, work, live = Settings(), Chair(db, people), RunsOnly(db, files=files), RealRows(db)

    async def health() -> dict[str, Any]:
        return {"ok": True, "database": await db.ping()}

    parts = ApiParts(
        settings=settings,
        db=db,
        events=live,
        work=work,
        identity=chair,
        steps={"seo_write": ("outline", "join")},
        team=[Member("cmo", "CMO"), Member("seo_writer", "SEO writer")],
        health=health,
        talk=cast(Any, None),
    )
    app = FastAPI()
    app.include_router(create_api(parts))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        yield Door(app, parts, people, chair, work, live, settings, http)


EXAMPLES: dict[ArtifactType, dict[str, Any]] = {
    "intake": examples.INTAKE,
    "client_canon": examples.CLIENT_CANON,
    "metric_schema": examples.METRIC_SCHEMA,
    "strategy_sheet": examples.STRATEGY_SHEET,
}


async def add_document(
    conn: Connection, people: People, type: ArtifactType, *, approved: bool = False, **more: Any
) -> Artifact:
    draft = store.Draft(
        org_id=people.org_id,
        client_id=people.client_id,
        type=type,
        data=more.pop("data", EXAMPLES[type]),
        created_by="agent:planner",
        model="offline",
        **more,
    )
    made = await store.create_version(conn, draft)
    if not approved:
        return made
    return await store.approve(conn, made.id, user_id=people["partner"], role="partner", shown_hash=made.content_hash)


async def add_asset(conn: Connection, people: People, **more: Any) -> Asset:
    values: dict[str, Any] = {
        "org_id": people.org_id,
        "client_id": people.client_id,
        "campaign_id": None,
        "run_id": None,
        "channel": "blog",
        "format": "blog_post",
        "title": "Candles without soot",
        "content": {"markdown": "# Candles without soot\n\nTrim the wick."},
        "seo": {},
        "agent": "seo_writer",
        "model": "offline",
        "idempotency_key": uuid4().hex,
    }
    return await assets.create(conn, {**values, **more})


async def add_report(conn: Connection, people: People, asset: Asset, reviewer: str, score: float) -> None:
    report = {**examples.QA_REPORT, "assetId": str(asset.id), "assetVersion": asset.version}
    draft = store.Draft(
        org_id=people.org_id,
        client_id=people.client_id,
        type="qa_report",
        key=f"{asset.id}:{reviewer}",
        data={**report, "reviewer": reviewer, "score": score},
        created_by=f"agent:{reviewer}_critic",
    )
    await store.create_version(conn, draft)


async def add_run(
    conn: Connection,
    org_id: OrgId,
    user_id: UserId,
    client_id: ClientId | None,
    *,
    kind: str = "seo_write",
    status: str = "running",
    key: str | None = None,
) -> RunId:
    run_id = RunId(uuid4())
    await queries.insert_run(
        conn,
        NewRun(
            id=run_id,
            org_id=org_id,
            kind=kind,
            title="Article",
            input={},
            engine="none",
            started_by=user_id,
            client_id=client_id,
            idempotency_key=key,
        ),
    )
    await queries.update_status(conn, run_id, status)
    return run_id


async def say(conn: Connection, run_id: RunId, *types: str, **data: Any) -> None:
    await events.append(conn, run_id, [NewEvent(type=type, step="outline", data=data) for type in types])


assert set(EXAMPLES) <= set(SPECS)
