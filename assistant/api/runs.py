"""Runs: start, look, watch live, stop, resume."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from assistant.api import sse
from assistant.api.guarded import AtDesk, Desk
from knowledge.db import Connection
from knowledge.errors import NotFound
from knowledge.ids import RunId
from knowledge.runs import queries
from knowledge.runs.models import FINAL, RunRow
from tools.call import check_allowed, check_scope, read_input
from tools.paging import Cursor, Limit
from tools.runs import list_run_agents, list_run_outputs, list_runs, resume_run, start_run, stop_run
from tools.runs.view import GONE, RunView, get_run, run_view
from tools.spec import Wire


class NewRun(Wire):
    """``input``: what the kind takes, such as {clientId, campaignId, brief}."""

    kind: str = Field(max_length=100)
    input: dict[str, Any] = Field(default_factory=dict[str, Any])


class EventView(Wire):
    """``sentence``: what happened, where the run itself says it."""

    seq: int
    at: datetime
    type: str
    agent: str | None
    step: str | None
    iteration: int
    data: dict[str, Any]
    sentence: str | None


class Timeline(Wire):
    """``nextCursor``: the number to go on after."""

    items: list[EventView]
    next_cursor: str | None


class TimelinePage(Wire):
    """``agent``: only what this agent said. ``cursor``: the number to go on after."""

    limit: int = Field(default=200, ge=1, le=200)
    cursor: int = Field(default=0, ge=0, lt=2**53)
    agent: str | None = Field(default=None, max_length=100)


class OutputsPage(Wire):
    kind: Literal["document", "asset"] | None = None
    limit: Limit = 50
    cursor: Cursor = None


class After(Wire):
    after: int = Field(default=0, ge=0, lt=2**53)


def add_routes(router: APIRouter) -> None:
    one = "/runs/{run_id}"
    router.add_api_route("/runs", index, methods=["GET"], summary="List runs")
    router.add_api_route("/runs", start, methods=["POST"], status_code=201, summary="Start a run")
    router.add_api_route(one, show, methods=["GET"], summary="One run")
    router.add_api_route(
        f"{one}/events",
        watch,
        methods=["GET"],
        summary="A run's events, live",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}}, 204: {"description": "It has ended; all was sent."}},
    )
    router.add_api_route(f"{one}/agents", agents, methods=["GET"], summary="Who works in a run, and on what")
    router.add_api_route(f"{one}/outputs", outputs, methods=["GET"], summary="What a run has made so far")
    router.add_api_route(f"{one}/timeline", timeline, methods=["GET"], summary="A run's events so far")
    router.add_api_route(f"{one}/stop", stop, methods=["POST"], summary="Stop a run")
    router.add_api_route(f"{one}/resume", resume, methods=["POST"], summary="Resume a stopped run")


async def index(desk: AtDesk, asked: Annotated[list_runs.Input, Query()]) -> list_runs.Output:
    return await desk.use(list_runs.LIST_RUNS, asked)


async def start(desk: AtDesk, asked: NewRun) -> RunView:
    async def look(conn: Connection, run: RunRow) -> RunView:
        return await run_view(conn, desk.caller, run, desk.parts.steps.get(run.kind, ()))

    check_allowed(start_run.START_RUN, desk.caller)
    given = read_input(start_run.START_RUN, {**asked.input, "kind": asked.kind})
    return await start_run.begin(desk.context, cast(start_run.Input, given), look)


async def show(desk: AtDesk, run_id: RunId) -> RunView:
    check_scope(desk.caller, "runs:read")
    return await view_of(desk, run_id)


async def view_of(desk: Desk, run_id: RunId) -> RunView:
    async with desk.context.tx() as conn:
        run = await get_run(conn, run_id)
        return await run_view(conn, desk.caller, run, desk.parts.steps.get(run.kind, ()))


async def watch(
    desk: AtDesk,
    run_id: RunId,
    asked: Annotated[After, Query()],
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    check_scope(desk.caller, "runs:read")
    run = await queries.read_run(desk.parts.db, desk.caller.org_id, run_id)
    if run is None:
        raise NotFound(GONE)
    after = int(last_event_id) if last_event_id and last_event_id.isdigit() else asked.after
    if run.status in FINAL and after >= run.last_seq:
        return Response(status_code=204)  # tells a browser not to come back
    watched = desk.parts.events.watch(desk.caller.org_id, run_id, after, found=True)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(sse.stream(run, watched), media_type="text/event-stream", headers=headers)


async def timeline(desk: AtDesk, run_id: RunId, page: Annotated[TimelinePage, Query()]) -> Timeline:
    async with desk.tx("runs:read") as conn:
        await get_run(conn, run_id)
        rows = await queries.list_events(conn, run_id, page.cursor, page.limit + 1, agent=page.agent)
    shown = rows[: page.limit]
    items = [EventView.model_validate({**sse.event_view(row), "sentence": row.data.get("sentence")}) for row in shown]
    return Timeline(items=items, next_cursor=str(shown[-1].seq) if len(rows) > page.limit else None)


async def agents(desk: AtDesk, run_id: RunId) -> list_run_agents.Output:
    return await desk.use(list_run_agents.LIST_RUN_AGENTS, {"runId": run_id})


async def outputs(desk: AtDesk, run_id: RunId, page: Annotated[OutputsPage, Query()]) -> list_run_outputs.Output:
    return await desk.use(list_run_outputs.LIST_RUN_OUTPUTS, {"runId": run_id, **page.model_dump(by_alias=True)})


async def stop(desk: AtDesk, run_id: RunId) -> RunView:
    await desk.use(stop_run.STOP_RUN, {"runId": run_id})
    return await view_of(desk, run_id)


async def resume(desk: AtDesk, run_id: RunId) -> RunView:
    await desk.use(resume_run.RESUME_RUN, {"runId": run_id})
    return await view_of(desk, run_id)
