"""The system's own check: every line holds, a fault is named at its line, and nothing of the scratch client is left."""

from typing import Any
from uuid import UUID

from psycopg import sql

from assistant.workflows.test_campaign import TRIALS, Check, line
from knowledge.clients import scratch
from knowledge.ids import RunId
from tests.assistant.at_work import AtWork, open_house
from tests.assistant.honest import answer, task_of
from tests.assistant.runs.toys import check_log
from tests.conftest import TestDatabase
from tests.model_server import ModelRequest, ModelServer, Reply, say


async def ended(at_work: AtWork, **given: Any) -> Any:
    started = await at_work.use("start_run", kind="test_campaign", **given)
    run_id = RunId(UUID(started["runId"]))
    assert await at_work.question(run_id, within=60) is None, "nobody is asked anything"
    run = await at_work.runs.get(at_work.org_id, run_id)
    assert run.status == "completed", run.error
    check_log(await at_work.log(run_id))
    return run


async def left_over(at_work: AtWork) -> dict[str, int]:
    """How many rows there are of clients that are nobody's, by table."""
    tables = await at_work.rows(
        "select table_name from information_schema.columns where column_name = 'client_id' and table_schema = 'public'"
    )
    found: dict[str, int] = {}
    async with at_work.db.org(at_work.org_id) as conn:
        for (table,) in tables:
            query = sql.SQL("select count(*) from {} where client_id is not null and client_id not in "
                            "(select id from clients where status <> 'archived')").format(sql.Identifier(table))  # fmt: skip
            row = await (await conn.execute(query)).fetchone()
            found[table] = row[0] if row else 0
    return {table: count for table, count in found.items() if count}


async def test_the_whole_chain_holds_and_leaves_nothing_behind(briefed: TestDatabase, honest: ModelServer) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, provider=honest.base_url) as at_work:
        before = await at_work.rows("select id, name from clients order by id")
        run = await ended(at_work)
        checks = {check["name"]: check for check in run.output["checks"]}
        assert list(checks) == [name for name, _ in TRIALS] + ["clean up"]
        assert all(check["ok"] for check in checks.values()), checks
        assert run.output["passed"] == run.output["of"] == len(checks)
        assert "intake is draft (v1) and must be approved" in checks["gates"]["seen"]
        assert checks["outdated version"]["seen"] == "v2 is newer."
        assert "flagged" in checks["publishing"]["seen"]
        told = [event.data["text"] for event in await at_work.log(run.id) if event.type == "message"]
        for check in checks.values():
            assert line(Check.model_validate(check)) in told, "a line for each check"
        assert await at_work.rows("select id, name from clients order by id") == before
        assert await left_over(at_work) == {}
        assert await at_work.rows("select id from approvals where subject_type in ('artifact', 'asset') and decision is null "
                                  "and subject_id not in (select id from artifacts)") == []  # fmt: skip
        assert not honest.paid_twice()


async def test_a_writer_that_fails_is_named_at_its_line_and_the_client_goes_all_the_same(
    briefed: TestDatabase, model_server: ModelServer
) -> None:
    def no_strategy(request: ModelRequest) -> Reply:
        return say("{}") if task_of(request).endswith("build_strategy") else answer(request)

    model_server.answers(no_strategy)
    async with open_house(briefed.owner_url, briefed.app_url, provider=model_server.base_url) as at_work:
        run = await ended(at_work)
        checks = {check["name"]: check for check in run.output["checks"]}
        assert (
            not checks["strategy_sheet"]["ok"] and "did not hand in anything usable" in checks["strategy_sheet"]["seen"]
        )
        assert "experiment_spec" not in checks and checks["clean up"]["ok"]
        assert run.output["passed"] == run.output["of"] - 1
        assert await left_over(at_work) == {}
        view = await at_work.use("get_run", runId=str(run.id))
        assert "5 of 6 checks hold" in view["output"]["sentence"]


async def test_it_checks_the_answers_it_is_given(briefed: TestDatabase) -> None:
    async with open_house(briefed.owner_url, briefed.app_url) as at_work:
        run = await ended(at_work, payload='{"identity": {"name": "Half a brief"}}')
        checks = {check["name"]: check for check in run.output["checks"]}
        assert not checks["intake"]["ok"] and "The intake cannot be approved yet" in checks["intake"]["seen"]


async def test_only_a_scratch_client_can_be_taken_away(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        ((id,),) = await at_work.rows("select id from clients")
        async with at_work.db.org(at_work.org_id) as conn:
            assert not await scratch.take_away(conn, id)
        assert await at_work.rows("select id from clients") == [(id,)]
