"""Edits that come with an approval: written and approved in one, or not at all."""

import pytest

from knowledge.db import Database
from knowledge.errors import Blocked, Denied, Invalid
from tests.knowledge.desk import Desk, document


async def test_approving_with_edits_makes_and_approves_the_next_version_in_one(desk: Desk, db: Database) -> None:
    await desk.up_to("intake", "client_canon")
    metrics = await desk.write("metric_schema")
    asked = await desk.ask(metrics, await desk.run())
    edits = document("metric_schema", "Paid orders only")
    decided = await desk.decide(asked.id, "approved", metrics.content_hash, "data", edits=edits)
    made = decided.outcome.artifact
    assert made is not None
    assert (made.version, made.status, made.data["metrics"][0]["definition"]) == (2, "approved", "Paid orders only")
    assert (made.created_by, made.approved_by) == (f"user:{desk.people['data']}", desk.people["data"])
    assert (decided.approval.subject_id, decided.approval.subject_hash) == (made.id, made.content_hash)
    assert decided.approval.edits == edits
    assert (await desk.now(metrics)).status == "archived"


async def test_edits_that_change_nothing_approve_the_version_as_it_is(desk: Desk) -> None:
    intake = await desk.write("intake")
    decided = await desk.decide_directly(intake, "approved", edits=intake.data)
    assert (decided.outcome.subject_version, decided.approval.edits) == (1, None)


async def test_edits_of_an_approved_document_flag_what_was_built_from_it(desk: Desk) -> None:
    made = await desk.up_to("intake", "client_canon", "metric_schema")
    flagging = await desk.approved("intake")
    assert flagging.version == 2
    await desk.decide_directly(made["client_canon"], "approved", edits=document("client_canon", "New"))
    assert (await desk.now(made["metric_schema"])).flagged_reason == (
        "intake went from v1 to v2, client_canon went from v1 to v2"
    )


async def test_edits_that_cannot_be_approved_leave_nothing_behind(desk: Desk) -> None:
    intake = await desk.write("intake")
    asked = await desk.ask(intake)
    unfinished = document("intake", "Renters")
    del unfinished["voice"]["tone"]
    with pytest.raises(Blocked, match=r"voice\.tone"):
        await desk.decide(asked.id, "approved", intake.content_hash, edits=unfinished)
    with pytest.raises(Invalid, match="surprise"):
        await desk.decide(asked.id, "approved", intake.content_hash, edits={"surprise": 1})
    assert await desk.newest("intake") == intake
    assert await desk.count("select count(*) from artifacts") == 1
    assert await desk.count("select count(*) from approvals where decision is not null") == 0
    assert (await desk.decide(asked.id, "approved", intake.content_hash)).outcome.subject_version == 1


async def test_edits_of_someone_who_may_not_approve_are_not_written(desk: Desk) -> None:
    intake = await desk.write("intake")
    with pytest.raises(Denied):
        await desk.decide_directly(intake, "approved", "creative", edits=document("intake", "Mine"))
    assert await desk.newest("intake") == intake


@pytest.mark.parametrize("decision", ["rejected", "changes_requested"])
async def test_only_an_approval_carries_edits(desk: Desk, decision: str) -> None:
    intake = await desk.write("intake")
    with pytest.raises(Invalid, match="edits: only the approval of a document"):
        await desk.decide_directly(intake, decision, notes="x", edits=document("intake", "Mine"))
