"""Claims and several decisions at once through the door."""

from typing import Any
from uuid import uuid4

from knowledge.assets.models import Asset
from tests.assistant.api.conftest import Door, add_asset, add_document, add_report
from tests.knowledge.shelves import add_quotes

GROWTH = "Sales grew by 40 %."


async def piece(door: Door, text: str, **more: Any) -> Asset:
    async with door.parts.db.org(door.people.org_id) as conn:
        return await add_asset(conn, door.people, content={"markdown": text}, **more)


async def waiting(door: Door, asset: Asset) -> None:
    from knowledge.approvals import queries

    async with door.parts.db.org(door.people.org_id) as conn:
        await queries.ask_for_asset(conn, asset.id)


async def ledger(door: Door, asset: Asset) -> dict[str, Any]:
    return await door.get(f"/assets/{asset.id}/claims")


async def test_the_ledger_shows_each_sentence_with_its_place_and_what_holds_approval_up(door: Door) -> None:
    asset = await piece(door, f"# Candles\n\n{GROWTH} Evenings are short.")
    shown = await ledger(door, asset)
    claim = next(one for one in shown["items"] if one["kind"] == "statistic")
    body = next(part["text"] for part in shown["parts"] if part["name"] == claim["part"])
    assert body[claim["start"] : claim["end"]] == claim["text"] == GROWTH
    assert (claim["status"], claim["blocks"], claim["evidence"]) == ("unsupported", True, [])
    assert (shown["counts"]["unsupported"], shown["mayAccept"]) == (1, True)
    assert len(shown["blocking"]) == 1
    refused = await door.post(
        f"/assets/{asset.id}/decision", {"decision": "approved", "contentHash": asset.content_hash}, 409
    )
    assert refused["reasons"] == shown["blocking"]
    assert GROWTH in refused["detail"]


async def test_evidence_is_added_and_the_piece_is_approved(door: Door) -> None:
    asset = await piece(door, "Customers say they exchanged it within 14 days.")
    async with door.parts.db.org(door.people.org_id) as conn:
        await add_quotes(conn, door.people, "I had another one within 14 days, no fuss at all.")
        row = await (await conn.execute("select id from voc_snippets")).fetchone()
    assert row is not None
    (claim,) = [one for one in (await ledger(door, asset))["items"] if one["blocks"]]
    body = {"kind": "voc", "id": str(row[0]), "quote": "another one within 14 days"}
    wrong = await door.post(f"/claims/{claim['id']}/evidence", {**body, "quote": "within 12 days"}, 422)
    assert "word for word" in wrong["detail"]
    proved = await door.post(f"/claims/{claim['id']}/evidence", body)
    assert (proved["status"], proved["blocks"], proved["evidence"][0]["addedBy"]) == ("supported", False, "Partner")
    decided = await door.post(
        f"/assets/{asset.id}/decision", {"decision": "approved", "contentHash": asset.content_hash}
    )
    assert decided["status"] == "approved"


async def test_an_entitled_person_answers_by_name_and_can_take_it_back(door: Door) -> None:
    asset = await piece(door, GROWTH)
    (claim,) = (await ledger(door, asset))["items"]
    path = f"/claims/{claim['id']}/acceptance"
    door.sit("creative")
    assert (await door.post(path, {"note": "I know it."}, 403))["code"] == "denied"
    door.sit("legal")
    assert (await door.post(path, {"note": ""}, 422))["code"] == "invalid"
    accepted = await door.post(path, {"note": "Annual report, page 3.", "expiresOn": "2099-12-31"})
    assert (accepted["acceptedBy"], accepted["blocks"], accepted["expiresOn"]) == ("Legal", False, "2099-12-31")
    assert (await ledger(door, asset))["counts"]["accepted"] == 1
    taken_back = await door.post(path, {"accepted": False})
    assert (taken_back["acceptedBy"], taken_back["blocks"]) == (None, True)


async def test_a_critical_finding_blocks_until_somebody_answers_for_it(door: Door) -> None:
    async with door.parts.db.org(door.people.org_id) as conn:
        await add_document(conn, door.people, "intake", approved=True)
        await add_document(conn, door.people, "client_canon", approved=True)
    asset = await piece(door, "A non-toxic candle. Never leave a candle unattended.")
    shown = await ledger(door, asset)
    assert [one["sentence"] for one in shown["findings"]] == shown["blocking"]
    (finding,) = shown["findings"]
    assert "non-toxic" in finding["sentence"]
    path = f"/assets/{asset.id}/findings/{finding['id']}/acceptance"
    stale = await door.post(path, {"contentHash": "something else", "note": "Cleared."}, 409)
    assert stale["code"] == "conflict"
    cleared = await door.post(path, {"contentHash": asset.content_hash, "note": "Cleared by the lab."})
    assert (cleared["blocking"], cleared["findings"]) == ([], [])


async def test_several_pieces_are_decided_on_and_each_answers_for_itself(door: Door) -> None:
    good = await piece(door, "Evenings are short in winter.", title="Good")
    blocked = await piece(door, GROWTH, title="Blocked")
    changed = await piece(door, "Rain falls on roofs.", title="Changed")
    pieces = [
        {"assetId": str(blocked.id), "contentHash": blocked.content_hash},
        {"assetId": str(good.id), "contentHash": good.content_hash},
        {"assetId": str(changed.id), "contentHash": "what was shown before"},
        {"assetId": str(uuid4()), "contentHash": "nothing"},
    ]
    answer = await door.post("/assets/decisions", {"pieces": pieces, "decision": "approved"})
    assert [(one["title"], one["done"], one["code"]) for one in answer["items"]] == [
        ("Blocked", False, "blocked"),
        ("Good", True, None),
        ("Changed", False, "conflict"),
        ("", False, "not_found"),
    ]
    assert GROWTH in answer["items"][0]["reasons"][0]
    assert (answer["done"], answer["failed"]) == (1, 3)
    assert (await door.get(f"/assets/{good.id}"))["status"] == "approved"
    assert (await door.get(f"/assets/{blocked.id}"))["status"] == "draft"


async def test_the_same_request_again_decides_once(door: Door) -> None:
    good = await piece(door, "Evenings are short in winter.")
    body = {"pieces": [{"assetId": str(good.id), "contentHash": good.content_hash}], "decision": "approved"}
    key = {"Idempotency-Key": uuid4().hex}
    first = await door.post("/assets/decisions", body, headers=key)
    assert await door.post("/assets/decisions", body, headers=key) == first
    assert first["done"] == 1


async def test_several_pieces_at_once_want_a_decider_and_no_doubles(door: Door) -> None:
    good = await piece(door, "Evenings are short in winter.")
    one = {"assetId": str(good.id), "contentHash": good.content_hash}
    assert (await door.post("/assets/decisions", {"pieces": [one, one], "decision": "approved"}, 422))[
        "code"
    ] == "invalid"
    assert (await door.post("/assets/decisions", {"pieces": [], "decision": "approved"}, 422))["code"] == "invalid"
    door.sit("data")
    answer = await door.post("/assets/decisions", {"pieces": [one], "decision": "approved"})
    assert [item["code"] for item in answer["items"]] == ["denied"]


async def test_the_inbox_is_filtered_and_says_what_holds_a_piece_up(door: Door) -> None:
    good = await piece(door, "Evenings are short in winter.", title="Good")
    blocked = await piece(door, GROWTH, title="Blocked", channel="linkedin", format="post")
    for asset in (good, blocked):
        await waiting(door, asset)
    async with door.parts.db.org(door.people.org_id) as conn:
        await add_report(conn, door.people, good, "brand", 9.0)
        await add_document(conn, door.people, "intake")
    items = {one["title"]: one for one in (await door.get("/inbox?kind=asset"))["items"]}
    assert {title: (one["openClaims"], one["channel"]) for title, one in items.items()} == {
        "Good": (0, "blog"),
        "Blocked": (1, "linkedin"),
    }

    async def titles(query: str) -> list[str]:
        return [one["title"] for one in (await door.get(f"/inbox?{query}"))["items"]]

    assert await titles("channel=linkedin") == ["Blocked"]
    assert await titles("status=approved") == []
    assert await titles(f"kind=asset&clientId={door.people.client_id}") == ["Good", "Blocked"]
    good_score = items["Good"]["shownScore"]["value"] / 10
    assert await titles(f"scoreFrom={good_score}&scoreTo={good_score}&channel=blog") == ["Good"]
    assert (await door.get("/inbox?scoreFrom=11", 422))["code"] == "invalid"


async def test_a_score_means_the_same_in_the_inbox_and_on_the_card(door: Door) -> None:
    article = await piece(door, "Evenings are short in winter.", title="Article")
    post = await piece(door, "Rain falls on the harbour.", title="Post", channel="linkedin", format="post")
    for asset in (article, post):
        await waiting(door, asset)
        async with door.parts.db.org(door.people.org_id) as conn:
            await add_report(conn, door.people, asset, "brand", 9.0)
            await add_report(conn, door.people, asset, "compliance", 8.5)
    inbox = {one["title"]: one for one in (await door.get("/inbox?kind=asset"))["items"]}
    for asset in (article, post):
        view = await door.get(f"/assets/{asset.id}")
        listed = next(one for one in (await door.get("/assets"))["items"] if one["id"] == str(asset.id))
        assert view["shownScore"] == listed["shownScore"] == inbox[asset.title]["shownScore"]
        assert view["score"] == inbox[asset.title]["score"] == 8.8, "critics only, a half up"
    assert inbox["Post"]["shownScore"]["words"] == "reviewers 8.8 of 10"
    assert inbox["Article"]["shownScore"]["words"] == f"content score {inbox['Article']['contentScore']} of 100"


async def test_claims_of_a_client_are_listed_over_its_pieces(door: Door) -> None:
    await piece(door, GROWTH)
    await piece(door, "Prices from 3 €.")
    found = await door.get(f"/claims?clientId={door.people.client_id}&status=unsupported")
    assert {one["kind"] for one in found["items"]} == {"statistic", "price"}
    assert (await door.get("/claims", 422))["code"] == "invalid"
