"""Checking texts and pieces through the tools, and mending what is certain."""

from typing import Any

import pytest

from knowledge.artifacts.queries import latest
from knowledge.assets import service
from knowledge.assets.models import Asset
from knowledge.db import Database
from knowledge.errors import Conflict, Invalid
from tests.conftest import People
from tests.tools.conftest import NoWork, caller_of
from tools.call import call
from tools.catalog import CATALOG
from tools.checks.view import ReviewView
from tools.spec import ToolContext

EMAIL = {
    "subject": "Re: Your racket",
    "preheader": "Thirty minutes with a coach, then you know which one suits you.",
    "bodyMarkdown": "Come by. [Click here](https://nordlicht.test/termin).",
    "callToAction": {"label": "Book a slot", "url": None},
}


async def make(db: Database, people: People, **more: Any) -> Asset:
    values: dict[str, Any] = {
        "org_id": people.org_id, "client_id": people.client_id, "campaign_id": None, "run_id": None, "channel": "email",
        "format": "email_html", "title": "Re: Your racket", "content": EMAIL, "seo": {}, "agent": None, "model": None,
        "idempotency_key": None, **more,
    }  # fmt: skip
    async with db.org(people.org_id) as conn:
        return await service.create(conn, values)


async def report(db: Database, asset: Asset) -> dict[str, Any]:
    async with db.org(asset.org_id) as conn:
        found = await latest(conn, asset.client_id, "qa_report", asset.campaign_id, f"{asset.id}:preflight")
    assert found is not None
    return {**found.data, "version": found.version}


def context(db: Database, people: People) -> ToolContext:
    return ToolContext(caller_of(people), db, NoWork())


async def test_a_pasted_email_is_held_against_the_rules_of_emails(db: Database, people: People) -> None:
    text = "Subject: RE: your order!!!\nPreheader: Short\n\nClick here: http://bit.ly/x"
    found = await call(CATALOG["review_text"], context(db, people), {"text": text, "channel": "email"})
    assert isinstance(found, ReviewView)
    rules = {one.rule for one in found.findings}
    assert {"email.subject_reply", "email.subject_marks", "email.preheader_length", "email.links_https"} <= rules
    assert found.score is None
    assert found.verdict == "needs_changes"
    for one in found.findings:
        assert one.source
        if one.place and one.place.part == "subject":
            assert "RE: your order!!!"[one.place.start : one.place.end] == one.place.text


async def test_a_new_piece_carries_its_report_and_the_same_check_writes_nothing_again(
    db: Database, people: People
) -> None:
    asset = await make(db, people)
    first = await report(db, asset)
    assert first["assetVersion"] == 1
    assert first["model"].startswith("rules 20")
    failed = {check["id"]: check for check in first["checks"] if not check["passed"]}
    assert failed["email.subject_reply-1"]["where"] == {"part": "subject", "text": "Re: ", "start": 0, "end": 4}
    assert failed["email.subject_reply-1"]["mend"] == ""
    assert first["unchecked"]
    await call(CATALOG["check_asset"], context(db, people), {"assetId": str(asset.id)})
    assert (await report(db, asset))["version"] == first["version"]


async def test_what_is_certain_is_mended_as_the_next_version(db: Database, people: People) -> None:
    asset = await make(db, people)
    given = {"assetId": str(asset.id), "contentHash": asset.content_hash, "checks": ["email.subject_reply-1"]}
    await call(CATALOG["apply_mend"], context(db, people), given)
    async with db.org(people.org_id) as conn:
        edited = await service.get(conn, asset.id)
    assert edited.content["subject"] == edited.title == "Your racket"
    assert (edited.version, edited.status) == (2, "draft")
    after = await report(db, edited)
    assert after["assetVersion"] == 2
    assert "email.subject_reply-1" not in {check["id"] for check in after["checks"]}
    with pytest.raises(Conflict, match="newer"):
        await call(CATALOG["apply_mend"], context(db, people), given)


async def test_what_needs_thought_is_not_mended(db: Database, people: People) -> None:
    asset = await make(db, people)
    given = {"assetId": str(asset.id), "contentHash": asset.content_hash}
    with pytest.raises(Invalid, match="has to think"):
        await call(CATALOG["apply_mend"], context(db, people), {**given, "checks": ["seo.link_text-1"]})
    with pytest.raises(Invalid, match="no finding"):
        await call(CATALOG["apply_mend"], context(db, people), {**given, "checks": ["seo.nothing-1"]})


async def test_an_article_carries_its_content_score_by_group(db: Database, people: People) -> None:
    content = {"markdown": "# A title\n\nHow?\n", "slug": "A Title", "metaDescription": "Short."}
    asset = await make(
        db, people, channel="blog", format="blog_post", title="A title", content=content,
        seo={"targetKeyword": "padel racket"},
    )  # fmt: skip
    score = asset.seo["score"]
    assert 0 <= score["total"] < 60
    assert {group["name"] for group in score["groups"]} >= {"structure", "keyphrase", "answer first"}
    assert asset.seo["targetKeyword"] == "padel racket"
    assert all(group["why"] for group in score["groups"] if group["score"] < 100)
