"""An approval has one right outcome whenever, however often and by whomever it is given."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from assistant.runs.protocol import StepContext
from knowledge.approvals import service as approvals
from knowledge.approvals.queries import find_gate
from knowledge.artifacts import store
from knowledge.db import Database
from knowledge.errors import Conflict
from tests.assistant.runs import toys
from tests.assistant.runs.toys import Room, Text, check_log, open_room
from tests.conftest import People, TestDatabase
from tests.knowledge.artifacts.examples import example


async def test_a_decision_taken_while_no_process_runs_is_used_at_the_next_start(
    database: TestDatabase, people: People
) -> None:
    given = (database.owner_url, database.app_url, people.org_id, people["admin"])
    async with open_room(*given) as room:
        run = await room.start("speak", "hello")
        await room.until(run.id, "waiting")
        waiting = (await room.runs.view(room.org_id, run.id)).waiting
        assert waiting is not None
    await _decide_elsewhere(database, room, waiting.approval_id)
    async with open_room(*given) as room:
        done = await room.until(run.id, "completed")
        assert done.output == {"text": "hello"}
        check_log(await room.log(run.id))


async def test_a_run_that_waits_at_its_second_question_waits_on_after_a_start(
    database: TestDatabase, people: People
) -> None:
    given = (database.owner_url, database.app_url, people.org_id, people["admin"])
    async with open_room(*given) as room:
        run = await room.start("speak", "hello")
        await room.until(run.id, "waiting")
        await room.decide(run.id, "canon", "changes_requested", notes="again")
        await room.until_event(run.id, "approval_requested", "canon#2")
        before = await room.log(run.id)
    async with open_room(*given) as room:
        async with asyncio.timeout(10):
            while run.id not in room.engine.executions:
                await asyncio.sleep(0.01)
        for _ in range(30):
            assert (await room.runs.get(room.org_id, run.id)).status == "waiting"
            await asyncio.sleep(0.01)
        assert await room.log(run.id) == before, "the first answer is no news, and the question is put already"
        await room.decide(run.id, "canon#2")
        done = await room.until(run.id, "completed")
    assert done.output == {"text": "hello again"}


async def test_a_run_that_finds_its_last_question_answered_at_its_start_no_longer_waits(
    database: TestDatabase, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = (database.owner_url, database.app_url, people.org_id, people["admin"])
    async with open_room(*given) as room:
        run = await room.start("speak", "hello")
        asked = await room.until_event(run.id, "approval_requested", "canon")
    await _decide_elsewhere(database, room, asked.data["approvalId"])
    seen_running, join = asyncio.Event(), toys.join

    async def held(ctx: StepContext, words: list[str]) -> Text:
        await seen_running.wait()
        return await join(ctx, words)

    monkeypatch.setattr(toys, "join", held)
    async with open_room(*given) as room:
        await room.until(run.id, "running")
        seen_running.set()
        await room.until(run.id, "completed")


async def _decide_elsewhere(database: TestDatabase, room: Room, approval_id: Any) -> None:
    """Nobody does runs now: another process's surface writes the row and nothing else."""
    nobody = Database(database.app_url, min_size=1, max_size=2)
    await nobody.open()
    async with nobody.org(room.org_id) as conn:
        await approvals.decide(conn, caller=room.caller, approval_id=approval_id, decision="approved", shown_hash="")
    await nobody.close()


async def test_a_decision_that_nobody_announced_is_found_by_the_sweep(room: Room) -> None:
    run = await room.start("speak", "hello")
    await room.until(run.id, "waiting")
    waiting = (await room.runs.view(room.org_id, run.id)).waiting
    assert waiting is not None
    async with room.db.org(room.org_id) as conn:
        await approvals.decide(
            conn, caller=room.caller, approval_id=waiting.approval_id, decision="approved", shown_hash=""
        )
    await room.until(run.id, "completed")


@pytest.mark.parametrize("turns", range(4))
async def test_a_room_that_hears_of_a_decision_in_the_moment_it_closes_does_close(
    database: TestDatabase, people: People, turns: int
) -> None:
    async with open_room(database.owner_url, database.app_url, people.org_id, people["admin"]) as room:
        run = await room.start("speak", "hello")
        await room.until(run.id, "waiting")
        room.engine.gates.nudge(run.id)
        for _ in range(turns):
            await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await room.engine.gates.stop()


async def test_a_decision_given_before_the_run_waits_is_taken_when_it_comes_there(room: Room) -> None:
    run = await room.start("speak", "hello", pause=0.3)
    async with room.db.org(room.org_id) as conn:
        early = await approvals.request(
            conn, org_id=room.org_id, run_id=run.id, gate="canon", subject_type="run", subject_id=run.id
        )
        await approvals.decide(conn, caller=room.caller, approval_id=early.id, decision="approved", shown_hash="")
    await room.engine.decided(room.org_id)
    await room.until(run.id, "completed")
    log = await room.log(run.id)
    check_log(log)
    assert sum(event.type == "approval_decided" for event in log) == 1


async def test_of_two_people_at_once_one_decides_and_the_other_is_told_so(room: Room) -> None:
    run = await room.start("speak", "hello")
    await room.until(run.id, "waiting")
    answers = await asyncio.gather(
        *(room.decide(run.id, "canon", decision) for decision in ("approved", "rejected", "approved")),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 2
    done = await room.until(run.id, "completed")
    decided = [event for event in await room.log(run.id) if event.type == "approval_decided"]
    assert len(decided) == 1
    assert done.output == {"text": "hello" if decided[0].data["decision"] == "approved" else "rejected"}


async def test_handing_over_the_same_decision_many_times_is_handing_it_over_once(room: Room) -> None:
    run = await room.start("speak", "hello")
    await room.until(run.id, "waiting")
    await room.decide(run.id, "canon", "changes_requested", notes="again")
    async with room.db.org(room.org_id) as conn:
        approval = await find_gate(conn, run.id, "canon")
    assert approval is not None
    for _ in range(10):
        room.engine.decided_now(approval)
        await room.engine.decided(room.org_id)
    await room.until_event(run.id, "approval_requested", "canon#2")
    await asyncio.sleep(0.3)
    assert (await room.runs.get(room.org_id, run.id)).status == "waiting"
    await room.decide(run.id, "canon#2")
    done = await room.until(run.id, "completed")
    assert done.output == {"text": "hello again"}


async def test_an_outdated_version_cannot_be_approved_and_the_run_waits_on(room: Room, people: People) -> None:
    async with room.db.org(room.org_id) as conn:
        first = await store.create_version(conn, _intake(people, "first"))
    run = await room.start("settle", str(first.id), str(first.version), first.content_hash)
    await room.until(run.id, "waiting")
    async with room.db.org(room.org_id) as conn:
        second = await store.create_version(conn, _intake(people, "second"))
    with pytest.raises(Conflict):
        await room.decide(run.id, "canon", shown_hash=first.content_hash)
    await asyncio.sleep(0.2)
    assert (await room.runs.get(room.org_id, run.id)).status == "waiting"
    await room.decide(run.id, "canon", "rejected", notes="no", shown_hash=second.content_hash)
    done = await room.until(run.id, "completed")
    assert done.output == {"text": f"rejected v2 {second.id}"}


def _intake(people: People, name: str) -> store.Draft:
    data = {"identity": {"industry": name}}
    return store.Draft(people.org_id, people.client_id, "intake", data, "test", force=True)


async def test_a_stopped_run_keeps_the_decision_that_came_meanwhile(room: Room) -> None:
    run = await room.start("speak", "hello")
    await room.until(run.id, "waiting")
    await room.runs.stop(room.caller, run.id)
    await room.decide(run.id, "canon")
    await asyncio.sleep(0.3)
    assert (await room.runs.get(room.org_id, run.id)).status == "stopped"
    await room.runs.resume(room.caller, run.id)
    await room.until(run.id, "completed")
    check_log(await room.log(run.id))


async def test_a_reached_budget_asks_and_a_raise_lets_the_step_go_on(room: Room) -> None:
    toys.faults["say"] = [toys.over_budget(), toys.over_budget()]
    run = await room.start("speak", "hello")
    await room.until_event(run.id, "approval_requested", "budget")
    await _decide_as_it_is(room, "budget")
    await room.until_event(run.id, "approval_requested", "budget#2")
    await _decide_as_it_is(room, "budget#2")
    await room.until_event(run.id, "approval_requested", "canon")
    log = await room.log(run.id)
    check_log(log)
    assert [e.type for e in log].count("budget_reached") == 2
    assert [e.step for e in log if e.type == "step_started"] == ["say"]


async def test_refusing_to_raise_stops_the_run_there_and_resuming_asks_again(room: Room) -> None:
    toys.faults["say"] = [toys.over_budget(), toys.over_budget()]
    run = await room.start("speak", "hello")
    await room.until_event(run.id, "approval_requested", "budget")
    await _decide_as_it_is(room, "budget", "rejected")
    await room.until(run.id, "stopped")
    assert (await room.log(run.id))[-1].type == "run_stopped"
    await room.runs.resume(room.caller, run.id)
    await room.until_event(run.id, "approval_requested", "budget#2")
    await _decide_as_it_is(room, "budget#2")
    await room.until_event(run.id, "approval_requested", "canon")
    check_log(await room.log(run.id))


async def _decide_as_it_is(room: Room, gate: str, decision: str = "approved") -> None:
    """What a raise does to budgets is the approvals service's; here only the run's side of it is looked at."""
    async with room.db.org(room.org_id) as conn:
        await conn.execute("update approvals set decision = %s, decided_at = now() where gate = %s", (decision, gate))
    await room.engine.decided(room.org_id)


async def test_a_request_names_the_budget_that_was_too_tight(room: Room) -> None:
    refused = toys.over_budget()
    toys.faults["say"] = [refused]
    run = await room.start("speak", "hello")
    asked = await room.until_event(run.id, "approval_requested", "budget")
    waiting = (await room.runs.view(room.org_id, run.id)).waiting
    assert waiting is not None
    assert (waiting.subject_type, waiting.subject_id) == ("budget", refused.facts["scope_id"])
    assert waiting.subject_hash == "run:total"
    assert "Raise the budget, or stop here?" in asked.data["sentence"]


async def test_a_decision_written_by_any_surface_wakes_the_run_without_being_delivered(
    database: TestDatabase, people: People
) -> None:
    given = (database.owner_url, database.app_url, people.org_id, people["admin"])
    patient = replace(toys.QUICK, sweep_seconds=600)
    async with open_room(*given, options=patient) as room:
        run = await room.start("speak", "hello")
        await room.until(run.id, "waiting")
        waiting = (await room.runs.view(room.org_id, run.id)).waiting
        assert waiting is not None
        async with room.db.org(room.org_id) as conn:
            await approvals.decide(
                conn, caller=room.caller, approval_id=waiting.approval_id, decision="approved", shown_hash=""
            )
        await room.until(run.id, "completed", within=5)
        check_log(await room.log(run.id))


async def test_one_approval_answers_every_run_that_waits_for_that_version(
    database: TestDatabase, people: People
) -> None:
    given = (database.owner_url, database.app_url, people.org_id, people["admin"])
    patient = replace(toys.QUICK, sweep_seconds=600)
    async with open_room(*given, options=patient) as room:
        async with room.db.org(room.org_id) as conn:
            draft = store.Draft(people.org_id, people.client_id, "intake", example("intake"), "test")
            intake = await store.create_version(conn, draft)
        shown = (str(intake.id), str(intake.version), intake.content_hash)
        runs = [await room.start("settle", *shown) for _ in range(2)]
        for run in runs:
            await room.until(run.id, "waiting")
        async with room.db.org(room.org_id) as conn:
            asked = await find_gate(conn, runs[0].id, "canon")
            assert asked is not None
            await approvals.decide(
                conn, caller=room.caller, approval_id=asked.id, decision="approved", shown_hash=intake.content_hash
            )
        for run in runs:
            await room.until(run.id, "completed", within=5)
            check_log(await room.log(run.id))
