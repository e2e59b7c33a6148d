"""Proposed edits and files over HTTP: looked at, taken once, closed to strangers and to keys without the scope."""

from typing import Any
from uuid import uuid4

import pytest

from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.proposals import service as proposals
from knowledge.proposals.hunks import hunks
from knowledge.proposals.models import Account, Proposal
from tests.assistant.api.conftest import Door

TEXT = "# Größe zählt\n\nIn order to fit, measure twice. Keep it dry.\n"


@pytest.fixture
async def article(door: Door) -> Asset:
    content = {"markdown": TEXT, "slug": "groesse", "metaDescription": "Measure twice.", "language": "en"}
    values: dict[str, Any] = {
        "org_id": door.people.org_id, "client_id": door.people.client_id, "campaign_id": None, "run_id": None,
        "channel": "blog", "format": "blog_post", "title": "Größe zählt", "content": content, "seo": {},
        "agent": "seo_writer", "model": "offline", "idempotency_key": None,
    }  # fmt: skip
    async with door.parts.db.org(door.people.org_id) as conn:
        return await assets.create(conn, values)


@pytest.fixture
async def proposal(door: Door, article: Asset) -> Proposal:
    found = hunks(TEXT, TEXT.replace("In order to", "To").replace("Keep it dry", "Keep it dark"))
    async with door.parts.db.org(door.people.org_id) as conn:
        who = {"kind": "polish", "run_id": None, "agent": "polisher", "model": "offline", "idempotency_key": None}
        return await proposals.propose(conn, article, found, Account(), **who)


async def test_changes_are_seen_word_by_word_and_taken_once(door: Door, article: Asset, proposal: Proposal) -> None:
    seen = (await door.get(f"/assets/{article.id}/proposal"))["proposal"]
    assert seen["id"] == str(proposal.id) and seen["mayTake"] and len(seen["hunks"]) == 2
    assert {span["op"] for span in seen["hunks"][0]["spans"]} == {"same", "added", "removed"}
    assert (await door.get(f"/assets/{article.id}"))["proposalId"] == str(proposal.id)
    path = f"/api/proposals/{proposal.id}/take"
    taken = await door.http.post(path, json={"hunks": [seen["hunks"][1]["id"]]})
    assert taken.status_code == 200 and taken.json()["version"] == 2
    assert "Keep it dark" in taken.json()["markdown"] and "In order to fit" in taken.json()["markdown"]
    assert (await door.http.post(path, json={"hunks": [seen["hunks"][0]["id"]]})).status_code == 409
    assert (await door.http.post(path, json={"hunks": []})).status_code == 422
    assert (await door.get(f"/assets/{article.id}/proposal"))["proposal"] is None


async def test_what_is_let_go_leaves_the_piece_alone(door: Door, article: Asset, proposal: Proposal) -> None:
    gone = await door.http.post(f"/api/proposals/{proposal.id}/dismiss")
    assert gone.status_code == 200 and gone.json()["version"] == 1
    assert (await door.get(f"/proposals/{proposal.id}"))["status"] == "dismissed"
    await door.get(f"/proposals/{uuid4()}", 404)
    await door.get(f"/assets/{uuid4()}/export", 404)


@pytest.mark.parametrize(
    ("format", "type", "begins"),
    [
        ("markdown", "text/markdown", b"# Gr"),
        ("html", "text/html", b"<!doctype html>"),
        ("docx", "application/vnd", b"PK"),
    ],
)
async def test_a_piece_is_taken_away_as_a_file(
    door: Door, article: Asset, format: str, type: str, begins: bytes
) -> None:
    response = await door.http.get(f"/api/assets/{article.id}/export", params={"format": format})
    assert response.status_code == 200 and response.headers["content-type"].startswith(type)
    assert response.content.startswith(begins) and "groesse-draft." in response.headers["content-disposition"]
    assert response.headers["content-security-policy"].startswith("sandbox")


async def test_a_rejected_piece_is_not_exported(door: Door, article: Asset) -> None:
    async with door.parts.db.org(door.people.org_id) as conn:
        await conn.execute("update assets set status = 'rejected' where id = %s", (article.id,))
    blocked = await door.get(f"/assets/{article.id}/export", 409)
    assert "the piece is rejected" in str(blocked)
