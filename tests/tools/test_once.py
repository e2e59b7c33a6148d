"""A call with a key is made once, and nobody hears of what it decided before that is committed."""

from inspect import getfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from knowledge.approvals import service as approvals
from knowledge.approvals.models import Approval
from knowledge.artifacts import store
from knowledge.artifacts.models import Artifact
from knowledge.db import Database
from knowledge.idempotency import queries
from tests.assistant.api.conftest import add_asset, add_run
from tests.conftest import People, TestDatabase
from tests.knowledge.artifacts.examples import example
from tests.tools.conftest import NoWork, caller_of
from tools.call import call
from tools.catalog import CATALOG
from tools.spec import ToolContext


class Witness(NoWork):
    """Looks from outside, when it is told of an answer, whether that stands in the database."""

    def __init__(self, database: TestDatabase) -> None:
        super().__init__()
        self.database = database
        self.seen: list[tuple[str | None, str]] = []

    def decided(self, approval: Approval) -> None:
        super().decided(approval)
        with psycopg.connect(self.database.owner_url) as conn:
            row = conn.execute(
                "select p.decision, coalesce(a.status, s.status) from approvals p left join artifacts a on a.id = "
                "p.subject_id left join assets s on s.id = p.subject_id where p.id = %s",
                (approval.id,),
            ).fetchone()
        assert row is not None
        self.seen.append((row[0], row[1]))


@pytest.fixture
def work(database: TestDatabase) -> Witness:
    return Witness(database)


@pytest.fixture
async def intake(db: Database, people: People) -> Artifact:
    async with db.org(people.org_id) as conn:
        draft = store.Draft(people.org_id, people.client_id, "intake", example("intake"), "test")
        return await store.create_version(conn, draft)


def context_of(db: Database, people: People, work: NoWork, call_key: str | None) -> ToolContext:
    return ToolContext(caller_of(people), db, work, call_key=call_key)


async def decision(tool: str, db: Database, people: People, intake: Artifact) -> dict[str, Any]:
    """What ``tool`` is asked in order to approve the intake, as a run's question where it is one's, or a piece."""
    async with db.org(people.org_id) as conn:
        match tool:
            case "decide_asset" | "decide_assets":
                asset = await add_asset(conn, people)
                piece = {"assetId": asset.id, "contentHash": asset.content_hash}
                shown = {"pieces": [piece]} if tool == "decide_assets" else piece
            case "decide_artifact":
                shown = {"artifactId": intake.id, "contentHash": intake.content_hash}
            case _:
                run_id = await add_run(conn, people.org_id, people["admin"], people.client_id, status="waiting")
                asked = await approvals.request(
                    conn,
                    org_id=people.org_id,
                    run_id=run_id,
                    gate="plan",
                    subject_type="artifact",
                    subject_id=intake.id,
                )
                shown = {"runId": run_id} if tool == "decide_run" else {"approvalId": asked.id}
                shown["contentHash"] = intake.content_hash
                if tool == "signal_run":
                    return {"runId": run_id, "signal": "approve-plan", "items": [{"contentHash": intake.content_hash}]}
    return {**shown, "decision": "approved"}


DECIDING = ["decide_artifact", "decide_approval", "decide_run", "signal_run", "decide_asset", "decide_assets"]


def test_these_are_the_tools_that_decide() -> None:
    told = {tool.name for tool in CATALOG.values() if "context.decided(" in Path(getfile(tool.run)).read_text()}
    assert told == set(DECIDING)


@pytest.mark.parametrize("tool", DECIDING)
@pytest.mark.parametrize("call_key", [None, "a key"])
async def test_whoever_waits_is_told_of_an_answer_once_it_stands_in_the_database(
    tool: str, call_key: str | None, db: Database, people: People, intake: Artifact, work: Witness
) -> None:
    given = await decision(tool, db, people, intake)
    context = context_of(db, people, work, call_key)
    await call(CATALOG[tool], context, given)
    assert work.seen == [("approved", "approved")]
    if call_key is not None:
        await call(CATALOG[tool], context, given)
        assert len(work.seen) == 1, "the call repeated is answered, not made"


async def test_nobody_is_told_of_an_answer_that_was_not_kept(
    db: Database, people: People, intake: Artifact, work: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut_off(*_: Any) -> None:
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    given = await decision("decide_artifact", db, people, intake)
    context = context_of(db, people, work, str(uuid4()))
    with monkeypatch.context() as patched:
        patched.setattr(queries, "keep", cut_off)
        with pytest.raises(psycopg.OperationalError):
            await call(CATALOG["decide_artifact"], context, given)
    assert work.seen == []
    await call(CATALOG["decide_artifact"], context, given)
    assert work.seen == [("approved", "approved")]
