"""Who worked in a run: read from what the agents said in its log, and from what was paid for them. Nothing is written."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from knowledge.db import Connection, Row, fetch_all

AGENTS = """
with said as (
  select agent, min(at) as first_at, max(at) as last_at, max(iteration) as iteration,
    array_agg(distinct step) filter (where step is not null) as steps,
    max(seq) filter (where type = 'agent_started') as started,
    max(seq) filter (where type = 'agent_completed') as completed
  from run_events where run_id = %(run_id)s and agent is not null group by agent
), paid as (
  select agent, sum(calls)::int as calls, sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens, sum(cost) as cost, array_agg(distinct model) as models,
    min(at) as first_at, max(at) as last_at
  from usage_ledger where org_id = current_org() and run_id = %(run_id)s and agent is not null group by agent
)
select coalesce(said.agent, paid.agent) as agent, coalesce(said.first_at, paid.first_at) as first_at,
  coalesce(greatest(said.last_at, paid.last_at), said.last_at, paid.last_at) as last_at,
  coalesce(said.iteration, 0) as iteration, coalesce(said.steps, '{}') as steps,
  coalesce(said.started > coalesce(said.completed, 0), false) as open,
  (select e.data->>'doing' from run_events e where e.run_id = %(run_id)s and e.seq = said.started) as doing,
  coalesce(paid.calls, 0) as calls, coalesce(paid.input_tokens, 0) as input_tokens,
  coalesce(paid.output_tokens, 0) as output_tokens, coalesce(paid.cost, 0) as cost, coalesce(paid.models, '{}') as models
from said full join paid on paid.agent = said.agent
order by first_at, agent
"""


class AgentWork(Row):
    """One agent in one run. ``open``: it has begun something (``doing``) and has not said that it is done.

    ``cost`` is in US dollars; ``steps`` are the names of the steps it spoke in.
    """

    agent: str
    first_at: datetime
    last_at: datetime
    iteration: int
    steps: list[str]
    open: bool
    doing: str | None
    calls: int
    input_tokens: int
    output_tokens: int
    cost: Decimal
    models: list[str]


async def agents_of(conn: Connection, run_id: UUID) -> list[AgentWork]:
    """In the order in which they came to work."""
    return await fetch_all(conn, AgentWork, AGENTS, {"run_id": run_id})
