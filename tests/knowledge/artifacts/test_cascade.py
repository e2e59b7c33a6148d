"""When something upstream moves, everything built from its older versions is flagged, at any depth, and nothing else."""

import pytest

from knowledge.clients import service as clients
from knowledge.db import Database
from knowledge.errors import Blocked
from tests.conftest import make_people
from tests.knowledge.desk import Desk, open_desk

CHAIN = (
    "intake", "client_canon", "metric_schema", "strategy_sheet", "experiment_spec", "asset_brief", "creatives",
    "execution", "monitoring", "delivery", "experiment_report", "playbook",
)  # fmt: skip
FLAGGED = "flagged_for_review"


async def test_a_newer_approved_intake_flags_everything_that_goes_back_to_it(desk: Desk) -> None:
    made = await desk.up_to(*CHAIN)
    moved = await desk.write("intake")
    for step in (moved, await desk.approve(moved)):
        assert step.version == 2
        for type in CHAIN[1:]:
            found = await desk.now(made[type])
            assert (found.status, found.flagged_reason) == (FLAGGED, "intake went from v1 to v2"), type
            assert (found.data, found.source_versions) == (made[type].data, made[type].source_versions)


async def test_only_what_was_built_from_the_older_version_is_flagged(desk: Desk) -> None:
    made = await desk.up_to(*CHAIN)
    await desk.write("creatives")
    for type in CHAIN:
        expected = FLAGGED if type in ("execution", "monitoring", "delivery") else "approved"
        assert (await desk.now(made[type])).status == expected, type
    assert (await desk.now(made["monitoring"])).flagged_reason == "creatives went from v1 to v2"


async def test_a_change_of_a_draft_flags_nothing(desk: Desk) -> None:
    await desk.up_to("intake")
    canon = await desk.write("client_canon")
    await desk.write("client_canon")
    assert (await desk.now(canon)).status == "draft"


async def test_drafts_are_flagged_like_approved_documents(desk: Desk) -> None:
    await desk.up_to("intake")
    canon = await desk.write("client_canon")
    await desk.approved("intake")
    assert (await desk.now(canon)).flagged_reason == "intake went from v1 to v2"
    assert (await desk.approve(canon)).status == "approved"


async def test_a_version_in_revision_and_the_approved_one_before_it_are_both_flagged(desk: Desk) -> None:
    await desk.up_to("intake")
    first = await desk.approved("client_canon")
    second = await desk.write("client_canon")
    await desk.write("intake")
    assert [(await desk.now(v)).status for v in (first, second)] == [FLAGGED, FLAGGED]


async def test_a_flagged_document_blocks_what_comes_after_it_until_it_is_approved_as_it_is(desk: Desk) -> None:
    made = await desk.up_to("intake", "client_canon", "metric_schema")
    await desk.approved("intake")
    reason = "intake went from v1 to v2"
    assert await desk.gate("strategy_sheet") == (
        f"client_canon is flagged for review (v1): {reason}",
        f"metric_schema is flagged for review (v1): {reason}",
    )
    with pytest.raises(Blocked):
        await desk.approve(made["metric_schema"])  # its canon is still flagged
    assert (await desk.approve(made["client_canon"])).flagged_reason is None
    assert (await desk.now(made["metric_schema"])).status == FLAGGED
    await desk.approve(made["metric_schema"])
    assert await desk.gate("strategy_sheet") == ()


async def test_approving_as_it_is_needs_an_open_gate(desk: Desk) -> None:
    made = await desk.up_to("intake", "client_canon")
    await desk.write("intake")
    with pytest.raises(Blocked, match=r"intake is revised \(v2\)"):
        await desk.approve(made["client_canon"])


async def test_a_rebuilt_document_flags_what_was_built_from_its_older_version(desk: Desk) -> None:
    made = await desk.up_to("intake", "client_canon", "metric_schema")
    await desk.approved("intake")
    canon = await desk.approved("client_canon")
    assert canon.source_versions["intake"].version == 2
    found = await desk.now(made["metric_schema"])
    assert found.flagged_reason == "intake went from v1 to v2, client_canon went from v1 to v2"


async def test_what_moves_again_is_told_once_with_its_newest_version(desk: Desk) -> None:
    made = await desk.up_to("intake", "client_canon")
    await desk.approved("intake")
    await desk.write("intake")
    assert (await desk.now(made["client_canon"])).flagged_reason == "intake went from v1 to v3"


async def test_a_reason_from_before_the_last_approval_is_not_repeated(desk: Desk) -> None:
    made = await desk.up_to("intake", "client_canon", "metric_schema")
    await desk.approved("intake")
    await desk.approve(made["client_canon"])
    await desk.approve(made["metric_schema"])
    await desk.write("client_canon")
    assert (await desk.now(made["metric_schema"])).flagged_reason == "client_canon went from v1 to v2"


async def test_a_document_approved_as_it_is_still_goes_back_to_what_it_was_built_from(desk: Desk) -> None:
    """metric_schema v1 ← canon v1 ← intake v1, and the canon has moved on to v2 meanwhile."""
    made = await desk.up_to("intake", "client_canon", "metric_schema")
    await desk.approved("client_canon")
    await desk.approve(made["metric_schema"])
    await desk.write("intake")
    found = await desk.now(made["metric_schema"])
    assert (found.status, found.flagged_reason) == (FLAGGED, "intake went from v1 to v2")


async def test_approving_as_it_is_moves_nothing(desk: Desk) -> None:
    made = await desk.up_to("intake", "client_canon", "metric_schema")
    canon = await desk.approved("client_canon")
    metrics = await desk.approve(made["metric_schema"])
    await desk.approved("intake")
    await desk.approve(canon)
    assert (await desk.now(metrics)).flagged_reason == "intake went from v1 to v2"


async def test_of_two_specs_only_the_briefs_of_the_one_that_moved_are_flagged(desk: Desk) -> None:
    await desk.up_to("intake", "client_canon", "metric_schema", "strategy_sheet")
    specs = {key: await desk.approved("experiment_spec", key=key) for key in "ab"}
    briefs = {
        key: await desk.approved("asset_brief", key=key, sources={"experiment_spec": spec.source})
        for key, spec in specs.items()
    }
    await desk.approved("experiment_spec", key="a")
    assert [(await desk.now(briefs[key])).status for key in "ab"] == [FLAGGED, "approved"]


async def test_campaigns_clients_and_organisations_do_not_touch_each_other(desk: Desk, db: Database) -> None:
    shared = ("intake", "client_canon", "metric_schema")
    await desk.up_to(*shared, "strategy_sheet", "creatives")
    autumn = await open_desk(db, desk.people, name="Autumn")
    theirs = [await autumn.approved("strategy_sheet"), await autumn.approved("creatives")]
    async with db.org(desk.people.org_id) as conn:
        other = await clients.create_client(conn, desk.people.org_id, "Other")
    elsewhere = [await open_desk(db, desk.people, other.id)]
    elsewhere.append(await open_desk(db, await make_people(db, "Strangers")))
    untouched = [(d, v) for d in elsewhere for v in (await d.up_to(*shared, "strategy_sheet")).values()]
    await desk.approved("strategy_sheet")
    assert [(await autumn.now(v)).status for v in theirs] == ["approved", "approved"]
    await desk.approved("intake")
    assert [(await autumn.now(v)).status for v in theirs] == [FLAGGED, FLAGGED]
    for at, version in untouched:
        assert await at.now(version) == version


async def test_a_write_that_fails_afterwards_leaves_no_flag_behind(desk: Desk, db: Database) -> None:
    from knowledge.artifacts import store

    made = await desk.up_to("intake", "client_canon")
    with pytest.raises(ZeroDivisionError):
        async with db.org(desk.people.org_id) as conn:
            await store.create_version(conn, desk.draft("intake"))
            raise ZeroDivisionError
    assert (await desk.now(made["client_canon"])).status == "approved"
    assert (await desk.newest("intake")) == made["intake"]
