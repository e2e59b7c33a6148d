"""Clients, intake, documents and pieces through the door: reading, editing, deciding, comparing."""

import asyncio
import copy
from typing import Any

from tests.assistant.api.conftest import Door, add_asset, add_document, add_report
from tests.knowledge.artifacts import examples


async def intake_of(door: Door) -> dict[str, Any]:
    return await door.get(f"/clients/{door.people.client_id}/intake")


async def filled(door: Door) -> dict[str, Any]:
    return await door.put(f"/clients/{door.people.client_id}/intake", {"data": examples.INTAKE})


async def decide(door: Door, view: dict[str, Any], decision: str, status: int = 200, **more: Any) -> dict[str, Any]:
    id = view.get("artifactId") or view["id"]
    body = {"decision": decision, "contentHash": view["contentHash"], **more}
    return await door.post(f"/artifacts/{id}/decision", body, status)


async def test_clients_and_campaigns_are_made_listed_and_found(door: Door) -> None:
    made = await door.post("/clients", {"name": "  Nordlicht  ", "industry": "Energy"}, 201)
    assert (made["name"], made["status"]) == ("Nordlicht", "active")
    assert (await door.get(f"/clients/{made['id']}"))["industry"] == "Energy"
    assert (await door.post("/clients", {"name": "nordlicht"}, 409))["code"] == "conflict"
    found = await door.get("/clients?query=nord&limit=1")
    assert [client["name"] for client in found["items"]] == ["Nordlicht"]
    first = await door.get("/clients?limit=1")
    second = await door.get(f"/clients?limit=1&cursor={first['nextCursor']}")
    assert {first["items"][0]["name"], second["items"][0]["name"]} == {"Agency's client", "Nordlicht"}
    assert second["nextCursor"] is None
    path = f"/clients/{made['id']}/campaigns"
    campaign = await door.post(path, {"name": "Spring", "goalDescription": "300 orders"}, 201)
    assert campaign["goalDescription"] == "300 orders"
    assert [one["name"] for one in (await door.get(path))["items"]] == ["Spring"]


async def test_the_form_shows_every_question_once_and_extra_ones_when_they_apply(door: Door) -> None:
    sections = (await door.get("/intake/form"))["sections"]
    assert [section["title"] for section in sections][:2] == ["Client identity", "Offer and economics"]
    questions = {question["name"]: question for section in sections for question in section["fields"]}
    assert questions["identity.website"]["unless"] == "identity.noWebsiteYet"
    assert questions["hiring.evp"]["when"] == {"field": "goals.objective", "in": ["hiring"], "contains": True}
    assert questions["voice.languages"]["kind"] == "choices"


async def test_a_half_filled_intake_is_kept_and_says_what_is_missing(door: Door) -> None:
    empty = await intake_of(door)
    assert (empty["artifactId"], empty["version"], empty["status"]) == (None, 0, "draft")
    half = {"identity": {"name": "Lumen", "website": "no address"}}
    saved = await door.put(f"/clients/{door.people.client_id}/intake", {"data": half})
    assert saved["version"] == 1
    assert {
        "field": "identity.website",
        "message": "must be a full web address such as https://example.com",
    }.items() <= (saved["findings"]["errors"][0].items())
    assert "offer.primaryOffers" in [missing["path"] for missing in saved["missing"]]
    again = await door.put(f"/clients/{door.people.client_id}/intake", {"data": half})
    assert again["version"] == 1, "saving the same answers makes no version"
    problem = await decide(door, saved, "approved", 409)
    assert (problem["code"], len(problem["reasons"])) == ("blocked", len(saved["findings"]["errors"]))
    stale = {"data": {"identity": {"name": "Other"}}, "contentHash": "of something older"}
    assert (await door.put(f"/clients/{door.people.client_id}/intake", stale, 409))["code"] == "conflict"


async def test_an_approved_intake_opens_the_next_step(door: Door) -> None:
    saved = await filled(door)
    gate = await door.post("/tools/check_gate", {"type": "client_canon", "clientId": saved["clientId"]})
    assert gate["sentence"] == "client_canon is blocked: intake is draft (v1) and must be approved"
    door.sit("creative")
    assert not (await intake_of(door))["mayDecide"]
    assert "creative" in (await decide(door, saved, "approved", 403))["detail"]
    door.sit("strategy")
    view = await decide(door, saved, "approved")
    assert (view["status"], view["approvedByName"]) == ("approved", "Strategy")
    assert view["unlocked"] == {"label": "Onboard now", "command": "/onboard"}
    assert view["decision"]["decidedByName"] == "Strategy"
    gate = await door.post("/tools/check_gate", {"type": "client_canon", "clientId": saved["clientId"]})
    assert gate["allowed"]


async def test_a_document_is_shown_with_everything_around_it(door: Door) -> None:
    async with door.parts.db.org(door.people.org_id) as conn:
        intake = await add_document(conn, door.people, "intake", approved=True)
        canon = await add_document(conn, door.people, "client_canon")
    view = await door.get(f"/artifacts/{canon.id}")
    assert view["createdBy"] == "planner"
    assert view["typeTitle"] == "Client canon"
    assert view["builtFrom"] == [{"type": "intake", "typeTitle": "Intake", "version": 1, "artifactId": str(intake.id)}]
    assert "# Client canon" in view["markdown"]
    assert view["data"] == canon.data
    assert view["schema"]["properties"]["brand"]
    assert view["mayDecide"]
    listed = (await door.get("/artifacts?type=client_canon"))["items"]
    assert [one["id"] for one in listed] == [str(canon.id)]
    assert "markdown" not in listed[0]


async def test_an_edit_makes_a_version_that_must_be_approved_again_and_flags_what_was_built(door: Door) -> None:
    async with door.parts.db.org(door.people.org_id) as conn:
        await add_document(conn, door.people, "intake", approved=True)
        first = await add_document(conn, door.people, "client_canon", approved=True)
        metrics = await add_document(conn, door.people, "metric_schema", approved=True)
    data = copy.deepcopy(first.data)
    data["brand"]["story"] = "Two chandlers were tired of smoke."
    shown = {"data": data, "contentHash": first.content_hash}
    second = await door.put(f"/artifacts/{first.id}", shown)
    assert (second["version"], second["status"], second["createdBy"]) == (2, "revised", "Partner")
    flagged = await door.get(f"/artifacts/{metrics.id}")
    assert (flagged["status"], flagged["flaggedReason"]) == (
        "flagged_for_review",
        "client_canon went from v1 to v2",
    )
    old = await door.get(f"/artifacts/{first.id}")
    assert (old["latestVersion"], old["latestId"], old["mayDecide"]) == (2, second["id"], False)
    assert "v2 is newer" in (await door.put(f"/artifacts/{first.id}", shown, 409))["detail"]
    problem = await decide(door, old, "approved", 409)
    assert problem["facts"]["newest"] == second["id"]
    versions = (await door.get(f"/artifacts/{first.id}/versions"))["items"]
    assert [(version["version"], version["createdBy"]) for version in versions] == [(2, "Partner"), (1, "planner")]
    diff = await door.get(f"/artifacts/{second['id']}/diff?against={first.id}")
    (change,) = diff["changes"]
    assert (change["path"], change["kind"]) == ("brand.story", "changed")
    assert ["insert", "smoke"] in change["words"]
    assert (await door.get(f"/artifacts/{second['id']}/diff"))["againstVersion"] == 1
    wrong = {"data": {**data, "brand": {}}, "contentHash": second["contentHash"]}
    problem = await door.put(f"/artifacts/{second['id']}", wrong, 422)
    assert {"field": "brand.story", "message": "is required"} in problem["fields"]


async def test_changes_are_requested_with_a_note_and_a_second_decision_is_told_of_the_first(door: Door) -> None:
    async with door.parts.db.org(door.people.org_id) as conn:
        await add_document(conn, door.people, "intake", approved=True)
        canon = await add_document(conn, door.people, "client_canon")
    view = await door.get(f"/artifacts/{canon.id}")
    assert (await decide(door, view, "changes_requested", 422))["fields"][0]["field"] == "notes"
    sent_back = await decide(door, view, "changes_requested", notes="Shorter, please.")
    assert sent_back["decision"]["notes"] == "Shorter, please."
    await decide(door, {**view, "contentHash": "of something else"}, "approved", 409)
    approved = await decide(door, view, "approved")
    assert approved["status"] == "approved"
    assert "already approved" in (await decide(door, view, "approved", 409))["detail"]


async def test_of_two_people_deciding_at_once_one_wins(door: Door) -> None:
    view = await filled(door)
    body = {"decision": "approved", "contentHash": view["contentHash"]}
    path = f"/api/artifacts/{view['artifactId']}/decision"
    answers = await asyncio.gather(*(door.http.post(path, json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_an_approval_with_edits_approves_the_edited_version(door: Door) -> None:
    view = await filled(door)
    data = copy.deepcopy(view["data"])
    data["voice"]["tone"] = "Dry"
    edited = await decide(door, view, "approved", edits=data)
    assert (edited["version"], edited["status"], edited["data"]["voice"]["tone"]) == (2, "approved", "Dry")


async def test_comments_stay_open_over_versions_until_they_are_resolved(door: Door) -> None:
    view = await filled(door)
    path = f"/artifacts/{view['artifactId']}/comments"
    await door.post(path, {"body": "   "}, 422)
    made = await door.post(path, {"body": "<b>Which renters?</b>"}, 201)
    assert (made["authorName"], made["body"]) == ("Partner", "<b>Which renters?</b>")
    data = {**view["data"], "voice": {"tone": "Dry"}}
    newer = await door.put(f"/artifacts/{view['artifactId']}", {"data": data, "contentHash": view["contentHash"]})
    assert newer["openComments"] == 1
    assert (await door.post(f"/comments/{made['id']}/resolve"))["resolvedAt"]
    assert (await door.get(f"/artifacts/{newer['id']}"))["openComments"] == 0
    assert len((await door.get(f"/artifacts/{newer['id']}/comments"))["items"]) == 1


async def test_a_piece_is_shown_with_its_findings_decided_and_published_once(door: Door) -> None:
    async with door.parts.db.org(door.people.org_id) as conn:
        asset = await add_asset(conn, door.people)
        await add_report(conn, door.people, asset, "brand", 9)
        await add_report(conn, door.people, asset, "compliance", 8)
    view = await door.get(f"/assets/{asset.id}")
    assert (view["score"], view["wordCount"], view["markdown"][:9]) == (8.5, 6, "# Candles")
    assert [finding["reviewer"] for finding in view["findings"]] == [
        "brand",
        "compliance",
        "originality",
        "preflight",
    ]
    assert (await door.post(f"/assets/{asset.id}/publish", status=409))["code"] == "blocked"
    body = {"decision": "approved", "contentHash": view["contentHash"]}
    door.sit("data")
    await door.post(f"/assets/{asset.id}/decision", body, 403)
    await door.post(f"/assets/{asset.id}/publish", status=403)
    door.sit("creative")
    assert (await door.post(f"/assets/{asset.id}/decision", body))["status"] == "approved"
    await door.post(f"/assets/{asset.id}/decision", body, 409)
    first = await door.post(f"/assets/{asset.id}/publish")
    assert first["status"] == "published"
    assert (await door.post(f"/assets/{asset.id}/publish"))["publishedAt"] == first["publishedAt"]
    listed = await door.get(f"/assets?status=published&clientId={door.people.client_id}")
    assert [one["id"] for one in listed["items"]] == [str(asset.id)]


async def test_an_edited_piece_is_a_draft_again_and_an_old_click_is_refused(door: Door) -> None:
    async with door.parts.db.org(door.people.org_id) as conn:
        asset = await add_asset(conn, door.people)
    old = {"decision": "changes_requested", "contentHash": asset.content_hash, "notes": "Warmer."}
    await door.post(f"/assets/{asset.id}/decision", old)
    edit = {"assetId": str(asset.id), "contentHash": asset.content_hash, "markdown": "# Candles\n\nWarm words."}
    edited = await door.post("/tools/edit_asset", edit)
    assert (edited["version"], edited["status"], edited["decision"]) == (2, "draft", None)
    assert "newer" in (await door.post(f"/assets/{asset.id}/decision", old, 409))["detail"]
    foreign = {**edit, "contentHash": edited["contentHash"], "subject": "Hello"}
    assert (await door.post("/tools/edit_asset", foreign, 422))["fields"][0]["field"] == "subject"


async def test_pages_follow_each_other_without_gap_or_repetition(door: Door) -> None:
    async with door.parts.db.org(door.people.org_id) as conn:
        made = [str((await add_asset(conn, door.people, title=f"Piece {n}")).id) for n in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = await door.get(f"/assets?limit=2{cursor}")
        seen += [one["id"] for one in page["items"]]
        if page["nextCursor"] is None:
            break
        cursor = f"&cursor={page['nextCursor']}"
    assert sorted(seen) == sorted(made)
    assert len(seen) == 5
