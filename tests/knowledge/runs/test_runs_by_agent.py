"""The list of runs an agent worked in, where there are many runs with long logs."""

import json
from typing import Any

from knowledge.db import Database
from knowledge.runs import queries
from tests.conftest import People

MANY = """
with made as (
  insert into runs (org_id, kind, title, engine, started_by, status)
  select %(org_id)s, 'seo_write', 'Article ' || n, 'test', %(user_id)s, 'completed' from generate_series(1, 400) n
  returning id
)
insert into run_events (org_id, run_id, seq, type, agent)
select %(org_id)s, made.id, seq, case when seq %% 10 = 1 then 'agent_started' else 'progress' end,
  case when seq = 1 and made.id::text like '%%7' then 'brand_critic' else 'seo_writer' end
from made, generate_series(1, 50) seq
"""


async def test_runs_of_an_agent_are_found_by_an_index_and_no_log_is_read(db: Database, people: People) -> None:
    values = dict.fromkeys(("statuses", "kind", "client_id", "campaign_id", "session_id"))
    given = {**values, "agent": "brand_critic", "before_at": None, "before_id": None, "limit": 50}
    async with db.org(people.org_id) as conn:
        await conn.execute(MANY, {"org_id": people.org_id, "user_id": people["admin"]})
    async with db.org(people.org_id) as conn:
        found = await queries.list_runs(conn, agent="brand_critic", limit=500)
        assert {str(run.id)[-1] for run in found} == {"7"}
        plan = await (await conn.execute("explain (format json) " + queries.LIST_RUNS, given)).fetchone()
    assert plan is not None
    used = {node.get("Index Name") for node in nodes(plan[0][0]["Plan"]) if node.get("Relation Name") == "run_events"}
    assert used == {"run_events_agents"}, json.dumps(plan[0])


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(below for part in plan.get("Plans", []) for below in nodes(part))]
