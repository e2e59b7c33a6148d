"""What each agent does just now: in a run, by its events, and in conversations, by their running turns."""

from uuid import UUID

from knowledge.db import Connection, Row, fetch_all

IN_RUNS = """
select distinct on (e.agent) e.agent, e.data->>'doing' as doing, e.run_id, r.title, r.status = 'failed' as failed
from run_events e join runs r on r.id = e.run_id
where e.type in ('agent_started', 'agent_completed') and e.agent is not null
  and (r.status = 'running' or (r.status = 'failed' and r.finished_at > now() - interval '15 minutes'))
  and e.type = 'agent_started' and not exists (
    select from run_events later where later.run_id = e.run_id and later.agent = e.agent and later.seq > e.seq
      and later.type = 'agent_completed')
order by e.agent, failed, e.at desc
"""
IN_CONVERSATIONS = """
select distinct on (agent) coalesce(t.agent, s.active_agent) as agent, null as doing, null::uuid as run_id,
  null as title, false as failed
from turns t join sessions s on s.id = t.session_id where t.status = 'running' order by agent, t.created_at desc
"""


class AtWork(Row):
    """An agent at work, or one whose run failed in the last quarter of an hour."""

    agent: str
    doing: str | None
    run_id: UUID | None
    title: str | None
    failed: bool


async def at_work(conn: Connection) -> dict[str, AtWork]:
    """By agent; a run goes before a conversation."""
    talking = await fetch_all(conn, AtWork, IN_CONVERSATIONS, {})
    working = await fetch_all(conn, AtWork, IN_RUNS, {})
    return {found.agent: found for found in [*(one for one in working if one.failed), *talking,
                                             *(one for one in working if not one.failed)]}  # fmt: skip
