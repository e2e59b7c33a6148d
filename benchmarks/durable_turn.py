"""A durable turn over HTTP: started, one agent's step, one approval, the result; against the bare engine.

Both are served by uvicorn on loopback in this process, run on the same engine and the same database, and have the same
instant model. Ours is the API as it is: the gate, the run's row, budget, journal, events and the approval, watched as
server-sent events. Bare is a FastAPI application around one DBOS workflow with one step, one event and one message.
Bar (DESIGN.md): at most 1.2 × the bare engine.
"""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import uvicorn
from agents import Agent, RunConfig, Runner
from dbos import DBOS, SetWorkflowID
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.requests import HTTPConnection

from assistant.agents.team import TEAM
from assistant.api import ApiParts, create_api
from assistant.demo.client import make_demo_client
from assistant.house import House
from assistant.models.order import Order
from assistant.runs.protocol import Run, StepContext, Subject, Workflow
from assistant.workflows.ask import ask_for_text
from assistant.workflows.client_onboarding import OnboardingInput
from benchmarks.instant import Instant, paid_room
from benchmarks.measure import Comparison, in_turns
from benchmarks.stage import postgres, settings, somebody
from knowledge.artifacts import store
from knowledge.people.models import Caller, Via

ROUNDS, WARM_UP = 60, 6
BARE, OURS = "bare DBOS behind FastAPI", "ours"
AGENT, ASKED = "planner", "Say what is to be done next."


class Done(BaseModel):
    text: str


# ---------------------------------------------------------------- ours


async def write(context: StepContext) -> str:
    return await ask_for_text(context, AGENT, Order("talk", ASKED, {}), "said")


async def ours(run: Run, given: OnboardingInput) -> Done:
    text = await run.step("write", write)
    await run.approval("text", Subject(type="run", id=run.id, sentence="Shall it stay so?"))
    return Done(text=text)


#: in the place of onboarding, so that the API starts it through its own door and its gate
OURS_WORKFLOWS: dict[str, Workflow[Any]] = {
    "client_onboarding": Workflow("client_onboarding", "Durable turn", OnboardingInput, ours, ("write",), Done)
}


@dataclass(frozen=True)
class Local:
    """The one user of this machine."""

    caller: Caller

    def user_of_cookie(self, request: HTTPConnection) -> UUID | None:
        return None

    async def caller_of(self, user_id: UUID, via: Via) -> Caller:
        return replace(self.caller, via=via)

    def local_user(self) -> UUID:
        return self.caller.user_id


def our_app(house: House, caller: Caller) -> FastAPI:
    async def health() -> dict[str, Any]:
        return {"ok": True}

    steps = {kind: workflow.steps for kind, workflow in OURS_WORKFLOWS.items()}
    app = FastAPI()
    parts = ApiParts(
        house.settings, house.db, house.events, house.work, Local(caller), steps, (), health, house.conversations
    )
    app.include_router(create_api(parts))
    return app


@dataclass
class Ours:
    http: httpx.AsyncClient
    client_id: UUID

    async def turn(self) -> None:
        given = {"kind": "client_onboarding", "input": {"clientId": str(self.client_id)}}
        run = (await self.http.post("/api/runs", json=given)).raise_for_status().json()
        async with self.http.stream("GET", f"/api/runs/{run['id']}/events") as events:
            async for line in events.aiter_lines():
                if not line.startswith("data: "):
                    continue
                event = json.loads(line[6:])
                if event.get("type") == "approval_requested":
                    path = f"/api/approvals/{event['data']['approvalId']}/decision"
                    (await self.http.post(path, json={"decision": "approved"})).raise_for_status()
                if event.get("type") == "run_completed":
                    assert event["data"]["output"]["text"].startswith("This is an answer")
                    return
        raise AssertionError("the run has not completed")


# ---------------------------------------------------------------- bare


async def bare_write(asked: str) -> str:
    agent = Agent[None](name="Planner", instructions=TEAM[AGENT].instructions(), model=Instant())
    result = Runner.run_streamed(agent, asked, run_config=RunConfig(tracing_disabled=True))
    async for _ in result.stream_events():
        pass
    return str(result.final_output)


async def bare(asked: str) -> str:
    text = await DBOS.run_step_async({"name": "write"}, bare_write, asked)
    await DBOS.set_event_async("question", "Shall it stay so?")
    assert await DBOS.recv_async("answer", timeout_seconds=3600) == "approved"
    return text


class Answer(BaseModel):
    decision: str


def bare_app(body: Any) -> FastAPI:
    app = FastAPI()
    handles: dict[str, Any] = {}

    async def start() -> dict[str, str]:
        run_id = str(uuid4())
        with SetWorkflowID(run_id):
            handles[run_id] = await DBOS.start_workflow_async(body, ASKED)
        return {"id": run_id}

    async def question(run_id: str) -> dict[str, Any]:
        return {"question": await DBOS.get_event_async(run_id, "question")}

    async def answer(run_id: str, given: Answer) -> dict[str, bool]:
        await DBOS.send_async(run_id, given.decision, "answer")
        return {"ok": True}

    async def result(run_id: str) -> dict[str, Any]:
        return {"text": await handles.pop(run_id).get_result()}

    app.add_api_route("/runs", start, methods=["POST"])
    app.add_api_route("/runs/{run_id}/question", question, methods=["GET"])
    app.add_api_route("/runs/{run_id}/answer", answer, methods=["POST"])
    app.add_api_route("/runs/{run_id}/result", result, methods=["GET"])
    return app


@dataclass
class Bare:
    http: httpx.AsyncClient

    async def turn(self) -> None:
        run = (await self.http.post("/runs")).raise_for_status().json()
        here = f"/runs/{run['id']}"
        assert (await self.http.get(f"{here}/question")).raise_for_status().json()["question"]
        (await self.http.post(f"{here}/answer", json={"decision": "approved"})).raise_for_status()
        done = (await self.http.get(f"{here}/result")).raise_for_status().json()
        assert done["text"].startswith("This is an answer")


# ---------------------------------------------------------------- both


def run() -> list[Comparison]:
    with postgres() as server:
        return asyncio.run(_measure(server))


async def _measure(server: Any) -> list[Comparison]:
    house = House(settings(server.folder), server.owner_url, server.app_url)
    house.engine.workflows = house.runs.workflows = OURS_WORKFLOWS
    house.services = replace(house.services, models=paid_room(server, house.db))
    bare_body = DBOS.workflow(name="bare")(bare)
    async with house.open():
        caller = await somebody(house.db)
        client_id = await _briefed_client(house, caller)
        async with served(our_app(house, caller)) as ours_http, served(bare_app(bare_body)) as bare_http:
            sides = {OURS: Ours(ours_http, client_id).turn, BARE: Bare(bare_http).turn}
            taken = await in_turns(sides, ROUNDS, warm_up=WARM_UP)
    case = "start, an agent's step, an approval, the result"
    return [Comparison("durable_turn", case, taken.pop(OURS), taken, {BARE: 1.2})]


async def _briefed_client(house: House, caller: Caller) -> UUID:
    """A client whose onboarding may begin."""
    async with house.db.org(caller.org_id) as conn:
        made = await make_demo_client(conn, caller)
        intake = await store.get(conn, made.intake_id)
        await store.approve(conn, intake.id, user_id=caller.user_id, role=caller.role, shown_hash=intake.content_hash)
    return made.client_id


@asynccontextmanager
async def served(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """The application on a port of its own, and a client that keeps its connections."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:  # asyncio sends without delay only if it says so
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as http:
            while not server.started:
                await asyncio.sleep(0.01)
            yield http
        server.should_exit = True
        await serving
