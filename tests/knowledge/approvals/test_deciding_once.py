"""Decisions: made once, about what was shown, with everything they do in one transaction."""

import asyncio
from typing import Any

import pytest

from knowledge.approvals import queries
from knowledge.approvals import service as approvals
from knowledge.artifacts import store
from knowledge.artifacts.models import Artifact
from knowledge.db import Database
from knowledge.errors import AdroomError, Conflict
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


@pytest.mark.parametrize("ended", [False, True])
async def test_what_was_rejected_is_not_rejected_again_whether_or_not_its_run_has_ended(
    desk: Desk, db: Database, ended: bool
) -> None:
    spec, run = await desk.write("intake"), await desk.run()
    asked = await desk.ask(spec, run)
    await desk.decide(asked.id, "rejected", spec.content_hash, "ops")
    if ended:
        async with db.org(desk.people.org_id) as conn:
            await conn.execute("update runs set status = 'completed' where id = %s", (run,))
    for role in ("ops", "strategy"):
        with pytest.raises(Conflict, match=r"^Ops has already rejected this\.$") as refused:
            await desk.decide_directly(spec, "rejected", role, notes="Once more")
        assert refused.value.facts["decision"] == "rejected"
    assert [note.kind for note in (await desk.now(spec)).notes] == ["rejected"]


async def test_the_same_note_is_not_sent_back_twice_and_a_further_one_is(desk: Desk) -> None:
    intake = await desk.write("intake")
    await desk.decide_directly(intake, "changes_requested", "ops", notes="Shorter")
    with pytest.raises(Conflict, match=r"^Ops has already sent this back with changes requested\.$"):
        await desk.decide_directly(intake, "changes_requested", "strategy", notes=" Shorter ")
    await desk.decide_directly(intake, "changes_requested", "strategy", notes="And warmer")
    assert [note.text for note in (await desk.now(intake)).notes] == ["Shorter", "And warmer"]


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
