"""Kill -9 in creative production: at boundaries and in the middle of model calls, while variants are made side by side.

Nothing is paid or made twice beyond the calls that were under way beside the one that died.
"""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from assistant.chat.identity import LOCAL_ORG, LOCAL_USER
from knowledge.approvals import service as approvals
from knowledge.approvals.models import Approval
from knowledge.db import Connection
from knowledge.people.models import Caller
from tests.assistant.mortal import Plug
from tests.assistant.runs.crash import Case, Outcome, check, live_through
from tests.conftest import TestDatabase
from tests.model_server import ModelServer

pytestmark = [pytest.mark.process, pytest.mark.timeout(400)]

AT_ONCE = 2
#: briefs of the one experiment: its control and its variant, two variants each
BRIEFS = ["meta-pain-control", "meta-pain-variant-a"]
#: of what works side by side, one: the other may be through before it
POINTS = [
    "started", "begun", "left read experiments", "completed read experiments", "left brief meta-pain",
    "completed brief meta-pain", "left make meta-pain-control", "completed make meta-pain-control",
    "asked asset", "woken asset", "asked asset#4", "woken asset#4", "ended",
]  # fmt: skip


@pytest.fixture
async def case(designed: TestDatabase, honest: ModelServer, tmp_path: Path) -> Case:
    async with await psycopg.AsyncConnection.connect(designed.owner_url) as conn:
        found = await conn.execute("select client_id, id from campaigns")
        client_id, campaign_id = (str(id) for id in await found.fetchone() or ())
    return Case(
        designed.owner_url,
        designed.app_url,
        LOCAL_ORG,
        LOCAL_USER,
        tmp_path / "trace",
        "creative_production",
        {"client_id": client_id, "campaign_id": campaign_id, "at_once": AT_ONCE},
        "tests.assistant.mortal:open_mortal",
        {"provider": honest.base_url, "api": "responses", "pid_file": str(tmp_path / "pid")},
    )


async def reject(conn: Connection, caller: Caller, asked: Approval) -> None:
    await approvals.decide(
        conn, caller=caller, approval_id=asked.id, decision="rejected", notes="No.", shown_hash=asked.subject_hash
    )


async def test_production_lives_through_a_death_at_every_boundary(case: Case, honest: ModelServer) -> None:
    outcome = await live_through(case, POINTS, answer=reject, within=300)
    check(outcome)
    assert outcome.lives == len(POINTS) + 1
    again = len(honest.paid_twice())
    assert again <= (AT_ONCE - 1) * len(POINTS), "only what was under way beside may be asked again"
    await check_made(case, outcome, honest.paid - again)


async def test_production_lives_through_a_death_in_the_middle_of_every_model_call(
    case: Case, honest: ModelServer, tmp_path: Path
) -> None:
    plug = Plug(tmp_path / "pid")
    honest.answers(plug)
    outcome = await live_through(case, [""] * 20, answer=reject, until_done=True, within=300)
    check(outcome)
    calls = len(plug.pulled)
    assert calls >= 11 and calls // AT_ONCE < outcome.lives <= calls + 1
    await check_made(case, outcome, calls)


async def check_made(case: Case, outcome: Outcome, paid: int) -> None:
    """Each brief, variant and report is there once, announced once, paid once; no hold is left."""

    async def rows(query: str) -> list[tuple[Any, ...]]:
        async with await psycopg.AsyncConnection.connect(case.owner_url) as conn:
            return await (await conn.execute(query)).fetchall()  # type: ignore[arg-type]

    briefs = await rows("select key, version from artifacts where type = 'asset_brief' order by key")
    assert briefs == [(key, 1) for key in BRIEFS]
    made = await rows("select variant_id, count(*), min(status) from assets group by variant_id order by 1")
    assert made == [("control", 2, "rejected"), ("variant-a", 2, "rejected")]
    reports = await rows(
        "select data->>'reviewer', count(*) from artifacts where type = 'qa_report' and data->>'reviewer' in "
        "('brand', 'compliance') group by 1 order by 1"
    )
    assert reports == [("brand", 4), ("compliance", 4)]
    kinds = [event.type for event in outcome.log]
    assert (kinds.count("document"), kinds.count("asset")) == (2, 4)
    assert outcome.run.output is not None and len(outcome.run.output["rejected"]) == 4
    ledger = await rows(
        "select (select count(*) from usage_ledger where cost > 0), "
        "(select count(*) from budget_reservations where settled_at is null)"
    )
    assert ledger == [(paid, 0)]


async def test_the_self_test_lives_through_deaths_and_still_leaves_nothing(
    briefed: TestDatabase, honest: ModelServer, tmp_path: Path
) -> None:
    case = Case(
        briefed.owner_url,
        briefed.app_url,
        LOCAL_ORG,
        LOCAL_USER,
        tmp_path / "trace",
        "test_campaign",
        {},
        "tests.assistant.mortal:open_mortal",
        {"provider": honest.base_url, "api": "responses", "pid_file": str(tmp_path / "pid")},
    )
    steps = ("scratch client", "client_canon", "experiment_spec", "assets", "outdated version", "clean up")
    outcome = await live_through(
        case, [f"{what} {step}" for step in steps for what in ("left", "completed")], within=300
    )
    check(outcome)
    assert outcome.run.output is not None and outcome.run.output["passed"] == outcome.run.output["of"] == 14
    assert not honest.paid_twice()
    async with await psycopg.AsyncConnection.connect(briefed.owner_url) as conn:
        found = await conn.execute("select count(*) from clients where status = 'archived'")
        assert await found.fetchone() == (0,)
