"""Kill -9 at every boundary of every workflow and in the middle of every model call: nothing paid or made twice.

``ADROOM_TEST_KILLS=50`` also runs that many random deaths.
"""

import asyncio
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from assistant.chat.identity import LOCAL_ORG, LOCAL_USER
from assistant.workflows.seo_write import AT_ONCE
from knowledge.approvals import service as approvals
from knowledge.approvals.models import Approval
from knowledge.db import Connection, Database
from knowledge.people.models import Caller
from tests.assistant.at_work import ME
from tests.assistant.mortal import Plug
from tests.assistant.runs.crash import Case, Outcome, approve, be_born, check, live_through
from tests.conftest import TestDatabase
from tests.model_server import ModelServer

pytestmark = pytest.mark.process

BRIEFS = {"seo_write": "How to keep coffee fresh at home", "email_create": "Welcome new subscribers"}
TASK = "Compare the subscription with supermarket beans; write an email that welcomes new subscribers"
START = {"client_onboarding": "briefed", "campaign_planning": "onboarded"}
#: each workflow's steps and gates; of the seven sections of the article, which are written side by side, the one that
#: no other can overtake (test_long_article.py has the others)
STEPS = {
    "client_onboarding": ["read intake", "build client_canon", "build metric_schema", "update the client"],
    "campaign_planning": ["build strategy_sheet", "move the campaign to planning"],
    "experiment_design": ["keep the constraints", "design experiments", "set up the experiments"],
    "plan_then_do": ["gather context", "build plan", "read the plan", "do collect", "do close", "put together"],
    "seo_write": ["read sources", "outline", "section 1", "join", "links", "title, description, slug",
                  "structured data", "save draft", "compare with the library", "brand check", "compliance check"],
    "email_create": ["read sources", "write", "save draft", "compare with the library", "brand check", "compliance check"],
}  # fmt: skip
GATES = {"client_onboarding": ["client_canon", "metric_schema"], "campaign_planning": ["strategy_sheet"],
         "experiment_design": ["experiment_spec", "experiment_spec#2"], "plan_then_do": ["plan"]}  # fmt: skip
#: after which step a gate that is not named for it is asked
ASKED_AFTER = {"design experiments": ["experiment_spec", "experiment_spec#2"]}
#: what a finished workflow has written: documents with their versions, pieces with their reports
WRITTEN = {
    "client_onboarding": {"client_canon": 1, "metric_schema": 1},
    "campaign_planning": {"strategy_sheet": 1},
    "experiment_design": {"experiment_spec": 2},
    "plan_then_do": {"plan": 1, "qa_report": 6},
    "seo_write": {"qa_report": 4},
    "email_create": {"qa_report": 4},
}
#: calls that may be under way beside the one that dies: sections are written side by side
BESIDE = dict.fromkeys(STEPS, 0) | {"seo_write": AT_ONCE - 1}
KINDS = list(STEPS)
CaseOf = Callable[[str], Any]


@pytest.fixture
def case_of(request: pytest.FixtureRequest, honest: ModelServer, tmp_path: Path) -> CaseOf:
    """A case of a workflow for the demo client, with its models at the honest provider."""

    async def make(kind: str, api: str = "responses") -> Case:
        made: TestDatabase = request.getfixturevalue(START.get(kind, "planned"))
        async with await psycopg.AsyncConnection.connect(made.owner_url) as conn:
            found = await conn.execute("select client_id, id from campaigns")
            client_id, campaign_id = (str(id) for id in await found.fetchone() or ())
        given = {"client_id": client_id, "campaign_id": campaign_id, "brief": BRIEFS.get(kind)}
        given |= {"constraints": {"max_concurrent_experiments": 2}, "task": TASK}
        wanted = {"client_onboarding": ["client_id"], "campaign_planning": ["client_id", "campaign_id"],
                  "experiment_design": ["client_id", "campaign_id", "constraints"],
                  "plan_then_do": ["client_id", "campaign_id", "task"]}  # fmt: skip
        return Case(
            made.owner_url,
            made.app_url,
            LOCAL_ORG,
            LOCAL_USER,
            tmp_path / "trace",
            kind,
            {name: given[name] for name in wanted.get(kind, ["client_id", "campaign_id", "brief"])},
            "tests.assistant.mortal:open_mortal",
            {"provider": honest.base_url, "api": api, "pid_file": str(tmp_path / "pid")},
        )

    return make


def boundaries(kind: str) -> list[str]:
    """Every place between two things that are done, in the order in which the workflow comes to them."""
    points = ["started", "begun"]
    for step in STEPS[kind]:
        points += [f"left {step}", f"completed {step}"]
        asked = ASKED_AFTER.get(step, [step.removeprefix("build ")])
        points += [f"{what} {gate}" for gate in asked if gate in GATES.get(kind, ()) for what in ("asked", "woken")]
    return [*points, "ended"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_run_lives_through_a_death_at_every_boundary(case_of: CaseOf, honest: ModelServer, kind: str) -> None:
    case = await case_of(kind)
    points = boundaries(kind)
    outcome = await live_through(case, points, within=40 + 4 * len(points))
    check(outcome)
    assert outcome.lives == len(points) + 1
    again = len(honest.paid_twice())
    assert again <= BESIDE[kind] * len(points), "what had been answered was asked again"
    await check_made(case, outcome, WRITTEN[kind])
    await check_paid(case, honest.paid - again)


@pytest.mark.parametrize(
    ("kind", "api"), list(zip(KINDS, ["responses", "chat_completions"] * len(KINDS), strict=False))
)
async def test_a_run_lives_through_a_death_in_the_middle_of_every_model_call(
    case_of: CaseOf, honest: ModelServer, tmp_path: Path, kind: str, api: str
) -> None:
    plug = Plug(tmp_path / "pid")
    honest.answers(plug)
    case = await case_of(kind, api)
    outcome = await live_through(case, [""] * 20, until_done=True)
    check(outcome)
    calls = len(plug.pulled)
    # two that arrive together may both find the plug
    assert calls >= 1 and calls + 1 - BESIDE[kind] * calls <= outcome.lives <= calls + 1
    most = (1 + BESIDE[kind]) * calls + calls
    assert calls < honest.paid <= most, "only the calls under way at each death were made again"
    await check_made(case, outcome, WRITTEN[kind])
    await check_paid(case, calls)


async def test_a_version_that_answers_a_note_is_written_once(case_of: CaseOf, honest: ModelServer) -> None:
    case = await case_of("client_onboarding")
    points = ["asked client_canon", "woken client_canon", "left build client_canon#2", "completed build client_canon#2",
              "asked client_canon#2", "woken client_canon#2"]  # fmt: skip
    outcome = await live_through(case, points, answer=send_back_first)
    check(outcome)
    assert outcome.lives == len(points) + 1
    assert honest.paid == 3, "two canons and the metric schema were paid for, none of them again"
    await check_made(case, outcome, {"client_canon": 2, "metric_schema": 1})


async def send_back_first(conn: Connection, caller: Caller, asked: Approval) -> None:
    if asked.gate != "client_canon":
        return await approve(conn, caller, asked)
    await approvals.decide(
        conn,
        caller=caller,
        approval_id=asked.id,
        decision="changes_requested",
        notes="Mention the roasting day.",
        shown_hash=asked.subject_hash,
    )
    return None


@pytest.mark.parametrize("decision", ["approved", "rejected"])
async def test_what_is_decided_while_the_process_is_down_is_acted_on_at_the_next_start(
    case_of: CaseOf, honest: ModelServer, decision: Any
) -> None:
    case = await case_of("campaign_planning")
    await die_at(case, "asked strategy_sheet")
    db = Database(case.app_url, min_size=1, max_size=2)
    await db.open()
    async with db.org(LOCAL_ORG) as conn:
        found = await conn.execute("select id, subject_hash from approvals where decision is null")
        ((id, shown),) = await found.fetchall()
        await approvals.decide(
            conn, caller=ME, approval_id=id, decision=decision, notes="Seen on the train.", shown_hash=shown
        )
    await db.close()
    outcome = await live_through(case, [])
    check(outcome)
    assert outcome.run.output is not None
    assert outcome.run.output["rejected"] == (None if decision == "approved" else "strategy_sheet")
    assert honest.paid == 1


async def die_at(case: Case, point: str) -> None:
    child = be_born(case, point)
    await asyncio.to_thread(child.join, 30)
    assert child.exitcode == -9


@pytest.mark.slow
@pytest.mark.skipif("ADROOM_TEST_KILLS" not in os.environ, reason="set ADROOM_TEST_KILLS to a number of deaths")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_run_lives_through_deaths_at_random_moments(case_of: CaseOf, honest: ModelServer, kind: str) -> None:
    chance = random.Random(os.environ["ADROOM_TEST_KILLS"])
    case = await case_of(kind)
    points = [f"after {chance.uniform(0.0, 0.6):.3f}" for _ in range(int(os.environ["ADROOM_TEST_KILLS"]))]
    outcome = await live_through(case, points, until_done=True, within=3000)
    check(outcome)
    assert len(honest.paid_twice()) <= outcome.lives - 1, "at most the call under way at each death"
    await check_made(case, outcome, WRITTEN[kind])


async def check_made(case: Case, outcome: Outcome, written: dict[str, int]) -> None:
    """Every document and piece exists once, in its right state, and was announced once."""
    run = outcome.run
    async with await psycopg.AsyncConnection.connect(case.owner_url, row_factory=dict_row) as conn:
        found = await conn.execute(
            "select type, status, version from artifacts where created_at >= %s", (run.created_at,)
        )
        documents = await found.fetchall()
        pieces = await (await conn.execute("select id, run_id, status from assets")).fetchall()
    types = [document["type"] for document in documents]
    assert {type: types.count(type) for type in types} == written
    for type in {"client_canon", "metric_schema", "strategy_sheet"} & set(types):
        newest = max((d for d in documents if d["type"] == type), key=lambda d: d["version"])
        assert newest["status"] == "approved"
    announced = [event.data["version"] for event in outcome.log if event.type == "document"]
    assert len(announced) == sum(count for type, count in written.items() if type != "qa_report")
    if run.kind in BRIEFS:
        ((piece),) = pieces
        assert piece["run_id"] == run.id and run.output is not None
        assert run.output["asset_id"] == str(piece["id"]) and set(run.output["verdicts"]) == {"brand", "compliance"}
        assert [event.type for event in outcome.log].count("asset") == 1


async def check_paid(case: Case, calls: int) -> None:
    """Every answer that was used is in the ledger once; the holds of the dead are gone."""
    async with await psycopg.AsyncConnection.connect(case.owner_url) as conn:
        found = await conn.execute(
            "select (select count(*) from usage_ledger where cost > 0), "
            "(select count(*) from budget_reservations where settled_at is null)"
        )
        assert await found.fetchone() == (calls, 0)
