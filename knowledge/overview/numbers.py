"""Counts and sums for the command centre and for a run's card."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from knowledge.db import Connection, Row, fetch_all
from knowledge.ids import CampaignId

DOCUMENTS_BY_STATUS = """
select status as name, count(*) as n from (
  select distinct on (client_id, campaign_id, type, key) status from artifacts
  where type <> 'qa_report' order by client_id, campaign_id, type, key, version desc) heads
group by status
"""
ASSETS_BY_STATUS = "select status as name, count(*) as n from assets group by status"
SPEND_OF_CAMPAIGNS = """
select k.id, k.name, k.status, c.name as client_name, coalesce(sum(l.cost), 0) as spend
from campaigns k join clients c on c.id = k.client_id and c.status <> 'archived'
left join runs r on r.campaign_id = k.id
left join usage_ledger l on l.run_id = r.id and l.org_id = k.org_id
where k.status <> 'cancelled'
group by k.id, k.name, k.status, c.name, k.created_at order by k.created_at desc, k.id limit %(limit)s
"""
SPEND_OF_RUNS = """
select run_id as id, sum(cost) as spend from usage_ledger
where org_id = current_org() and run_id = any(%(ids)s) group by run_id
"""


class Count(Row):
    name: str
    n: int


class CampaignSpend(Row):
    """``spend``: dollars paid for the campaign's runs."""

    id: CampaignId
    name: str
    status: str
    client_name: str
    spend: Decimal


class RunSpend(Row):
    id: UUID
    spend: Decimal


async def documents_by_status(conn: Connection) -> dict[str, int]:
    """Newest versions only; the reviewers' reports are not counted."""
    return {row.name: row.n for row in await fetch_all(conn, Count, DOCUMENTS_BY_STATUS, {})}


async def assets_by_status(conn: Connection) -> dict[str, int]:
    return {row.name: row.n for row in await fetch_all(conn, Count, ASSETS_BY_STATUS, {})}


async def campaigns_with_spend(conn: Connection, limit: int = 50) -> list[CampaignSpend]:
    return await fetch_all(conn, CampaignSpend, SPEND_OF_CAMPAIGNS, {"limit": limit})


async def spend_of_runs(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """Dollars paid for each run; one that has cost nothing is left out."""
    rows = await fetch_all(conn, RunSpend, SPEND_OF_RUNS, {"ids": list(ids)})
    return {row.id: row.spend for row in rows}
