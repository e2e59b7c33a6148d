"""A run as its card, programs and agents see it: where it is, what it costs, what it waits for, what came of it."""

import time
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from pydantic import Field
from pydantic.alias_generators import to_camel

from knowledge.artifacts.store import get as get_artifact
from knowledge.assets.scores import mean, shown
from knowledge.db import Connection
from knowledge.errors import NotFound
from knowledge.ids import ApprovalId, CampaignId, ClientId, RunId
from knowledge.money.models import Period, Scope, ScopeKeys
from knowledge.money.queries import find_budget
from knowledge.money.service import dollars
from knowledge.overview.queries import asked_sentence, last_work, spend_of_runs
from knowledge.people.models import Caller
from knowledge.people.queries import users_with_roles
from knowledge.runs import events, queries
from knowledge.runs.models import ACTIVE, RunRow, Step, StepStatus, Waiting
from tools.approvals.view import roles_that_may
from tools.artifacts.view import type_title
from tools.spec import Wire

MOST_NAMES = 5
#: seconds for which the usual time of a kind of run is taken as known, and how many are
USUAL_FOR, MOST_USUAL = 60.0, 1000
_usual: dict[tuple[UUID, str], tuple[float, float]] = {}
GONE = "That run does not exist, or not for you."


class StepView(Wire):
    name: str
    status: StepStatus
    started_at: datetime | None
    finished_at: datetime | None
    agent: str | None


class WaitingFor(Wire):
    """The question a run waits on. ``who``: people who may answer. ``contentHash`` goes back with the answer."""

    approval_id: ApprovalId
    gate: str
    who: list[str]
    may_decide: bool
    subject_type: str
    subject_id: UUID
    version: int
    content_hash: str
    since: datetime
    sentence: str
    limit: Decimal | None = Field(description="Of a budget that is used up: its limit, in US dollars.")


class RunSummary(Wire):
    """``spend`` and ``limit`` are US dollars; ``progress`` is 0 to 100."""

    id: RunId
    kind: str
    title: str
    status: str
    state: str
    progress: int
    spend: Decimal
    limit: Decimal | None
    client_id: ClientId | None
    client_name: str | None
    campaign_id: CampaignId | None
    campaign_name: str | None
    parent_id: RunId | None
    guarded: bool = Field(description="Started with a client token: programs need it to decide, stop or go on.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None
    last_seq: int
    waiting_for: WaitingFor | None
    output: dict[str, Any] | None = Field(description="Of a completed run: ``sentence`` says what came of it.")


class RunView(RunSummary):
    """``usualSeconds``: the usual working time of its kind, people's waiting taken off; null when unknown.

    ``output`` also holds ``artifactId`` or ``assetId`` of the last thing it wrote, beside the kind's own.
    """

    steps: list[StepView]
    progress_text: str
    usual_seconds: float | None
    input: dict[str, Any] = Field(description="What it was started with.")


async def get_run(conn: Connection, run_id: UUID) -> RunRow:
    run = await queries.find_run(conn, run_id)
    if run is None:
        raise NotFound(GONE)
    return run


async def summaries(conn: Connection, caller: Caller, runs: Sequence[RunRow]) -> list[RunSummary]:
    spent = await spend_of_runs(conn, [run.id for run in runs])
    return [await _summary(conn, caller, run, spent.get(run.id, Decimal(0))) for run in runs]


async def _summary(conn: Connection, caller: Caller, run: RunRow, spent: Decimal) -> RunSummary:
    # few runs wait at a time, so only those are asked about one by one
    waiting = await queries.find_waiting(conn, run.id) if run.status == "waiting" else None
    more: dict[str, Any] = {
        "waiting_for": await _waiting_for(conn, caller, run, waiting) if waiting else None,
        "output": {"sentence": finished_sentence(run, spent)} if run.status == "completed" else None,
    }
    return RunSummary.model_validate({**_facts(run, spent), **more})


async def run_view(conn: Connection, caller: Caller, run: RunRow, planned: Sequence[str]) -> RunView:
    """``planned``: the names of the kind's steps in order, shown while they are still to come."""
    untouched = run.status == "queued" and run.last_seq == 0  # nothing was done yet that could be looked up
    spent = Decimal(0) if untouched else (await spend_of_runs(conn, [run.id])).get(run.id, Decimal(0))
    under_way = run.status in ACTIVE or run.status == "stopped"
    coming = planned if under_way else ()
    steps = events.steps_of([], coming) if untouched else await events.list_steps(conn, run.id, coming)
    waiting = await queries.find_waiting(conn, run.id) if run.status in ("waiting", "stopped") else None
    more: dict[str, Any] = {
        "steps": [StepView.model_validate(step.model_dump()) for step in steps],
        "progress_text": _progress_text(steps, under_way),
        "usual_seconds": await _usual_seconds(conn, run),
        "waiting_for": await _waiting_for(conn, caller, run, waiting) if waiting else None,
        "output": await _output(conn, run, spent),
        "input": run.input,
    }
    return RunView.model_validate({**_facts(run, spent), **more})


async def _usual_seconds(conn: Connection, run: RunRow) -> float | None:
    """A figure over the last of its kind: good for a while, and dear beside the rest of the view."""
    known = _usual.get((run.org_id, run.kind))
    if known is not None and time.monotonic() - known[0] < USUAL_FOR:
        return known[1]
    usual = await queries.usual_seconds(conn, run.kind)
    if usual is not None:
        if len(_usual) >= MOST_USUAL:
            _usual.clear()
        _usual[run.org_id, run.kind] = time.monotonic(), usual
    return usual


def _facts(run: RunRow, spent: Decimal) -> dict[str, Any]:
    return {**run.model_dump(include=_COPIED), "spend": spent, "limit": run.budget_limit}


_COPIED = {"id", "kind", "title", "status", "state", "progress", "client_id", "client_name", "campaign_id",
           "campaign_name", "parent_id", "guarded", "created_at", "started_at", "finished_at", "error", "last_seq"}  # fmt: skip


def _progress_text(steps: Sequence[Step], under_way: bool) -> str:
    if not under_way or not steps:
        return ""
    done = sum(step.status == "completed" for step in steps)
    return f"Step {min(done + 1, len(steps))} of {len(steps)}"


async def _waiting_for(conn: Connection, caller: Caller, run: RunRow, waiting: Waiting) -> WaitingFor:
    document = await get_artifact(conn, waiting.subject_id) if waiting.subject_type == "artifact" else None
    roles = roles_that_may(waiting.subject_type, document.type if document else None)
    return WaitingFor(
        approval_id=ApprovalId(waiting.approval_id),
        gate=waiting.gate,
        who=await _who(conn, roles),
        may_decide=roles is None or caller.role in roles,
        subject_type=waiting.subject_type,
        subject_id=waiting.subject_id,
        version=waiting.subject_version,
        content_hash=waiting.subject_hash,
        since=waiting.requested_at,
        sentence=await asked_sentence(conn, run.id, waiting.approval_id)
        or _sentence(waiting, document.type if document else None),
        limit=await _limit(conn, caller, waiting) if waiting.subject_type == "budget" else None,
    )


async def _limit(conn: Connection, caller: Caller, waiting: Waiting) -> Decimal | None:
    scope, _, period = waiting.subject_hash.partition(":")
    keys = ScopeKeys(caller.org_id)
    budget = await find_budget(conn, keys, cast(Scope, scope), waiting.subject_id, cast(Period, period))
    return budget.limit_amount if budget else None


async def _who(conn: Connection, roles: frozenset[str] | None) -> list[str]:
    if roles is None:
        return []
    names = [user.display_name for user in await users_with_roles(conn, sorted(roles))]
    return names[:MOST_NAMES] if names else sorted(roles)


def _sentence(waiting: Waiting, document_type: str | None) -> str:
    match waiting.subject_type:
        case "artifact":
            return f"{type_title(document_type or waiting.gate)} v{waiting.subject_version} waits for approval."
        case "asset":
            return "The piece waits for approval."
        case "budget":
            return "The budget is used up. Raise it, or stop here?"
        case _:
            return "It could not go on. Try again, or stop here?"


async def _output(conn: Connection, run: RunRow, spent: Decimal) -> dict[str, Any] | None:
    """What came of a completed run: the kind's own output, the last document and piece, one sentence."""
    if run.status != "completed":
        return None
    own = _own(run)
    wrote = await last_work(conn, run.id)
    linked = {"artifactId": wrote.get("document"), "assetId": wrote.get("asset")}
    found = {name: value for name, value in linked.items() if value is not None}
    return {**found, **own, "sentence": finished_sentence(run, spent)}


def _own(run: RunRow) -> dict[str, Any]:
    return {to_camel(name): value for name, value in (run.output or {}).items()}


def finished_sentence(run: RunRow, spent: Decimal) -> str:
    """What came of a completed run, such as "Article ready: 4,213 words, content score 82 of 100, $0.41"."""
    output = _own(run)
    facts: list[str] = []
    if isinstance(output.get("wordCount"), int):
        facts.append(f"{output['wordCount']:,} words")
    if isinstance(output.get("opened"), int) and output.get("sources"):
        facts.append(f"{output['opened']} of {output['sources']} pages opened")
    given = cast("dict[str, Any]", output.get("scores") or {})
    score = shown(output.get("contentScore"), mean(float(one) for one in given.values()))
    if score is not None:
        facts.append(score.words)
    if "proposalId" in output:
        many = output["changes"]
        facts.append(f"{many} change{'' if many == 1 else 's'} to take" if many else "nothing to change")
        if output.get("scoreAfter") is not None:
            raised = output["scoreBefore"] != output["scoreAfter"]
            was = f"{output['scoreBefore']} → " if raised else ""
            facts.append(f"content score {was}{output['scoreAfter']}")
    decided = [(len(output[name]), name) for name in ("approved", "rejected") if isinstance(output.get(name), list)]
    facts += [f"{count} {name}" for count, name in decided if count]
    if isinstance(output.get("passed"), int):
        facts.append(f"{output['passed']} of {output.get('of')} checks hold")
    facts.append(dollars(spent))
    rejected = output.get("rejected")
    result = f"ended: the {type_title(rejected).lower()} was rejected" if isinstance(rejected, str) else "ready"
    # of a piece's title the kind of piece is enough: the rest stands on its card
    return f"{run.title.partition(':')[0]} {result}: {', '.join(facts)}"
