"""Decisions: made once, by who may, about what was shown, with everything they do in one transaction."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from knowledge.approvals import queries
from knowledge.approvals import service as approvals
from knowledge.artifacts import store
from knowledge.artifacts.models import Artifact
from knowledge.db import Database
from knowledge.errors import AdroomError, Blocked, Conflict, Denied, Invalid, NotFound
from knowledge.money import service as money
from knowledge.money.models import ScopeKeys
from tests.conftest import ROLES, make_people
from tests.knowledge.desk import Desk, document

# ---------------------------------------------------------------- once


async def test_the_second_decision_is_refused_and_told_who_decided_what(desk: Desk) -> None:
    intake = await desk.write("intake")
    asked = await desk.ask(intake)
    first = await desk.decide(asked.id, "approved", intake.content_hash, "ops")
    assert (first.approval.decision, first.approval.decided_by) == ("approved", desk.people["ops"])
    for decision in ("rejected", "approved"):
        with pytest.raises(Conflict, match=r"^Ops has already approved this\.$"):
            await desk.decide(asked.id, decision, intake.content_hash, "strategy")


@pytest.mark.parametrize("directly", [False, True])
async def test_of_two_people_at_once_the_first_wins_and_the_second_is_told(desk: Desk, directly: bool) -> None:
    for _ in range(5):
        intake = await desk.write("intake")
        asked = None if directly else await desk.ask(intake)

        async def say(decision: str, role: str, on: Artifact = intake, asked: Any = asked) -> Any:
            try:
                if asked is None:
                    return await desk.decide_directly(on, decision, role, notes="More")
                return await desk.decide(asked.id, decision, on.content_hash, role, notes="More")
            except Conflict as late:
                return late

        results = await asyncio.gather(say("approved", "ops"), say("changes_requested", "strategy"))
        [won] = [r for r in results if isinstance(r, approvals.Decided)]
        [lost] = [r for r in results if isinstance(r, Conflict)]
        winner = "Ops" if won.approval.decision == "approved" else "Strategy"
        assert lost.message.startswith(f"{winner} has already ")
        now = await desk.now(intake)
        assert [note.kind for note in now.notes] == [won.approval.decision]
        assert (now.status == "approved") == (winner == "Ops")


async def test_who_waits_for_the_others_transaction_is_told_what_it_decided(desk: Desk, db: Database) -> None:
    intake = await desk.write("intake")
    async with db.org(desk.people.org_id) as conn:
        await approvals.decide_subject(
            conn,
            caller=desk.caller("ops"),
            subject_type="artifact",
            subject_id=intake.id,
            gate="intake",
            decision="rejected",
            shown_hash=intake.content_hash,
        )
        second = asyncio.create_task(desk.decide_directly(intake, "approved", "strategy"))
        await asyncio.sleep(0.1)
        assert not second.done()
    with pytest.raises(Conflict, match=r"^Ops has already rejected this\.$"):
        await second


async def test_a_rejected_version_can_be_approved_later_when_nobody_acts_on_the_rejection(desk: Desk) -> None:
    intake = await desk.write("intake")
    await desk.decide_directly(intake, "rejected", "ops")
    assert (await desk.decide_directly(intake, "approved", "strategy")).approval.decision == "approved"


async def test_while_a_run_acts_on_a_decision_nobody_else_decides_on_the_same_content(desk: Desk, db: Database) -> None:
    intake, run = await desk.write("intake"), await desk.run()
    asked = await desk.ask(intake, run)
    await desk.decide(asked.id, "changes_requested", intake.content_hash, "ops", notes="More")
    with pytest.raises(Conflict, match=r"^Ops has already sent this back with changes requested\.$"):
        await desk.decide_directly(intake, "approved", "strategy")
    async with db.org(desk.people.org_id) as conn:
        await conn.execute("update runs set status = 'failed' where id = %s", (run,))
    await desk.decide_directly(intake, "approved", "strategy")


# ---------------------------------------------------------------- about what was shown


async def test_a_decision_on_an_outdated_version_is_refused(desk: Desk) -> None:
    first = await desk.write("intake")
    await desk.write("intake")
    third = await desk.write("intake")
    with pytest.raises(Conflict, match=r"^v3 is newer\.$") as refused:
        await desk.decide_directly(first, "approved")
    assert refused.value.facts["newest"] == str(third.id)


async def test_an_open_request_follows_the_edit_and_the_old_click_is_refused(desk: Desk) -> None:
    first = await desk.write("intake")
    asked = await desk.ask(first, await desk.run())
    second = await desk.write("intake")
    with pytest.raises(Conflict, match=r"^v2 is newer than what you were shown"):
        await desk.decide(asked.id, "approved", first.content_hash)
    decided = await desk.decide(asked.id, "approved", second.content_hash)
    assert (decided.approval.subject_id, decided.approval.subject_version) == (second.id, 2)
    assert (await desk.now(second)).status == "approved"


async def test_a_decided_request_does_not_follow(desk: Desk, db: Database) -> None:
    first = await desk.write("intake")
    asked = await desk.ask(first, await desk.run())
    await desk.decide(asked.id, "approved", first.content_hash)
    await desk.write("intake")
    async with db.org(desk.people.org_id) as conn:
        assert (await approvals.get(conn, asked.id)).subject_id == first.id


@pytest.mark.parametrize("shown", ["", "0" * 64])
async def test_a_decision_that_names_other_content_is_refused(desk: Desk, shown: str) -> None:
    intake = await desk.write("intake")
    asked = await desk.ask(intake)
    with pytest.raises(Conflict, match="look at it"):
        await desk.decide(asked.id, "approved", shown)
    assert (await desk.now(intake)).status == "draft"


# ---------------------------------------------------------------- edits


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


# ---------------------------------------------------------------- who may, and when

ROLE_TABLE = {
    "intake": "strategy ops",
    "client_canon": "strategy ops",
    "metric_schema": "data performance strategy",
    "strategy_sheet": "strategy creative",
    "experiment_spec": "experiment performance strategy",
    "asset_brief": "creative legal",
    "creatives": "creative legal",
    "execution": "ops strategy",
    "monitoring": "ops strategy",
    "delivery": "ops strategy",
    "experiment_report": "experiment strategy",
    "playbook": "experiment strategy",
}


async def test_every_gate_can_be_decided_by_its_roles_and_by_nobody_else(desk: Desk) -> None:
    for type, roles in ROLE_TABLE.items():
        allowed = {*roles.split(), "admin", "partner"}
        written = await desk.write(type)
        for role in ROLES:
            if role in allowed:
                sent_back = await desk.decide_directly(written, "rejected", role, notes=f"{role} says no")
                assert sent_back.approval.decision == "rejected"
            else:
                asked = await desk.ask(written, gate=type)
                for decision in ("approved", "rejected", "changes_requested"):
                    with pytest.raises(Denied, match=f"Your role \\({role}\\)"):
                        await desk.decide(asked.id, decision, written.content_hash, role, notes="x")
        await desk.approve(written)


async def test_asking_for_changes_needs_a_note(desk: Desk) -> None:
    intake = await desk.write("intake")
    for empty in ("", "  \n", "\x00"):
        with pytest.raises(Invalid, match="notes: say what should change"):
            await desk.decide_directly(intake, "changes_requested", notes=empty)
    assert (await desk.now(intake)).notes == []


async def test_a_withdrawn_request_cannot_be_answered(desk: Desk, db: Database) -> None:
    intake, run = await desk.write("intake"), await desk.run()
    asked = await desk.ask(intake, run)
    async with db.org(desk.people.org_id) as conn:
        await queries.withdraw_of_run(conn, run)
    with pytest.raises(Conflict, match="no longer asked for"):
        await desk.decide(asked.id, "approved", intake.content_hash)
    assert (await desk.decide_directly(intake, "approved")).approval.id != asked.id


async def test_an_expired_request_cannot_be_answered_but_its_document_still_can(desk: Desk) -> None:
    intake = await desk.write("intake")
    asked = await desk.ask(intake, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(Conflict, match="time to decide this has passed"):
        await desk.decide(asked.id, "approved", intake.content_hash)
    assert (await desk.decide_directly(intake, "approved")).approval.id != asked.id


async def test_a_request_of_another_organisation_does_not_exist(desk: Desk, db: Database) -> None:
    intake = await desk.write("intake")
    asked = await desk.ask(intake)
    strangers = await make_people(db, "Strangers")
    with pytest.raises(NotFound):
        async with db.org(strangers.org_id) as conn:
            await approvals.get(conn, asked.id)
    with pytest.raises(NotFound):
        await desk.decide(uuid4(), "approved", "")


# ---------------------------------------------------------------- runs


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
    assert (asked.decision, asked.notes, asked.delivered_at) == ("changes_requested", "More", None)
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
    async with db.org(desk.people.org_id) as conn:
        answered = await approvals.undelivered(conn)
        assert {(a.run_id, a.decision) for a in answered} == {(stopped, "approved"), (waiting, "approved")}
        for approval in answered:
            await approvals.mark_delivered(conn, approval.id)
        assert await approvals.undelivered(conn) == []


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


# ---------------------------------------------------------------- money, and going on


async def ask_for_money(desk: Desk, limit: str = "5") -> tuple[Any, ScopeKeys, Any]:
    run = await desk.run("waiting")
    keys = ScopeKeys(desk.people.org_id, desk.people["ops"], None, run)
    async with desk.db.org(desk.people.org_id) as conn:
        await money.set_limit(conn, keys, "run", run, Decimal(limit))
        asked = await approvals.request(
            conn,
            org_id=desk.people.org_id,
            run_id=run,
            gate="budget",
            subject_type="budget",
            subject_id=run,
            subject_hash="run:total",
        )
    return asked, keys, run


async def limit_of(desk: Desk, keys: ScopeKeys) -> Decimal | None:
    async with desk.db.org(desk.people.org_id) as conn:
        return next(s.limit_amount for s in await money.standings(conn, keys) if s.scope == "run")


@pytest.mark.parametrize("role", ROLES)
async def test_raising_a_budget_is_for_ops_partner_and_admin(desk: Desk, role: str) -> None:
    asked, keys, _ = await ask_for_money(desk)
    if role in ("ops", "partner", "admin"):
        decided = await desk.decide(asked.id, "approved", "", role, raise_to=Decimal("7.50"))
        assert decided.approval.edits == {"raiseTo": "7.50"}
        assert await limit_of(desk, keys) == Decimal("7.50")
    else:
        with pytest.raises(Denied, match="Raising a budget is for ops, partner or admin"):
            await desk.decide(asked.id, "approved", "", role, raise_to=Decimal("7.50"))
        assert await limit_of(desk, keys) == 5


async def test_approving_a_budget_says_to_how_much(desk: Desk) -> None:
    asked, keys, _ = await ask_for_money(desk)
    with pytest.raises(Invalid, match="raiseTo"):
        await desk.decide(asked.id, "approved", "")
    for impossible in ("-1", "NaN", "Infinity"):
        with pytest.raises(AdroomError):
            await desk.decide(asked.id, "approved", "", raise_to=Decimal(impossible))
    with pytest.raises(Invalid, match="can only be approved or rejected"):
        await desk.decide(asked.id, "changes_requested", "", notes="less")
    assert (await desk.decide(asked.id, "rejected", "")).approval.decision == "rejected"
    assert await limit_of(desk, keys) == 5


async def test_a_run_that_asks_how_to_go_on_takes_anybodys_answer(desk: Desk, db: Database) -> None:
    run = await desk.run("waiting")
    async with db.org(desk.people.org_id) as conn:
        asked = await approvals.request(
            conn, org_id=desk.people.org_id, run_id=run, gate="retry", subject_type="run", subject_id=run
        )
    with pytest.raises(Invalid, match="can only be approved or rejected"):
        await desk.decide(asked.id, "changes_requested", "", "legal", notes="x")
    assert (await desk.decide(asked.id, "approved", "", "legal")).approval.decided_by == desk.people["legal"]


# ---------------------------------------------------------------- everybody at once


async def test_twenty_people_who_edit_ask_and_decide_at_once_never_block_each_other(desk: Desk) -> None:
    """Edits hold the document and then its request, decisions the other way round would deadlock."""
    import random

    await desk.up_to("intake", "client_canon")
    runs = [await desk.run() for _ in range(4)]

    async def person(n: int) -> list[BaseException | str]:
        chance, outcomes = random.Random(n), []
        for turn in range(6):
            newest = await desk.newest("client_canon")
            assert newest is not None
            try:
                match chance.randrange(5):
                    case 0 | 1:
                        await desk.write("client_canon", f"{n}/{turn}")
                    case 2:
                        await desk.ask(newest, chance.choice(runs), gate=f"gate {turn}")
                    case 3:
                        async with desk.db.org(desk.people.org_id) as conn:
                            waiting = await queries.list_open(conn)
                        for one in waiting[:1]:
                            await desk.decide(one.id, "approved", one.subject_hash)
                    case _:
                        await desk.decide_directly(newest, "changes_requested", notes="More")
                outcomes.append("done")
            except AdroomError as refused:
                outcomes.append(refused)
        return outcomes

    outcomes = [one for many in await asyncio.gather(*map(person, range(20))) for one in many]
    assert {type(one) for one in outcomes} <= {str, Conflict}
    assert sum(one == "done" for one in outcomes) > 20
    numbers = "select max(version) - count(*) from artifacts where type = 'client_canon'"
    assert await desk.count(numbers) == 0, "no gap"
    stray = """select count(*) from approvals p join artifacts a on a.id = p.subject_id
      where p.decision is null and (p.subject_hash <> a.content_hash or a.status = 'approved'
        or a.version < (select max(version) from artifacts b where b.type = a.type))"""
    assert await desk.count(stray) == 0, "every open request is about the newest version, which is not approved"


async def test_a_decision_and_an_edit_at_once_do_not_wait_for_each_other_forever(desk: Desk) -> None:
    for _ in range(10):
        intake = await desk.write("intake")
        asked = await desk.ask(intake)
        edit, decision = await asyncio.gather(
            desk.write("intake"), desk.decide(asked.id, "approved", intake.content_hash), return_exceptions=True
        )
        assert isinstance(edit, Artifact)
        if isinstance(decision, approvals.Decided):
            assert edit.status == "revised"
        else:
            assert isinstance(decision, Conflict)
            await desk.decide(asked.id, "approved", edit.content_hash)


async def test_a_rolled_back_decision_changes_nothing(desk: Desk, db: Database) -> None:
    made = await desk.up_to("intake", "client_canon")
    second = await desk.write("intake")
    asked = await desk.ask(second)
    before = [await desk.now(v) for v in (*made.values(), second)]
    with pytest.raises(ZeroDivisionError):
        async with db.org(desk.people.org_id) as conn:
            await approvals.decide(
                conn,
                caller=desk.caller(),
                approval_id=asked.id,
                decision="approved",
                shown_hash=second.content_hash,
                edits=document("intake", "Edited"),
            )
            raise ZeroDivisionError
    assert [await desk.now(v) for v in (*made.values(), second)] == before
    async with db.org(desk.people.org_id) as conn:
        assert await approvals.get(conn, asked.id) == asked
        assert (await store.lock_newest(conn, second.id)).id == second.id
