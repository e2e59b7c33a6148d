"""A stored piece is held against what the database knows: canon, customers' words, addresses that were given."""

from typing import Any

from knowledge.artifacts.queries import latest
from knowledge.assets import service
from knowledge.assets.models import Asset
from knowledge.checks.reports import REVIEWER, ensure_checked
from tests.knowledge.desk import Desk
from tests.knowledge.shelves import add_quotes

SAID = "Finally a candle  that doesn’t smoke. We light it every evening."
BODY = """# No smoke

{line}

Never leave a candle unattended.
"""


async def write(desk: Desk, line: str, **more: Any) -> Asset:
    content = {"markdown": BODY.format(line=line), "language": "en", **more}
    values: dict[str, Any] = {
        "org_id": desk.people.org_id, "client_id": desk.client_id, "campaign_id": None, "run_id": None, "channel": "blog",
        "format": "blog_post", "title": "No smoke", "content": content, "seo": {"targetKeyword": "candle"},
        "agent": "seo_writer", "model": "offline", "idempotency_key": None,
    }  # fmt: skip
    async with desk.db.org(desk.people.org_id) as conn:
        return await service.create(conn, values)


async def report(desk: Desk, asset: Asset) -> dict[str, Any]:
    async with desk.db.org(desk.people.org_id) as conn:
        found = await latest(conn, asset.client_id, "qa_report", None, f"{asset.id}:{REVIEWER}")
    assert found is not None
    return {**found.data, "version": found.version}


async def broken(desk: Desk, asset: Asset) -> set[str]:
    data = await report(desk, asset)
    return {check["id"].rpartition("-")[0] for check in data["checks"] if not check["passed"]}


async def test_a_piece_is_held_against_the_approved_canon(desk: Desk) -> None:
    before = await write(desk, "A non-toxic candle.")
    assert "compliance.forbidden" not in await broken(desk, before)
    assert "approved canon" in str((await report(desk, before))["unchecked"])
    await desk.up_to("intake", "client_canon")
    asset = await write(desk, "A non-toxic candle.")
    assert "compliance.forbidden" in await broken(desk, asset)
    assert "compliance.disclaimer" not in await broken(desk, asset)
    assert (await report(desk, asset))["verdict"] == "fail"


async def test_a_canon_approved_later_changes_the_report_once(desk: Desk) -> None:
    asset = await write(desk, "A non-toxic candle.")
    first = await report(desk, asset)
    await desk.up_to("intake", "client_canon")
    for _ in range(2):
        async with desk.db.org(desk.people.org_id) as conn:
            await ensure_checked(conn, asset)
    again = await report(desk, asset)
    assert again["version"] == first["version"] + 1
    assert again["verdict"] == "fail"


async def test_a_testimonial_is_verbatim_among_this_clients_customers_or_a_finding(desk: Desk) -> None:
    async with desk.db.org(desk.people.org_id) as conn:
        await add_quotes(conn, desk.people, SAID)
    true = await write(desk, "> “Finally a candle that doesn't smoke.”\n> — Ana")
    assert "compliance.testimonial" not in await broken(desk, true)
    changed = await write(desk, "> “Finally a candle that never smokes.”\n> — Ana")
    assert "compliance.testimonial" in await broken(desk, changed)


async def test_an_address_in_the_canon_was_given_and_an_invented_one_was_not(desk: Desk) -> None:
    await desk.up_to("intake", "client_canon")
    given = await write(desk, "See [the candle](https://lumen.example/candle/).")
    assert "seo.link_unopened" not in await broken(desk, given)
    invented = await write(desk, "See [a study](https://candle-institute.com/smoke).")
    assert "seo.link_unopened" in await broken(desk, invented)
