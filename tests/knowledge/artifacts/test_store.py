"""Versions of documents: what is written, what is refused, what a decision leaves behind."""

import asyncio
from uuid import uuid4

import psycopg
import pytest

from knowledge.artifacts import queries, store
from knowledge.artifacts.models import Source
from knowledge.artifacts.registry import SPECS, TYPES
from knowledge.clients import service as clients
from knowledge.db import Database
from knowledge.errors import Blocked, Conflict, Denied, Invalid, NotFound
from tests.conftest import ROLES, make_people
from tests.knowledge.desk import Desk, document, open_desk

# ---------------------------------------------------------------- versions


async def test_a_first_version_is_a_draft_and_so_is_every_one_before_the_first_approval(desk: Desk) -> None:
    first, second = await desk.write("intake"), await desk.write("intake")
    assert [(v.version, v.status) for v in (first, second)] == [(1, "draft"), (2, "draft")]


async def test_a_change_after_an_approval_is_revised_until_it_is_approved(desk: Desk) -> None:
    await desk.approved("intake")
    second, third = await desk.write("intake"), await desk.write("intake")
    assert [second.status, third.status] == ["revised", "revised"]
    assert (await desk.approve(third)).status == "approved"


async def test_approving_archives_every_older_version(desk: Desk) -> None:
    first = await desk.approved("intake")
    second = await desk.write("intake")
    third = await desk.write("intake")
    assert (await desk.now(first)).status == "approved"
    await desk.approve(third)
    assert [(await desk.now(v)).status for v in (first, second, third)] == ["archived", "archived", "approved"]


async def test_twelve_writers_at_once_get_twelve_versions_without_a_gap(desk: Desk) -> None:
    written = await asyncio.gather(*(desk.write("intake") for _ in range(12)))
    assert sorted(v.version for v in written) == list(range(1, 13))
    assert len({v.content_hash for v in written}) == 12


async def test_writers_of_the_same_content_at_once_make_one_version(desk: Desk) -> None:
    drafts = [desk.draft("intake", "The same") for _ in range(8)]

    async def write(draft: store.Draft) -> int | str:
        async with desk.db.org(desk.people.org_id) as conn:
            try:
                return (await store.create_version(conn, draft)).version
            except Conflict as nothing:
                return nothing.message

    found = await asyncio.gather(*map(write, drafts))
    assert sorted(map(str, found)) == ["1"] + ["Nothing changed since v1."] * 7


async def test_a_version_is_what_was_given_in_its_stored_form(desk: Desk) -> None:
    written = await desk.write("intake", "Renters")
    assert written.data["audience"]["targetAudience"] == "Renters"
    assert (await desk.now(written)).model_dump() == written.model_dump()


async def test_a_document_that_does_not_fit_its_type_is_refused_by_field(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.write("intake", data={"identity": {"name": ["a"]}, "surprise": 1})
    assert set(refused.value.fields) == {"identity.name", "surprise"}
    assert await desk.newest("intake") is None


async def test_a_clients_newest_documents_come_without_the_reports_on_its_pieces(desk: Desk) -> None:
    await desk.write("intake", "First")
    newest = await desk.write("intake", "Second")
    await desk.write("qa_report", campaign_id=desk.campaign_id, key="a piece")
    async with desk.db.org(desk.people.org_id) as conn:
        assert [one.id for one in await queries.heads(conn, desk.client_id)] == [newest.id]
        assert await queries.heads(conn, desk.client_id, ("client_canon",)) == []


# ---------------------------------------------------------------- where a document belongs


@pytest.mark.parametrize("type", [t for t in TYPES if SPECS[t].scope in ("campaign", "experiment")])
async def test_a_campaigns_document_needs_a_campaign(desk: Desk, type: str) -> None:
    with pytest.raises(Invalid, match="choose a campaign first"):
        await desk.write(type, campaign_id=None)


@pytest.mark.parametrize("type", [t for t in TYPES if SPECS[t].scope == "client"])
async def test_a_clients_document_belongs_to_no_campaign(desk: Desk, type: str) -> None:
    with pytest.raises(Invalid, match="belongs to the client as a whole"):
        await desk.write(type, campaign_id=desk.campaign_id)


async def test_only_types_with_several_documents_take_a_key(desk: Desk) -> None:
    with pytest.raises(Invalid, match="there is only one intake"):
        await desk.write("intake", key="second")


async def test_a_client_or_campaign_of_another_organisation_does_not_exist(desk: Desk, db: Database) -> None:
    strangers = await make_people(db, "Strangers")
    theirs = await open_desk(db, strangers)
    with pytest.raises(NotFound, match="That client"):
        await desk.write("intake", client_id=strangers.client_id)
    with pytest.raises(NotFound, match="That campaign"):
        await desk.write("qa_report", campaign_id=theirs.campaign_id, key="a")
    intake = await desk.write("intake")
    with pytest.raises(NotFound):
        async with db.org(strangers.org_id) as conn:
            await store.get(conn, intake.id)


async def test_a_campaign_of_another_client_is_refused(desk: Desk, db: Database) -> None:
    async with db.org(desk.people.org_id) as conn:
        other = await clients.create_client(conn, desk.people.org_id, "Other")
        campaign = await clients.create_campaign(conn, desk.people.org_id, other.id, "Theirs")
    with pytest.raises(NotFound, match="not for this client"):
        await desk.write("qa_report", campaign_id=campaign.id, key="a")


# ---------------------------------------------------------------- nothing changed


async def test_the_same_inputs_make_no_new_version_whatever_the_words(desk: Desk) -> None:
    await desk.write("intake")
    await desk.write("intake")
    third = await desk.write("intake", inputs={"goal": "sell"})
    with pytest.raises(Conflict, match=r"^Nothing changed since v3\.$") as refused:
        await desk.write("intake", "Other words", inputs={"goal": "sell"})
    assert (refused.value.facts["version"], refused.value.facts["artifact_id"]) == (3, str(third.id))


async def test_the_same_words_from_the_same_sources_make_no_new_version_whatever_the_inputs(desk: Desk) -> None:
    await desk.write("intake", "Renters", inputs={"goal": "sell"})
    with pytest.raises(Conflict, match="Nothing changed since v1"):
        await desk.write("intake", "Renters", inputs={"goal": "hire"})


async def test_the_same_words_from_a_newer_source_are_a_new_version(desk: Desk) -> None:
    await desk.approved("intake")
    await desk.approved("client_canon", "A story")
    await desk.approved("intake")
    canon = await desk.write("client_canon", "A story")
    assert (canon.version, canon.source_versions["intake"].version) == (2, 2)


async def test_going_back_to_older_words_is_a_change(desk: Desk) -> None:
    await desk.write("intake", "One")
    await desk.write("intake", "Two")
    assert (await desk.write("intake", "One")).version == 3


async def test_force_writes_the_same_again(desk: Desk) -> None:
    await desk.write("intake", "One")
    assert (await desk.write("intake", "One", force=True)).version == 2


# ---------------------------------------------------------------- the gate, in the transaction that writes


async def test_a_shut_gate_is_told_with_every_reason(desk: Desk) -> None:
    await desk.write("intake")
    await desk.write("intake")
    with pytest.raises(Blocked) as blocked:
        await desk.write("strategy_sheet")
    assert blocked.value.message == (
        "strategy_sheet is blocked: intake is draft (v2) and must be approved; client_canon is missing; "
        "metric_schema is missing"
    )
    assert len(blocked.value.reasons) == 3


@pytest.mark.parametrize("approve_it", [False, True])
async def test_an_upstream_revised_between_reading_and_writing_is_a_conflict(desk: Desk, approve_it: bool) -> None:
    read = await desk.approved("intake")
    moved = await desk.write("intake")
    if approve_it:
        await desk.approve(moved)
    with pytest.raises(Conflict, match=r"intake went from v1 to v2 while this was being written") as refused:
        await desk.write("client_canon", sources={"intake": read.source})
    assert refused.value.facts["upstream"] == "intake"


async def test_a_writer_waits_for_the_decision_under_way_and_then_sees_it(desk: Desk, db: Database) -> None:
    intake = await desk.approved("intake")
    org_id = desk.people.org_id
    async with db.org(org_id) as revising:
        await store.create_version(revising, desk.draft("intake"))
        writing = asyncio.create_task(desk.write("client_canon", sources={"intake": intake.source}))
        await asyncio.sleep(0.1)
        assert not writing.done()
    with pytest.raises(Conflict, match="went from v1 to v2"):
        await writing


async def test_what_a_version_was_built_from_is_recorded(desk: Desk) -> None:
    made = await desk.up_to("intake", "client_canon", "metric_schema", "strategy_sheet")
    assert made["strategy_sheet"].source_versions == {
        name: made[name].source for name in ("intake", "client_canon", "metric_schema")
    }


async def test_of_several_upstream_documents_the_named_one_is_what_counts(desk: Desk) -> None:
    await desk.up_to("intake", "client_canon", "metric_schema", "strategy_sheet")
    a = await desk.approved("experiment_spec", key="a")
    await desk.approved("experiment_spec", key="b")
    brief = await desk.write("asset_brief", key="a", sources={"experiment_spec": a.source})
    assert brief.source_versions["experiment_spec"] == a.source
    await desk.write("experiment_spec", key="a")  # a is revised, b is still approved
    assert await desk.gate("asset_brief") == ()
    with pytest.raises(Blocked, match=r"experiment_spec is revised \(v2\)"):
        await desk.approve(brief)


async def test_a_source_of_another_client_or_of_another_type_is_refused(desk: Desk, db: Database) -> None:
    async with db.org(desk.people.org_id) as conn:
        other = await clients.create_client(conn, desk.people.org_id, "Other")
    theirs = await (await open_desk(db, desk.people, other.id)).approved("intake")
    mine = await desk.up_to("intake", "client_canon")
    for wrong in (theirs.source, mine["client_canon"].source, Source(id=uuid4(), version=1)):
        with pytest.raises(NotFound, match="intake this is built from"):
            await desk.write("client_canon", sources={"intake": wrong})


async def test_a_playbook_learns_from_the_reports_of_every_campaign(desk: Desk, db: Database) -> None:
    assert await desk.gate("playbook") == ("experiment_report is missing",)
    await desk.up_to("intake", "client_canon", "metric_schema", "strategy_sheet", "experiment_spec")
    report = await desk.approved("experiment_report", key="exp-1")
    other_campaign = await open_desk(db, desk.people, name="Autumn")
    assert await other_campaign.gate("experiment_report") == ("experiment_spec is missing",)
    playbook = await desk.write("playbook")
    assert playbook.source_versions["experiment_report"] == report.source


# ---------------------------------------------------------------- deciding


@pytest.mark.parametrize("type", TYPES)
async def test_who_may_decide_is_the_table_of_roles(type: str) -> None:
    table = {
        "intake client_canon": "strategy ops",
        "metric_schema": "data performance strategy",
        "strategy_sheet": "strategy creative",
        "experiment_spec": "experiment performance strategy",
        "asset_brief creatives qa_report": "creative legal",
        "execution monitoring delivery": "ops strategy",
        "experiment_report playbook": "experiment strategy",
        "plan": "ops strategy creative legal performance experiment data",
    }
    allowed = next(roles.split() for types, roles in table.items() if type in types.split())
    assert {role for role in ROLES if store.may_decide(role, type)} == {*allowed, "admin", "partner"}  # type: ignore[arg-type]


async def test_an_outdated_version_cannot_be_decided(desk: Desk) -> None:
    first = await desk.write("intake")
    await desk.write("intake")
    await desk.write("intake")
    with pytest.raises(Conflict, match=r"^v3 is newer\.$"):
        await desk.approve(first)


async def test_an_archived_version_can_be_neither_approved_nor_sent_back(desk: Desk, db: Database) -> None:
    first = await desk.approved("intake")
    second = await desk.approved("intake")
    assert (await desk.now(first)).status == "archived"
    with pytest.raises(Conflict, match=r"^v2 is newer\.$"):
        await desk.approve(first)
    async with db.org(desk.people.org_id) as conn:
        await conn.execute("update artifacts set status = 'archived' where id = %s", (second.id,))
    with pytest.raises(Conflict, match=r"v2 is archived: it was replaced for good"):
        await desk.approve(second)
    with pytest.raises(Conflict, match="archived"):
        await desk.decide_directly(second, "rejected")
    assert await desk.gate("client_canon") == ("intake is archived (v2) and must be replaced",)
    assert (await desk.write("intake")).version == 3


async def test_an_approval_names_the_content_it_was_shown(desk: Desk) -> None:
    intake = await desk.write("intake")
    with pytest.raises(Conflict, match="changed after it was shown"):
        await desk.approve(intake.model_copy(update={"content_hash": "0" * 64}))


async def test_the_second_to_approve_is_told_who_was_first(desk: Desk) -> None:
    intake = await desk.write("intake")
    await desk.approve(intake, "ops")
    with pytest.raises(Conflict, match=r"^Ops has already approved v1"):
        await desk.approve(intake, "strategy")


async def test_an_approved_version_cannot_be_sent_back_but_a_flagged_one_can(desk: Desk) -> None:
    await desk.approved("intake")
    canon = await desk.approved("client_canon")
    with pytest.raises(Conflict, match="edit it: that makes v2"):
        await desk.decide_directly(canon, "rejected")
    await desk.approved("intake")
    await desk.decide_directly(canon, "changes_requested", notes="Mention the new scent")
    kept = await desk.now(canon)
    assert (kept.status, [note.text for note in kept.notes]) == ("flagged_for_review", ["Mention the new scent"])


@pytest.mark.parametrize("decision", ["rejected", "changes_requested"])
async def test_sending_back_keeps_the_version_and_stores_the_note(desk: Desk, decision: str) -> None:
    intake = await desk.write("intake")
    await desk.decide_directly(intake, decision, "ops", notes="Too vague\x00")
    kept = await desk.now(intake)
    assert (kept.version, kept.status, kept.data) == (1, "draft", intake.data)
    [note] = kept.notes
    assert (note.kind, note.text, note.by) == (decision, "Too vague", desk.people["ops"])
    assert note.at is not None
    assert (await desk.approve(intake)).status == "approved"


async def test_the_note_of_an_approval_is_kept(desk: Desk) -> None:
    intake = await desk.write("intake")
    await desk.decide_directly(intake, "approved", notes="Good")
    assert [(note.kind, note.text) for note in (await desk.now(intake)).notes] == [("approved", "Good")]


async def test_an_intake_with_errors_cannot_be_approved_and_every_error_is_named(desk: Desk) -> None:
    data = document("intake", "Renters")
    del data["identity"]["industry"], data["voice"]["tone"]
    intake = await desk.write("intake", data=data)
    with pytest.raises(Blocked) as blocked:
        await desk.approve(intake)
    assert {reason.split(":")[0] for reason in blocked.value.reasons} == {"identity.industry", "voice.tone"}
    assert (await desk.now(intake)).status == "draft"


async def test_a_version_whose_gate_has_shut_since_cannot_be_approved(desk: Desk) -> None:
    await desk.approved("intake")
    canon = await desk.write("client_canon")
    await desk.write("intake")
    with pytest.raises(Blocked, match=r"intake is revised \(v2\) and must be approved"):
        await desk.approve(canon)


async def test_a_role_that_may_not_is_told_which_may(desk: Desk) -> None:
    intake = await desk.write("intake")
    with pytest.raises(Denied, match=r"Your role \(creative\) may not decide on the intake; these may: admin, ops"):
        await desk.approve(intake, "creative")


async def test_what_a_version_holds_cannot_be_changed_by_the_application(desk: Desk, db: Database) -> None:
    intake = await desk.write("intake")
    for column in ("data", "content_hash", "version", "source_versions", "client_id"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with db.org(desk.people.org_id) as conn:
                await conn.execute(f"update artifacts set {column} = {column} where id = %s", (intake.id,))  # type: ignore[arg-type]


async def test_no_version_can_be_taken_away_except_with_its_client(desk: Desk, db: Database) -> None:
    await desk.write("intake")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with db.org(desk.people.org_id) as conn:
            await conn.execute("delete from artifacts")
    async with db.org(desk.people.org_id) as conn:
        await conn.execute("delete from clients where id = %s", (desk.client_id,))
    assert await desk.newest("intake") is None


async def test_lists_give_newest_versions_page_by_page(desk: Desk, db: Database) -> None:
    for key in "abcde":
        await desk.write("qa_report", key=key)
        await desk.write("qa_report", key=key)
    seen: list[tuple[str, int]] = []
    where = {"type": "qa_report", "client_id": desk.client_id, "campaign_id": None, "limit": 2}
    page = {"before_at": None, "before_id": None}
    while True:
        async with db.org(desk.people.org_id) as conn:
            rows = await queries.list_artifacts(conn, True, {**where, **page})
        if not rows:
            break
        seen += [(row.key, row.version) for row in rows]
        page = {"before_at": rows[-1].created_at, "before_id": rows[-1].id}
    assert seen == [(key, 2) for key in "edcba"]
