"""SQL over ``experiments`` and ``resource_constraints``. Both have ids made from what they stand for, so that setting
one up twice is setting it up once."""

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from knowledge.artifacts.models import Artifact
from knowledge.db import Connection, fetch_all, fetch_one
from knowledge.experiments.models import Constraints, Experiment, KeptConstraints

COLUMNS = "id, org_id, client_id, campaign_id, name, experiment_spec_id, status, started_at, completed_at, created_at"

GET = f"select {COLUMNS} from experiments where id = %(id)s"
LIST = f"""
select {COLUMNS} from experiments
where (%(client_id)s::uuid is null or client_id = %(client_id)s)
  and (%(campaign_id)s::uuid is null or campaign_id = %(campaign_id)s)
order by created_at, id limit 500
"""
# an experiment that has begun keeps the spec that it began with
SET_UP = f"""
insert into experiments (id, org_id, client_id, campaign_id, name, experiment_spec_id)
values (%(id)s, %(org_id)s, %(client_id)s, %(campaign_id)s, %(name)s, %(spec_id)s)
on conflict (id) do update set
  name = case when experiments.status = 'planned' then excluded.name else experiments.name end,
  experiment_spec_id = case when experiments.status = 'planned' then excluded.experiment_spec_id
                            else experiments.experiment_spec_id end
returning {COLUMNS}
"""
KEPT = """
select max_concurrent_experiments, budget, channels, team_capacity from resource_constraints
where campaign_id = %(campaign_id)s order by created_at desc, id desc limit 1
"""
KEEP = """
insert into resource_constraints (id, org_id, campaign_id, max_concurrent_experiments, budget, channels, team_capacity)
values (%(id)s, %(org_id)s, %(campaign_id)s, %(max)s, %(budget)s, %(channels)s, %(capacity)s)
on conflict (id) do update set max_concurrent_experiments = excluded.max_concurrent_experiments,
  budget = excluded.budget, channels = excluded.channels, team_capacity = excluded.team_capacity
"""


def experiment_id(spec: Artifact) -> UUID:
    """The experiment of a spec: the same for all of its versions."""
    return uuid5(NAMESPACE_URL, f"experiment:{spec.campaign_id}:{spec.key}")


async def find_experiment(conn: Connection, id: UUID) -> Experiment | None:
    return await fetch_one(conn, Experiment, GET, {"id": id})


async def list_experiments(
    conn: Connection, client_id: UUID | None = None, campaign_id: UUID | None = None
) -> list[Experiment]:
    """Oldest first."""
    return await fetch_all(conn, Experiment, LIST, {"client_id": client_id, "campaign_id": campaign_id})


async def set_up(conn: Connection, spec: Artifact) -> Experiment:
    """The experiment of an approved spec, planned; one that has begun stays as it is."""
    values: dict[str, Any] = {
        "id": experiment_id(spec),
        "org_id": spec.org_id,
        "client_id": spec.client_id,
        "campaign_id": spec.campaign_id,
        "name": str(spec.data["name"]),
        "spec_id": spec.id,
    }
    row = await fetch_one(conn, Experiment, SET_UP, values)
    assert row is not None  # noqa: S101 - insert … returning gives the row or raises
    return row


async def find_constraints(conn: Connection, campaign_id: UUID) -> KeptConstraints | None:
    return await fetch_one(conn, KeptConstraints, KEPT, {"campaign_id": campaign_id})


async def keep_constraints(conn: Connection, org_id: UUID, campaign_id: UUID, given: Constraints) -> None:
    values: dict[str, Any] = {
        "id": uuid5(NAMESPACE_URL, f"constraints:{campaign_id}"),
        "org_id": org_id,
        "campaign_id": campaign_id,
        "max": given.max_concurrent_experiments,
        "budget": given.budget,
        "channels": given.channels,
        "capacity": given.team_capacity or None,
    }
    await conn.execute(KEEP, values)
