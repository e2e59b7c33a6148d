"""Who may decide on what, when it is too late, and what an answer about money or going on does."""

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from knowledge.approvals import queries
from knowledge.approvals import service as approvals
from knowledge.db import Database
from knowledge.errors import AdroomError, Conflict, Denied, Invalid, NotFound
from knowledge.money import service as money
from knowledge.money.models import ScopeKeys
from tests.conftest import ROLES, make_people
from tests.knowledge.desk import Desk

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
        turns = itertools.cycle(("rejected", "changes_requested"))
        for role in ROLES:
            if role in allowed:
                said = next(turns)
                sent_back = await desk.decide_directly(written, said, role, notes=f"{role} says no")
                assert sent_back.approval.decision == said
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
