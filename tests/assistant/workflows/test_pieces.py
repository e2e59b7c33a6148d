"""Articles and emails: what critics may claim, when writing has to wait, and money that runs out on the way."""

import json
from decimal import Decimal
from typing import Any

import pytest

from knowledge.errors import Blocked
from tests.assistant.at_work import AtWork, approve_all, open_house
from tests.assistant.honest import answer, task_of
from tests.assistant.runs.toys import check_log
from tests.conftest import TestDatabase
from tests.model_server import ModelRequest, ModelServer, Reply, say

PIECES = [("seo_write", "How to keep coffee fresh at home"), ("email_create", "Welcome new subscribers")]


@pytest.mark.parametrize(("kind", "brief"), PIECES)
async def test_a_finding_about_words_that_are_not_in_the_text_is_dropped(
    planned: TestDatabase, honest: ModelServer, kind: str, brief: str
) -> None:
    honest.answers(with_invented_findings)
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run = await approve_all(at_work, kind, brief=brief)
        assert run.status == "completed", run.error
        reports = await at_work.rows(
            "select data from artifacts where type = 'qa_report' and data->>'reviewer' in ('brand', 'compliance')"
        )
        assert len(reports) == 2
        for (report,) in reports:
            rules = [check["rule"] for check in report["checks"]]
            assert "invented" not in rules and "quoted" in rules and "general" in rules


def with_invented_findings(request: ModelRequest) -> Reply:
    """The honest model; its critics add a finding in words of their own, one in the text's, and one without a span."""
    reply = answer(request)
    if not task_of(request).endswith("review_text"):
        return reply
    report = json.loads(reply.text or "")
    report["checks"] += [
        finding("invented", {"part": "body", "text": "words that nobody wrote here"}),
        finding("quoted", {"part": "body", "text": "coffee"}),
        finding("general", None),
    ]
    return say(json.dumps(report))


def finding(rule: str, where: Any) -> dict[str, Any]:
    found = {"id": rule, "rule": rule, "passed": False, "severity": "minor", "evidence": "Seen.", "fix": "Mend it."}
    return {**found, "where": where} if where else found


@pytest.mark.parametrize(("kind", "brief"), PIECES)
async def test_writing_waits_for_an_approved_canon_and_says_so(
    briefed: TestDatabase, honest: ModelServer, kind: str, brief: str
) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, provider=honest.base_url) as at_work:
        with pytest.raises(Blocked, match="Writing is blocked: client_canon is missing"):
            await at_work.begin(kind, brief=brief)
        assert await at_work.rows("select count(*) from runs") == [(0,)], "nothing is begun that could only fail"
        given = {"client_id": (await at_work.rows("select id from clients"))[0][0], "brief": brief}
        begun = await at_work.runs.start(at_work.caller, kind, given)
        run = await at_work.until(begun.id, "failed", "completed")
        assert (run.status, run.error) == ("failed", "Writing is blocked: client_canon is missing"), "asked again"
        check_log(await at_work.log(run.id))
        assert honest.paid == 0 and await at_work.rows("select count(*) from assets") == [(0,)]


@pytest.mark.parametrize(
    ("template", "kind", "given"),
    [
        ("briefed", "client_onboarding", {}),
        ("onboarded", "campaign_planning", {}),
        *(("planned", kind, {"brief": brief}) for kind, brief in PIECES),
    ],
)
async def test_a_budget_that_runs_out_asks_and_a_raise_lets_the_run_go_on(
    request: pytest.FixtureRequest, honest: ModelServer, template: str, kind: str, given: dict[str, str]
) -> None:
    database: TestDatabase = request.getfixturevalue(template)
    limit = Decimal("0.01")
    async with open_house(database.owner_url, database.app_url, provider=honest.base_url, run_budget=limit) as at_work:
        run_id = await at_work.begin(kind, **given)
        asked = await at_work.question(run_id)
        assert asked is not None and (asked["gate"], asked["subjectType"]) == ("budget", "budget")
        assert Decimal(asked["limit"]) == limit and "Raise the budget, or stop here?" in asked["sentence"]
        assert honest.paid == 0, "what the budget does not cover is not asked"
        await at_work.click(asked, raiseTo="5")
        while (asked := await at_work.question(run_id)) is not None:
            await at_work.click(asked)
        run = await at_work.runs.get(at_work.org_id, run_id)
        assert run.status == "completed", run.error
        check_log(await at_work.log(run_id))
        assert not honest.paid_twice()
        assert await spent(at_work) <= Decimal(5)


async def test_a_budget_that_runs_out_half_way_keeps_what_was_written(
    planned: TestDatabase, honest: ModelServer
) -> None:
    """The limit pays for a few calls; each raise pays for a few more, and nothing is written twice."""
    async with open_house(
        planned.owner_url, planned.app_url, provider=honest.base_url, run_budget=Decimal("0.15")
    ) as at_work:
        run_id = await at_work.begin("seo_write", brief=PIECES[0][1])
        raises = 0
        while (asked := await at_work.question(run_id)) is not None:
            raises += 1
            assert asked["gate"] == ("budget" if raises == 1 else f"budget#{raises}")
            assert await spent(at_work) <= Decimal(asked["limit"])
            await at_work.click(asked, raiseTo=str(Decimal(asked["limit"]) + Decimal("0.05")))
        run = await at_work.runs.get(at_work.org_id, run_id)
        assert run.status == "completed", run.error
        assert raises >= 1 and not honest.paid_twice()
        check_log(await at_work.log(run_id))


async def test_a_budget_that_is_not_raised_stops_the_run_and_it_can_be_resumed(
    planned: TestDatabase, honest: ModelServer
) -> None:
    async with open_house(
        planned.owner_url, planned.app_url, provider=honest.base_url, run_budget=Decimal("0.01")
    ) as at_work:
        run_id = await at_work.begin("email_create", brief=PIECES[1][1])
        asked = await at_work.question(run_id)
        assert asked is not None
        await at_work.click(asked, "rejected")
        assert (await at_work.until(run_id, "stopped", "failed", "completed")).status == "stopped"
        await at_work.use("resume_run", runId=str(run_id))
        again = await at_work.question(run_id)
        assert again is not None and again["gate"] == "budget#2"
        await at_work.click(again, raiseTo="5")
        assert (await at_work.until(run_id, "completed", "failed")).status == "completed"
        assert not honest.paid_twice()


async def spent(at_work: AtWork) -> Decimal:
    ((amount,),) = await at_work.rows("select coalesce(sum(cost), 0) from usage_ledger")
    return amount
