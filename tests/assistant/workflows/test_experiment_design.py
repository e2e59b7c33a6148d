"""Experiment design: specs that fit, decided one by one in any order, revised with a note, set up once."""

from decimal import Decimal
from typing import Any

import pytest

from knowledge.artifacts.statistics import sample_size_per_variant
from knowledge.errors import Blocked
from tests.assistant.at_work import AtWork, open_house
from tests.assistant.honest import answer, task_of
from tests.assistant.runs.toys import check_log
from tests.conftest import TestDatabase
from tests.model_server import ModelRequest, ModelServer, Reply

LIMITS = {"maxConcurrentExperiments": 2, "budget": "1500", "channels": ["meta", "email"], "baselineRate": 0.05}


async def specs(at_work: AtWork) -> list[Any]:
    return await at_work.rows(
        "select distinct on (key) key, version, status, data, notes from artifacts where type = 'experiment_spec' "
        "order by key, version desc"
    )


async def finish(at_work: AtWork, run_id: Any, decision: str = "approved") -> Any:
    while (asked := await at_work.question(run_id)) is not None:
        await at_work.click(asked, decision)
    run = await at_work.runs.get(at_work.org_id, run_id)
    assert run.status == "completed", run.error
    check_log(await at_work.log(run_id))
    return run


async def test_specs_fit_the_constraints_and_each_becomes_an_experiment(
    planned: TestDatabase, honest: ModelServer
) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run = await finish(at_work, await at_work.begin("experiment_design", constraints=LIMITS))
        made = await specs(at_work)
        assert len(made) == 2 and {status for _, _, status, _, _ in made} == {"approved"}
        data = [row[3] for row in made]
        assert {one["channel"] for one in data} == {"meta", "email"}
        assert sum(Decimal(one["budget"]) for one in data) <= Decimal(1500)
        for one in data:
            assert one["sampleSizePerVariant"] == sample_size_per_variant(0.05, one["minimumDetectableEffect"])
        experiments = await at_work.rows("select id, status, experiment_spec_id from experiments")
        assert {str(row[0]) for row in experiments} == set(run.output["experiment_ids"])
        assert {row[1] for row in experiments} == {"planned"}
        ids = await at_work.rows("select id from artifacts where type = 'experiment_spec' and status = 'approved'")
        assert {row[2] for row in experiments} == {row[0] for row in ids}
        kept = await at_work.rows("select max_concurrent_experiments, budget, channels from resource_constraints")
        assert kept == [(2, Decimal(1500), ["meta", "email"])]
        assert honest.paid == 1 and not honest.paid_twice()


async def test_each_spec_is_decided_on_alone_and_in_any_order(planned: TestDatabase, honest: ModelServer) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run_id = await at_work.begin("experiment_design", constraints={**LIMITS, "maxConcurrentExperiments": 3})
        first = await at_work.question(run_id)
        assert first is not None
        waiting = await at_work.rows(
            "select p.subject_id, p.subject_hash from approvals p where decision is null and subject_id <> %s "
            "order by requested_at, id", first["subjectId"]
        )  # fmt: skip
        assert len(waiting) == 2, "all specs wait in the inbox, not only the one the run has come to"
        last = waiting[-1]
        await at_work.use(
            "decide_artifact", artifactId=str(last[0]), decision="rejected", contentHash=last[1], notes="Not now."
        )
        run = await finish(at_work, run_id)
        rejected = await at_work.rows("select key from artifacts where id = %s", last[0])
        assert run.output["rejected"] == [rejected[0][0]] and len(run.output["approved"]) == 2
        assert len(await at_work.rows("select id from experiments")) == 2


async def test_an_edit_and_a_note_concern_one_spec_only(planned: TestDatabase, honest: ModelServer) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run_id = await at_work.begin("experiment_design", constraints=LIMITS)
        asked = await at_work.question(run_id)
        assert asked is not None
        await at_work.click(asked, "changes_requested", notes="Look for a 40 % effect and end after 14 days.")
        again = await at_work.question(run_id)
        assert again is not None and (again["gate"], again["version"]) == ("experiment_spec#2", 2)
        view = await at_work.use("get_artifact", artifactId=again["subjectId"], withData=True)
        assert view["data"]["minimumDetectableEffect"] == 0.4 and view["data"]["maxDurationDays"] == 14
        assert view["data"]["sampleSizePerVariant"] == sample_size_per_variant(0.05, 0.4)
        await at_work.click(again, edits={**view["data"], "name": "In our own words"})
        await finish(at_work, run_id)
        made = {row[3]["name"]: row for row in await specs(at_work)}
        assert made["In our own words"][1:3] == (3, "approved")
        assert [row[1] for name, row in made.items() if name != "In our own words"] == [1]
        names = await at_work.rows("select name from experiments")
        assert ("In our own words",) in names


async def test_specs_that_do_not_fit_are_mended_by_their_writer(
    planned: TestDatabase, model_server: ModelServer
) -> None:
    greedy: list[str] = []

    def spend_too_much(request: ModelRequest) -> Reply:
        reply = answer(request)
        if task_of(request).endswith("design_experiments") and not greedy:
            greedy.append(reply.text or "")
            return Reply(text=(reply.text or "").replace('"channel": "meta"', '"channel": "podcast"'))
        return reply

    model_server.answers(spend_too_much)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        await finish(at_work, await at_work.begin("experiment_design", constraints=LIMITS))
        assert "podcast may not be used" in model_server.requests[1].request.last_user
        assert {row[3]["channel"] for row in await specs(at_work)} == {"meta", "email"}


async def test_nothing_is_paid_for_again_while_undecided_specs_are_there(
    planned: TestDatabase, honest: ModelServer
) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        first = await at_work.begin("experiment_design", constraints=LIMITS)
        assert await at_work.question(first) is not None
        await at_work.use("stop_run", runId=str(first))
        await finish(at_work, await at_work.begin("experiment_design", constraints=LIMITS))
        assert honest.paid == 1 and len(await specs(at_work)) == 2


async def test_approved_experiments_take_room_and_money(planned: TestDatabase, honest: ModelServer) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        await finish(at_work, await at_work.begin("experiment_design", constraints=LIMITS))
        full = await at_work.begin("experiment_design", constraints=LIMITS)
        assert await at_work.question(full) is None
        run = await at_work.runs.get(at_work.org_id, full)
        assert run.status == "failed" and run.error is not None
        assert "There is room for 2 experiments at once, and 2 are approved already" in run.error
        more = {**LIMITS, "maxConcurrentExperiments": 3, "budget": "2000"}
        await finish(at_work, await at_work.begin("experiment_design", constraints=more))
        assert len(await specs(at_work)) == 3 and len(await at_work.rows("select id from experiments")) == 3


async def test_without_an_approved_strategy_it_does_not_start(onboarded: TestDatabase, honest: ModelServer) -> None:
    async with open_house(onboarded.owner_url, onboarded.app_url, provider=honest.base_url) as at_work:
        with pytest.raises(Blocked) as shut:
            await at_work.begin("experiment_design")
        assert "strategy_sheet is missing" in shut.value.message


async def test_a_rate_nobody_has_given_is_said_to_be_an_assumption(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        await finish(at_work, await at_work.begin("experiment_design", constraints={"maxConcurrentExperiments": 1}))
        ((_, _, _, data, notes),) = await specs(at_work)
        told = " ".join(note["text"] for note in notes)
        assert data["baselineRate"] == 0.03 and "Nobody has said where" in told and "0.03 is a working rate" in told
