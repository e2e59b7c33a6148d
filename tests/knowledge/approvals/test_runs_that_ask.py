"""Questions of runs, questions nobody's run has put, and answers that were there before."""

import asyncio

import pytest

from knowledge.approvals import queries
from knowledge.db import Database
from knowledge.errors import Denied
from tests.knowledge.desk import Desk


async def test_asking_again_for_the_same_run_and_gate_is_asking_once(desk: Desk) -> None:
    intake, run = await desk.write("intake"), await desk.run()
    for _ in range(3):
        await desk.ask(intake, gate="put by nobody's run")
    asked = await asyncio.gather(*(desk.ask(intake, run) for _ in range(5)))
    assert len({a.id for a in asked}) == 1
    assert (await desk.ask(intake, run, gate="gate#2")).id != asked[0].id


async def test_a_run_that_asks_about_what_was_approved_meanwhile_has_its_answer(desk: Desk) -> None:
    intake, run = await desk.write("intake"), await desk.run()
    await desk.decide_directly(intake, "approved", "ops", notes="Fine")
    asked = await desk.ask(intake, run)
    assert (asked.run_id, asked.decision, asked.decided_by, asked.notes) == (
        run,
        "approved",
        desk.people["ops"],
        "Fine",
    )
    other = await desk.ask(intake, await desk.run())
    assert (other.decision, other.decided_by) == ("approved", desk.people["ops"])


async def test_a_run_that_asks_about_what_was_sent_back_meanwhile_has_its_answer_once(desk: Desk) -> None:
    intake, run = await desk.write("intake"), await desk.run()
    await desk.decide_directly(intake, "changes_requested", notes="More")
    asked = await desk.ask(intake, run)
    assert (asked.decision, asked.notes) == ("changes_requested", "More")
    assert (await desk.ask(intake, run, gate="gate#2")).decision is None


async def test_what_was_sent_back_before_the_run_began_is_asked_again(desk: Desk) -> None:
    intake = await desk.write("intake")
    await desk.decide_directly(intake, "rejected")
    assert (await desk.ask(intake, await desk.run())).decision is None


async def test_a_run_that_asks_about_a_version_that_was_edited_asks_about_the_newest(desk: Desk) -> None:
    first, run = await desk.write("intake"), await desk.run()
    second = await desk.write("intake")
    asked = await desk.ask(first, run)
    assert (asked.subject_id, asked.subject_version, asked.subject_hash) == (second.id, 2, second.content_hash)


async def test_an_approval_answers_every_run_that_waits_for_that_version(desk: Desk, db: Database) -> None:
    intake = await desk.write("intake")
    stopped, waiting = await desk.run("stopped"), await desk.run("waiting")
    for run in (stopped, waiting):
        await desk.ask(intake, run)
    await desk.decide_directly(intake, "approved", "ops")
    asked = [(stopped, "gate"), (waiting, "gate"), (waiting, "another")]
    answered = await queries.read_answered(db, desk.people.org_id, asked)
    assert {(a.run_id, a.decision) for a in answered} == {(stopped, "approved"), (waiting, "approved")}


async def test_a_question_that_is_open_without_a_run_becomes_the_runs(desk: Desk) -> None:
    intake, run = await desk.write("intake"), await desk.run()
    alone = await desk.ask(intake, gate="intake")
    asked = await desk.ask(intake, run, gate="client_canon")
    assert (asked.id, asked.run_id, asked.gate) == (alone.id, run, "client_canon")
    assert (await desk.ask(intake, await desk.run(), gate="client_canon")).id != asked.id


async def test_a_flagged_document_waits_in_the_inbox_once_and_only_its_newest_version(desk: Desk, db: Database) -> None:
    made = await desk.up_to("intake", "client_canon", "metric_schema")
    newest = await desk.write("client_canon")
    await desk.approved("intake")
    await desk.write("intake")
    async with db.org(desk.people.org_id) as conn:
        waiting = await queries.list_open(conn)
    assert {(one.subject_id, one.gate) for one in waiting} == {
        (newest.id, "client_canon"),
        (made["metric_schema"].id, "metric_schema"),
    }
    assert len(waiting) == 2


async def test_a_direct_decision_answers_the_open_request(desk: Desk) -> None:
    intake = await desk.write("intake")
    asked = await desk.ask(intake, await desk.run())
    assert (await desk.decide_directly(intake, "approved")).approval.id == asked.id
    assert await desk.count("select count(*) from approvals") == 1


async def test_without_a_request_a_direct_decision_is_recorded_with_its_version(desk: Desk) -> None:
    await desk.write("intake")
    intake = await desk.write("intake")
    approval = (await desk.decide_directly(intake, "rejected", notes="No")).approval
    assert (approval.gate, approval.run_id, approval.subject_version) == ("intake", None, 2)
    assert (approval.decision, approval.notes, approval.decided_in) == ("rejected", "No", "api")


async def test_a_refused_direct_decision_leaves_no_request_behind(desk: Desk) -> None:
    intake = await desk.write("intake")
    with pytest.raises(Denied):
        await desk.decide_directly(intake, "approved", "legal")
    assert await desk.count("select count(*) from approvals") == 0
