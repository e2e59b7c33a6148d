"""SQL over ``agent_runs``: which agent was at work in a run or a conversation, when, and what it used."""

from decimal import Decimal
from uuid import UUID

from knowledge.db import Connection, fetch_all, fetch_one
from knowledge.runs.models import AgentRun

_AGENT_COLUMNS = """id, org_id, run_id, session_id, agent, iteration, status, started_at, ended_at, model,
  input_tokens, cached_tokens, output_tokens, cost, error, created_at"""
INSERT_AGENT_RUN = f"""
insert into agent_runs (org_id, run_id, session_id, agent, iteration, model)
values (%(org_id)s, %(run_id)s, %(session_id)s, %(agent)s, %(iteration)s, %(model)s)
returning {_AGENT_COLUMNS}
"""
FINISH_AGENT_RUN = """
update agent_runs set status = %(status)s, ended_at = now(), model = coalesce(%(model)s, model),
  input_tokens = %(input_tokens)s, cached_tokens = %(cached_tokens)s, output_tokens = %(output_tokens)s,
  cost = %(cost)s, error = %(error)s
where id = %(id)s and status = 'running'
"""
LIST_AGENT_RUNS = f"select {_AGENT_COLUMNS} from agent_runs where run_id = %(run_id)s order by started_at, id"
LIST_BUSY_AGENTS = f"""
select {_AGENT_COLUMNS} from agent_runs where status = 'running' order by started_at, id limit %(limit)s
"""
CLOSE_AGENT_RUNS = """
update agent_runs set status = %(status)s, ended_at = now() where run_id = %(run_id)s and status = 'running'
"""


async def start_agent_run(
    conn: Connection,
    org_id: UUID,
    agent: str,
    *,
    run_id: UUID | None = None,
    session_id: UUID | None = None,
    iteration: int = 0,
    model: str | None = None,
) -> AgentRun:
    values = {
        "org_id": org_id,
        "agent": agent,
        "run_id": run_id,
        "session_id": session_id,
        "iteration": iteration,
        "model": model,
    }
    started = await fetch_one(conn, AgentRun, INSERT_AGENT_RUN, values)
    assert started is not None  # noqa: S101 - an insert without a conflict clause returns its row
    return started


async def finish_agent_run(
    conn: Connection,
    agent_run_id: UUID,
    status: str,
    *,
    model: str | None = None,
    input_tokens: int = 0,
    cached_tokens: int = 0,
    output_tokens: int = 0,
    cost: Decimal = Decimal(0),
    error: str | None = None,
) -> None:
    """Close an agent's row; ``cost`` in US dollars. Closing a closed one changes nothing."""
    values = {
        "id": agent_run_id,
        "status": status,
        "model": model,
        "input_tokens": input_tokens,
        "cached_tokens": cached_tokens,
        "output_tokens": output_tokens,
        "cost": cost,
        "error": error,
    }
    await conn.execute(FINISH_AGENT_RUN, values)


async def list_agent_runs(conn: Connection, run_id: UUID) -> list[AgentRun]:
    return await fetch_all(conn, AgentRun, LIST_AGENT_RUNS, {"run_id": run_id})


async def list_busy_agents(conn: Connection, limit: int = 100) -> list[AgentRun]:
    return await fetch_all(conn, AgentRun, LIST_BUSY_AGENTS, {"limit": limit})


async def close_agent_runs(conn: Connection, run_id: UUID, status: str) -> None:
    """Whatever agent still counts as busy in this run is not: the run ended or its process died."""
    await conn.execute(CLOSE_AGENT_RUNS, {"run_id": run_id, "status": status})
