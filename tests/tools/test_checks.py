"""Checking texts and pieces through the tools, and mending what is certain."""

from typing import Any
from uuid import UUID

import pytest

from knowledge.artifacts.queries import latest
from knowledge.assets import service
from knowledge.assets.models import Asset
from knowledge.claims.queries import of_version as claims_of
from knowledge.db import Database
from knowledge.errors import Conflict, Invalid
from tests.conftest import People
from tests.knowledge.claims.keeping import canon
from tests.knowledge.desk import open_desk
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


async def only_claim(db: Database, asset: Asset) -> UUID:
    async with db.org(asset.org_id) as conn:
        return next(one.id for one in await claims_of(conn, asset.id, asset.version) if one.kind == "regulated")


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


async def test_a_pasted_texts_claims_are_findings_at_their_places_though_no_client_is_chosen(
    db: Database, people: People
) -> None:
    text = "Our tea cures headaches. 87 % of customers sleep better. Money back if it fails. Tea is warm."
    found = await call(CATALOG["review_text"], context(db, people), {"text": text})
    assert isinstance(found, ReviewView)
    claims = {one.rule: one for one in found.findings if one.group == "claims"}
    assert set(claims) == {"claims.regulated", "claims.statistic", "claims.guarantee"}
    assert claims["claims.regulated"].message == "A regulated claim about health that needs evidence."
    assert claims["claims.regulated"].severity == "critical"
    assert claims["claims.guarantee"].message == "A promise that needs evidence."
    assert claims["claims.statistic"].place is not None
    assert claims["claims.statistic"].place.text == "87 % of customers sleep better."
    for one in claims.values():
        assert one.place
        assert text[one.place.start : one.place.end] == one.place.text
        assert one.source
    assert found.verdict == "fail"
    assert all(one.status != "contradicted" for one in found.claims)


async def test_a_pasted_text_is_held_against_what_the_client_has_on_file(db: Database, people: People) -> None:
    desk = await open_desk(db, people)
    await canon(desk)
    benefits = ["Every racket is weighed before it ships", "91 % of our customers keep their racket"]
    await canon(desk, keyBenefits=benefits, guarantees=["30 days to return a racket"])
    text = (
        "We weigh every racket before it ships. 97 % of our customers keep their racket. "
        "You can return a racket within 30 days. Our rackets are climate neutral."
    )
    asked = {"text": text, "clientId": str(desk.client_id)}
    found = await call(CATALOG["review_text"], context(db, people), asked)
    assert isinstance(found, ReviewView)
    stands = {one.text: one.status for one in found.claims}
    assert stands["97 % of our customers keep their racket."] == "contradicted"
    assert stands["You can return a racket within 30 days."] == "supported"
    assert stands["Our rackets are climate neutral."] == "unsupported"
    wrong = next(one for one in found.findings if one.rule == "claims.statistic")
    assert wrong.severity == "critical"
    assert "91 %" in wrong.evidence
    assert [one.rule for one in found.findings if one.place and "climate" in one.place.text] == ["claims.regulated"]


async def test_the_claims_of_a_pasted_html_email_stand_at_their_places_in_it(db: Database, people: People) -> None:
    html = (
        "<html><head><title>9 % off</title></head><body><p>Our tea <b>cures</b> headaches.</p>"
        "<p>From &euro; 12.</p></body></html>"
    )
    found = await call(CATALOG["review_text"], context(db, people), {"text": html, "channel": "email"})
    assert isinstance(found, ReviewView)
    claims = [one for one in found.findings if one.group == "claims" and one.place]
    assert [one.place.text for one in claims if one.place] == ["Our tea <b>cures</b> headaches.", "From &euro; 12."]


async def test_a_stored_pieces_review_names_its_open_claims_until_somebody_answers_for_them(
    db: Database, people: People
) -> None:
    content = {**EMAIL, "bodyMarkdown": "Our racket cures tennis elbow pain."}
    asset = await make(db, people, content=content)
    found = await call(CATALOG["check_asset"], context(db, people), {"assetId": str(asset.id)})
    assert isinstance(found, ReviewView)
    (one,) = [one for one in found.claims if one.open]
    assert (one.kind, one.text) == ("regulated", "Our racket cures tennis elbow pain.")
    given = {"claimId": str(await only_claim(db, asset)), "note": "Study on my desk."}
    await call(CATALOG["accept_claim"], ToolContext(caller_of(people, "legal"), db, NoWork()), given)
    again = await call(CATALOG["check_asset"], context(db, people), {"assetId": str(asset.id)})
    assert isinstance(again, ReviewView)
    assert not [one for one in again.claims if one.open]
    assert not [one for one in again.findings if one.group == "claims"]
