"""Kill -9 in polishing, optimising and email series: at every boundary and in the middle of every model call.

Finished steps are not run again, no answer is paid for twice beyond the calls under way beside the one that died, and
what comes of it is what comes of it without a death.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from assistant.chat.identity import LOCAL_ORG, LOCAL_USER
from tests.assistant.at_work import approve_all, open_house
from tests.assistant.mortal import Plug
from tests.assistant.runs.crash import Case, Outcome, check, live_through
from tests.assistant.workflows.test_edits import a_piece
from tests.conftest import TestDatabase
from tests.model_server import ModelServer

pytestmark = [pytest.mark.process, pytest.mark.timeout(400)]

GOAL = "Welcome new subscribers and lead them to a first order"
EMAILS = 3
#: enough weak sections for more than one part and more than one round
TEXT = "# How to keep coffee fresh\n\n" + "\n\n".join(
    f"## Point {number}\n\nIn order to keep coffee fresh, it is important to note that air is is the enemy. "
    + "Keep the bag shut and put it where it stays dark and cool until you brew. " * 20
    for number in range(1, 5)
)
#: of what works side by side, the one that no other can overtake
STEPS = {
    "polish": ["read the piece", "part 1", "compare"],
    "seo_optimize": ["read the piece", "score", "round 1", "compare"],
    "email_series": ["read sources", "plan", "email 1", "save drafts", "compare email 1 with the library",
                     "brand check of email 1"],
}  # fmt: skip
#: calls that may be under way beside the one that dies
BESIDE = {"polish": 3, "seo_optimize": 0, "email_series": 3}
PLACE = ("client_id", "campaign_id")
CaseOf = Callable[[str], Awaitable[Case]]


async def begin(database: TestDatabase, kind: str) -> dict[str, Any]:
    """What the run is started with."""
    async with open_house(database.owner_url, database.app_url) as at_work:
        ((client_id, campaign_id),) = await at_work.rows("select client_id, id from campaigns")
        place = {"client_id": str(client_id), "campaign_id": str(campaign_id)}
        if kind == "email_series":
            return {**place, "brief": GOAL, "count": EMAILS}
        return {**place, "asset_id": (await a_piece(at_work, TEXT))["assetId"]}


@pytest.fixture
def case_of(planned: TestDatabase, honest: ModelServer, tmp_path: Path) -> CaseOf:
    async def make(kind: str) -> Case:
        options = {"provider": honest.base_url, "pid_file": str(tmp_path / "pid")}
        given = await begin(planned, kind)
        return Case(
            planned.owner_url, planned.app_url, LOCAL_ORG, LOCAL_USER, tmp_path / "trace", kind, given,
            "tests.assistant.mortal:open_mortal", options,
        )  # fmt: skip

    return make


@pytest.mark.parametrize("kind", list(STEPS))
async def test_a_death_at_every_boundary_repeats_and_pays_nothing_twice(
    case_of: CaseOf, honest: ModelServer, kind: str
) -> None:
    case = await case_of(kind)
    points = ["started", "begun"] + [f"{what} {step}" for step in STEPS[kind] for what in ("left", "completed")]
    outcome = await live_through(case, [*points, "ended"], within=300)
    check(outcome)
    assert outcome.lives == len(points) + 2
    again = len(honest.paid_twice())
    assert again <= BESIDE[kind] * len(points), "what had been answered was asked again"
    await check_made(case, outcome, honest.paid - again)


@pytest.mark.parametrize("kind", list(STEPS))
async def test_a_death_in_the_middle_of_every_model_call_ends_the_same(
    case_of: CaseOf, honest: ModelServer, tmp_path: Path, kind: str
) -> None:
    plug = Plug(tmp_path / "pid")
    case = await case_of(kind)
    honest.answers(plug)
    outcome = await live_through(case, [""] * 40, until_done=True, within=300)
    check(outcome)
    calls = len(plug.pulled)
    assert calls >= 1 and 1 < outcome.lives <= calls + 1
    await check_made(case, outcome, calls)


async def check_made(case: Case, outcome: Outcome, paid: int) -> None:
    """Everything is there once, paid once, no hold is left, and it says what an undisturbed run says."""
    seen = await made_by(case, str(outcome.run.id))
    async with await psycopg.AsyncConnection.connect(case.owner_url) as conn:
        ledger = await (
            await conn.execute(
                "select (select count(*) from usage_ledger where cost > 0), "
                "(select count(*) from budget_reservations where settled_at is null)"
            )
        ).fetchone()
    assert ledger == (paid, 0)
    options = {"provider": case.options["provider"]}
    async with open_house(case.owner_url, case.app_url, **options) as at_work:
        given = {
            "assetId" if name == "asset_id" else name: case.input[name] for name in case.input if name not in PLACE
        }
        calm = await approve_all(at_work, case.kind, **given)
        assert calm.status == "completed", calm.error
    assert seen == await made_by(case, str(calm.id))
    kinds = [event.type for event in outcome.log]
    assert kinds.count("series" if case.kind == "email_series" else "proposal") == 1


async def made_by(case: Case, run_id: str) -> list[tuple[Any, ...]]:
    """The words that a run made, without ids and dates."""
    query = {
        "email_series": "select s.title, e.day, e.purpose, a.title, a.content->>'bodyMarkdown', "
        "(select count(*) from artifacts q where q.type = 'qa_report' and q.data->>'assetId' = a.id::text "
        "and q.data->>'reviewer' in ('brand', 'compliance')) "
        "from email_series s join email_series_emails e on e.series_id = s.id join assets a on a.id = e.asset_id "
        "where s.run_id = %s order by e.position",
    }.get(case.kind, "select kind, asset_version, hunks::text, account::text from text_proposals where run_id = %s")
    async with await psycopg.AsyncConnection.connect(case.owner_url) as conn:
        return await (await conn.execute(query, (run_id,))).fetchall()  # type: ignore[arg-type]
