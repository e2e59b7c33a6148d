"""Pieces: written once, edited into drafts, approved as shown, published when approved and nothing behind them moved."""

import asyncio
from typing import Any

import pytest

from knowledge.approvals import service as approvals
from knowledge.assets import queries, service
from knowledge.assets.models import Asset
from knowledge.db import Database
from knowledge.errors import Blocked, Conflict, Denied, Invalid, NotFound
from tests.conftest import ROLES, make_people
from tests.knowledge.desk import Desk, open_desk

ARTICLE = {"slug": "smoke", "sections": [], "markdown": "# No smoke\n\nThe candle that doesn't smoke – at last."}


def values(desk: Desk, **more: Any) -> dict[str, Any]:
    return {
        "org_id": desk.people.org_id,
        "client_id": desk.client_id,
        "campaign_id": None,
        "run_id": None,
        "channel": "blog",
        "format": "blog_post",
        "title": "No smoke",
        "content": ARTICLE,
        "seo": {"targetKeyword": "candle"},
        "agent": "seo_writer",
        "model": "offline",
        "idempotency_key": None,
        **more,
    }


async def create(desk: Desk, **more: Any) -> Asset:
    async with desk.db.org(desk.people.org_id) as conn:
        return await service.create(conn, values(desk, **more))


async def edit(desk: Desk, asset: Asset, text: str, title: str = "No smoke") -> Asset:
    async with desk.db.org(desk.people.org_id) as conn:
        content = {**asset.content, "markdown": text}
        return await service.edit(conn, asset.id, title=title, content=content, shown_hash=asset.content_hash)


async def decide(desk: Desk, asset: Asset, decision: Any = "approved", role: str = "creative", **more: Any) -> Asset:
    async with desk.db.org(desk.people.org_id) as conn:
        await approvals.decide_subject(
            conn,
            caller=desk.caller(role),
            subject_type="asset",
            subject_id=asset.id,
            gate="asset",
            decision=decision,
            **{"shown_hash": asset.content_hash, "notes": "Shorter", **more},
        )
        return await service.get(conn, asset.id)


async def publish(desk: Desk, asset: Asset, role: str = "creative") -> Asset:
    async with desk.db.org(desk.people.org_id) as conn:
        return await service.publish(conn, asset.id, role=role)


# ---------------------------------------------------------------- writing


async def test_a_new_piece_is_a_draft_with_its_words_counted(desk: Desk) -> None:
    made = await create(desk)
    assert (made.status, made.version, made.word_count) == ("draft", 1, 9)
    assert made.content == ARTICLE


async def test_the_same_key_at_once_makes_one_piece(desk: Desk) -> None:
    made = await asyncio.gather(*(create(desk, idempotency_key="run:write") for _ in range(6)))
    assert len({asset.id for asset in made}) == 1
    assert (await create(desk, idempotency_key="run:write", title="Other")).title == "No smoke"
    assert (await create(desk)).id != (await create(desk)).id


async def test_a_key_belongs_to_one_organisation(desk: Desk, db: Database) -> None:
    theirs = await open_desk(db, await make_people(db, "Strangers"))
    mine, other = await create(desk, idempotency_key="k"), await create(theirs, idempotency_key="k")
    assert mine.id != other.id
    with pytest.raises(NotFound):
        await publish(theirs, mine)


async def test_a_client_or_campaign_that_is_not_ours_is_refused(desk: Desk, db: Database) -> None:
    theirs = await open_desk(db, await make_people(db, "Strangers"))
    with pytest.raises(NotFound, match="That client"):
        await create(desk, client_id=theirs.client_id)
    with pytest.raises(NotFound, match="That campaign"):
        await create(desk, campaign_id=theirs.campaign_id)


async def test_characters_that_cannot_be_stored_do_not_lose_a_piece(desk: Desk) -> None:
    made = await create(desk, title="A\x00B", content={"markdown": "half \ud83d and nul \x00", "list": ["\x00"]})
    assert (made.title, made.content) == ("AB", {"markdown": "half \ufffd and nul ", "list": [""]})


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("don't stop", 2), ("state-of-the-art", 1), ("größer als 4,5 Fälle", 5), ("a — b", 2), ("__x__", 1)],
)
def test_words_are_counted_as_a_reader_would(text: str, words: int) -> None:
    assert service.count_words(text) == words


# ---------------------------------------------------------------- editing


@pytest.mark.parametrize("before", ["draft", "approved", "published", "rejected"])
async def test_an_edit_is_the_next_version_and_a_draft_again(desk: Desk, before: str) -> None:
    asset = await create(desk)
    if before in ("approved", "published"):
        asset = await decide(desk, asset)
    if before == "published":
        asset = await publish(desk, asset)
    if before == "rejected":
        asset = await decide(desk, asset, "rejected")
    assert asset.status == before
    edited = await edit(desk, asset, "New words")
    assert (edited.version, edited.status, edited.word_count) == (2, "draft", 2)
    assert edited.content_hash != asset.content_hash
    with pytest.raises(Blocked, match="the piece is draft"):
        await publish(desk, edited)


async def test_an_edit_of_what_has_changed_since_is_refused(desk: Desk) -> None:
    asset = await create(desk)
    await edit(desk, asset, "First")
    with pytest.raises(Conflict, match="v2 is newer than what you were shown"):
        await edit(desk, asset, "Second")


async def test_of_many_edits_at_once_one_is_kept(desk: Desk) -> None:
    asset = await create(desk)
    results = await asyncio.gather(*(edit(desk, asset, f"Words {n}") for n in range(6)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Asset"] + ["Conflict"] * 5


async def test_saving_without_a_change_keeps_the_approval(desk: Desk) -> None:
    approved = await decide(desk, await create(desk))
    with pytest.raises(Conflict, match=r"^Nothing changed since v1\.$"):
        await edit(desk, approved, ARTICLE["markdown"])
    assert (await publish(desk, approved)).status == "published"


async def test_an_open_request_follows_an_edit(desk: Desk) -> None:
    asset, run = await create(desk), await desk.run()
    async with desk.db.org(desk.people.org_id) as conn:
        asked = await approvals.request(
            conn, org_id=desk.people.org_id, run_id=run, gate="asset", subject_type="asset", subject_id=asset.id
        )
    assert asked.subject_hash == asset.content_hash
    edited = await edit(desk, asset, "New words")
    with pytest.raises(Conflict, match="v2 is newer"):
        await decide(desk, asset)
    assert (await decide(desk, edited)).status == "approved"
    async with desk.db.org(desk.people.org_id) as conn:
        answered = await approvals.get(conn, asked.id)
    assert (answered.decision, answered.subject_version) == ("approved", 2)


# ---------------------------------------------------------------- deciding


@pytest.mark.parametrize("role", ROLES)
async def test_pieces_are_for_creative_legal_partner_and_admin(desk: Desk, role: str) -> None:
    asset = await create(desk)
    if role in ("creative", "legal", "partner", "admin"):
        assert (await decide(desk, asset, role=role)).status == "approved"
        assert (await publish(desk, asset, role)).status == "published"
        return
    for decision in ("approved", "rejected", "changes_requested"):
        with pytest.raises(Denied, match=f"Your role \\({role}\\)"):
            await decide(desk, asset, decision, role)
    with pytest.raises(Denied, match="may not publish"):
        await publish(desk, asset, role)
    assert (await decide(desk, asset)).status == "approved"


async def test_a_decision_is_about_the_words_that_were_shown(desk: Desk) -> None:
    asset = await create(desk)
    await edit(desk, asset, "Other words")
    for decision in ("approved", "rejected", "changes_requested"):
        with pytest.raises(Conflict, match="newer than what you were shown"):
            await decide(desk, asset, decision)


async def test_what_each_decision_makes_of_a_piece(desk: Desk) -> None:
    asset = await create(desk)
    for decision, status in (("rejected", "rejected"), ("changes_requested", "draft"), ("approved", "approved")):
        assert (await decide(desk, asset, decision)).status == status
    assert (await decide(desk, asset, "changes_requested")).status == "draft"


async def test_an_approved_piece_is_approved_once_and_a_published_one_cannot_be_sent_back(desk: Desk) -> None:
    asset = await decide(desk, await create(desk))
    with pytest.raises(Conflict, match="already approved"):
        await decide(desk, asset)
    await publish(desk, asset)
    with pytest.raises(Conflict, match="published already; edit it"):
        await decide(desk, asset, "rejected")


async def test_of_two_who_decide_at_once_the_second_is_told(desk: Desk) -> None:
    for _ in range(4):
        asset = await create(desk)
        results = await asyncio.gather(
            decide(desk, asset, "approved", "creative"),
            decide(desk, asset, "rejected", "legal"),
            return_exceptions=True,
        )
        [lost] = [r for r in results if isinstance(r, Conflict)]
        [won] = [r for r in results if isinstance(r, Asset)]
        winner = "Creative" if won.status == "approved" else "Legal"
        assert lost.message == f"{winner} has already {won.status} this."


async def test_a_piece_is_edited_in_place_not_through_its_approval(desk: Desk) -> None:
    with pytest.raises(Invalid, match="edits"):
        await decide(desk, await create(desk), edits={"title": "x"})


# ---------------------------------------------------------------- publishing


@pytest.mark.parametrize("decision", [None, "rejected", "changes_requested"])
async def test_only_an_approved_piece_is_published(desk: Desk, decision: str | None) -> None:
    asset = await create(desk)
    if decision:
        asset = await decide(desk, asset, decision)
    with pytest.raises(Blocked, match=f"Publishing is blocked: the piece is {asset.status}"):
        await publish(desk, asset)


async def test_publishing_twice_publishes_once(desk: Desk) -> None:
    asset = await decide(desk, await create(desk))
    published = await asyncio.gather(*(publish(desk, asset) for _ in range(4)))
    assert len({p.published_at for p in published}) == 1
    assert await publish(desk, asset) == published[0]


async def test_nothing_is_published_while_a_document_behind_it_is_flagged(desk: Desk, db: Database) -> None:
    made = await desk.up_to("intake", "client_canon", "metric_schema", "strategy_sheet")
    elsewhere = await open_desk(db, desk.people, name="Autumn")
    # what the canon requires, and nothing that needs evidence
    safe = {**ARTICLE, "markdown": "# No smoke\n\nWhat makes a candle smoke?\n\nNever leave a candle unattended."}
    asset = await decide(desk, await create(desk, campaign_id=desk.campaign_id, content=safe))
    wide = await decide(desk, await create(desk, content=safe))
    await desk.approved("metric_schema")
    with pytest.raises(Blocked) as blocked:
        await publish(desk, asset)
    reason = "strategy_sheet is flagged for review (v1): metric_schema went from v1 to v2"
    assert blocked.value.reasons == [reason]
    assert (await publish(desk, wide)).status == "published"  # rests on the canon only
    other = await decide(desk, await create(desk, campaign_id=elsewhere.campaign_id, content=safe))
    assert (await publish(desk, other)).status == "published"
    await desk.approve(made["strategy_sheet"])
    assert (await publish(desk, asset)).status == "published"


async def test_lists_are_filtered_and_newest_first(desk: Desk) -> None:
    assets = [await create(desk, title=f"Piece {n}") for n in range(4)]
    await decide(desk, assets[1])
    where = {"client_id": desk.client_id, "campaign_id": None, "before_at": None, "before_id": None, "limit": 3}
    async with desk.db.org(desk.people.org_id) as conn:
        newest = await queries.list_assets(conn, {**where, "status": None})
        approved = await queries.list_assets(conn, {**where, "status": "approved"})
    assert [asset.title for asset in newest] == ["Piece 3", "Piece 2", "Piece 1"]
    assert [asset.title for asset in approved] == ["Piece 1"]
