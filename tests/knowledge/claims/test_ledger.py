"""The ledger in the database: read with every version, settled by people, in the way of an approval."""

from datetime import date, timedelta

import pytest

from knowledge.assets import service as assets
from knowledge.claims import service
from knowledge.db import Database
from knowledge.errors import Blocked, Conflict, Denied, Invalid, NotFound
from tests.conftest import ROLES, make_people
from tests.knowledge.claims.keeping import (
    accept,
    approve,
    bring,
    canon,
    check,
    claims_of,
    prove,
    quote,
    rewrite,
    the_claim,
    write,
)
from tests.knowledge.desk import Desk, open_desk

BURNS = "Our candle burns for 50 hours."
#: what the example canon requires
SAFETY = "\n\n*Never leave a candle unattended.*"


async def test_a_draft_has_its_claims_with_their_exact_places(desk: Desk) -> None:
    await canon(desk)
    asset = await write(desk, f"# A piece\n\nHello there. {BURNS} It smells of figs and rain.")
    claim = await the_claim(desk, asset)
    assert asset.content["markdown"][claim.start_at : claim.end_at] == claim.text == BURNS
    assert (claim.kind, claim.status, claim.part, claim.asset_version) == ("statistic", "supported", "body", 1)
    assert [(one["kind"], one["quote"], one["added"]) for one in claim.evidence] == [
        ("offer", "Burns for 50 hours", False)
    ]


async def test_an_unsupported_claim_blocks_approval_and_the_reason_names_the_sentence(desk: Desk) -> None:
    asset = await write(desk, "Nine out of ten dentists recommend it. Sales grew by 40 %.")
    with pytest.raises(Blocked) as blocked:
        await approve(desk, asset)
    assert len(blocked.value.reasons) == 2
    assert "“Sales grew by 40 %.”" in blocked.value.reasons[1]
    assert "“Nine out of ten dentists recommend it.”" in blocked.value.message


async def test_a_contradicted_claim_blocks_and_shows_what_is_on_file(desk: Desk) -> None:
    await canon(desk)
    asset = await write(desk, "Our candle burns for 90 hours.")
    with pytest.raises(Blocked, match="Burns for 50 hours"):
        await approve(desk, asset)


async def test_opinions_and_supported_claims_do_not_block(desk: Desk) -> None:
    await canon(desk)
    approved = await approve(desk, await write(desk, f"{BURNS} Evenings are short in winter.{SAFETY}"))
    assert approved.status == "approved"


async def test_changing_the_sentence_lifts_the_block(desk: Desk) -> None:
    await canon(desk)
    asset = await write(desk, "Our candle burns for 90 hours.")
    assert (await approve(desk, await rewrite(desk, asset, BURNS + SAFETY))).status == "approved"


@pytest.mark.parametrize("role", ROLES)
async def test_only_entitled_people_accept_a_claim(desk: Desk, role: str) -> None:
    asset = await write(desk, "Sales grew by 40 %.")
    claim = await the_claim(desk, asset)
    if role in service.MAY_ACCEPT:
        accepted = await accept(desk, claim, role)
        assert (accepted.accepted_by, accepted.accepted_note) == (desk.people[role], "I have seen the study.")
        assert (await approve(desk, asset)).status == "approved"
    else:
        with pytest.raises(Denied):
            await accept(desk, claim, role)


async def test_an_acceptance_needs_a_note_and_a_claim_that_needs_one(desk: Desk) -> None:
    await canon(desk)
    unsupported = await the_claim(desk, await write(desk, "Sales grew by 40 %."))
    with pytest.raises(Invalid):
        await accept(desk, unsupported, note=" ")
    with pytest.raises(Invalid):
        await accept(desk, unsupported, expires_on=date.today() - timedelta(days=1))
    with pytest.raises(Conflict):
        await accept(desk, await the_claim(desk, await write(desk, BURNS)))


async def test_an_acceptance_stays_with_the_sentence_through_edits(desk: Desk) -> None:
    asset = await write(desk, "Sales grew by 40 %. More follows.")
    await accept(desk, await the_claim(desk, asset))
    edited = await rewrite(desk, asset, "A new beginning.\n\n**Sales grew by 40 %.**")
    assert (await the_claim(desk, edited)).accepted_note == "I have seen the study."
    assert (await approve(desk, edited)).status == "approved"


async def test_an_acceptance_does_not_go_over_to_another_figure(desk: Desk) -> None:
    asset = await write(desk, "Sales grew by 40 %.")
    await accept(desk, await the_claim(desk, asset))
    edited = await rewrite(desk, asset, "Sales grew by 60 %.")
    assert (await the_claim(desk, edited)).accepted_at is None
    with pytest.raises(Blocked):
        await approve(desk, edited)


async def test_an_acceptance_ends_on_its_last_day(desk: Desk) -> None:
    asset = await write(desk, "Sales grew by 40 %.")
    claim = await accept(desk, await the_claim(desk, asset), expires_on=date.today())
    await approve(desk, asset)
    async with desk.db.org(desk.people.org_id) as conn:
        await conn.execute("update claims set expires_on = current_date - 1 where id = %s", (claim.id,))
        with pytest.raises(Blocked, match="acceptance ended"):
            await assets.publish(conn, asset.id, role="partner")


async def test_a_withdrawn_acceptance_stays_withdrawn_in_later_versions(desk: Desk) -> None:
    asset = await write(desk, "Sales grew by 40 %.")
    await accept(desk, await the_claim(desk, asset))
    edited = await rewrite(desk, asset, "Sales grew by 40 %. And so on it goes.")
    async with desk.db.org(desk.people.org_id) as conn:
        await service.withdraw(conn, desk.caller("admin"), (await the_claim(desk, edited)).id)
    await check(desk, edited)
    assert (await the_claim(desk, edited)).accepted_at is None


async def test_a_claim_of_an_older_version_cannot_be_accepted(desk: Desk) -> None:
    asset = await write(desk, "Sales grew by 40 %.")
    claim = await the_claim(desk, asset)
    await rewrite(desk, asset, "Sales grew by 60 %.")
    with pytest.raises(Conflict, match="v2 is newer"):
        await accept(desk, claim)


# ---------------------------------------------------------------- evidence


async def test_evidence_that_stands_there_word_for_word_supports_the_claim(desk: Desk) -> None:
    document = await bring(desk, "Annual report. Turnover went up by 40 % between May and June. The rest was quiet.")
    claim = await the_claim(desk, await write(desk, "Sales grew by 40 %."))
    assert claim.status == "unsupported"
    proved = await prove(desk, claim, kind="document", id=str(document), quote="Turnover went up by 40 %")
    assert (proved.status, proved.id) == ("supported", claim.id)
    assert proved.evidence[0]["addedBy"] == str(desk.people["creative"])


async def test_evidence_that_says_something_else_is_refused(desk: Desk) -> None:
    document = await bring(desk, "Turnover went up by 40 % between May and June.")
    claim = await the_claim(desk, await write(desk, "Sales grew by 60 %."))
    with pytest.raises(Invalid, match="word for word"):
        await prove(desk, claim, kind="document", id=str(document), quote="Turnover went up by 60 %")
    with pytest.raises(NotFound):
        await prove(desk, claim, kind="document", id="not-there", quote="Turnover went up by 40 %")
    with pytest.raises(NotFound):
        await prove(desk, claim, kind="source", id="https://never-opened.example", quote="Sales grew by 60 %")


async def test_evidence_with_another_figure_does_not_carry_the_claim(desk: Desk) -> None:
    document = await bring(desk, "Turnover went up by 40 % between May and June.")
    claim = await the_claim(desk, await write(desk, "Sales grew by 60 %."))
    kept = await prove(desk, claim, kind="document", id=str(document), quote="Turnover went up by 40 %")
    assert kept.status == "unsupported"


async def test_an_agents_evidence_has_to_speak_of_the_same(desk: Desk) -> None:
    document = await bring(desk, "The office has a green door and 40 % of its chairs are broken.")
    claim = await the_claim(desk, await write(desk, "Sales grew by 40 %."))
    with pytest.raises(Invalid, match="no word in common"):
        await prove(
            desk, claim, agent="compliance_critic", kind="document", id=str(document), quote="40 % of its chairs"
        )


async def test_added_evidence_stays_with_the_sentence_until_it_is_taken_off_the_file(desk: Desk) -> None:
    document = await bring(desk, "Turnover went up by 40 %.")
    asset = await write(desk, "Sales grew by 40 %.")
    await prove(
        desk, await the_claim(desk, asset), kind="document", id=str(document), quote="Turnover went up by 40 %."
    )
    edited = await rewrite(desk, asset, "It is so. Sales grew by 40 %.")
    assert (await the_claim(desk, edited)).status == "supported"
    async with desk.db.org(desk.people.org_id) as conn:
        await conn.execute("delete from documents")
    await check(desk, edited)
    claim = await the_claim(desk, edited)
    assert (claim.status, claim.evidence) == ("unsupported", [])


async def test_documents_of_the_client_are_searched(desk: Desk) -> None:
    document = await bring(desk, "About us.\n\nOur workshop pours 1,200 candles a day by hand.")
    claim = await the_claim(desk, await write(desk, "The workshop pours 1,200 candles a day."))
    assert (claim.status, claim.evidence[0]["id"], claim.evidence[0]["title"]) == (
        "supported",
        str(document),
        "Brand book",
    )


@pytest.mark.parametrize("kind", ["constraints_doc", "transcript"])
async def test_rules_and_calls_carry_no_claim(desk: Desk, kind: str) -> None:
    await bring(desk, "Our workshop pours 1,200 candles a day by hand.", kind)
    assert (await the_claim(desk, await write(desk, "The workshop pours 1,200 candles a day."))).status == "unsupported"


async def test_a_testimonial_is_found_among_all_the_clients_quotes(desk: Desk) -> None:
    id = await quote(desk, "It doesn’t smoke, and my flat smells of figs now.", author="Ann")
    asset = await write(desk, "> “It doesn't smoke, and my flat smells of figs now.”\n>\n> — Ann")
    claim = await the_claim(desk, asset)
    assert (claim.kind, claim.status, claim.evidence[0]["id"]) == ("testimonial", "supported", str(id))


async def test_an_altered_testimonial_blocks_and_shows_the_true_words(desk: Desk) -> None:
    await quote(desk, "It hardly smokes, and my flat smells of figs now.", author="Ann")
    asset = await write(desk, "> “It never smokes, and my flat smells of figs now.”\n>\n> — Ann")
    with pytest.raises(Blocked, match="It hardly smokes"):
        await approve(desk, asset)


async def test_another_clients_words_are_no_testimonial(desk: Desk, db: Database) -> None:
    other = await open_desk(db, await make_people(db, "Other"))
    id = await quote(other, "My flat smells of figs now, it is lovely.")
    asset = await write(desk, f"> “My flat smells of figs now, it is lovely.”\n>\n> — Ann [voc:{id}]")
    assert (await the_claim(desk, asset)).status == "unsupported"


async def test_claims_are_judged_by_what_is_on_file_when_it_is_decided(desk: Desk) -> None:
    await canon(desk)
    asset = await write(desk, BURNS)
    await canon(desk, keyBenefits=["Burns for 40 hours"])
    with pytest.raises(Blocked, match="Burns for 40 hours"):
        await approve(desk, asset)


async def test_a_claim_in_the_description_or_the_plain_text_is_seen(desk: Desk) -> None:
    content = {"metaDescription": "Sales grew by 40 %.", "plainText": "Ninety of them. Prices from 3 €."}
    asset = await write(desk, "Nothing here.", content=content)
    assert {(claim.part, claim.kind) for claim in await claims_of(desk, asset) if claim.kind != "general"} == {
        ("metaDescription", "statistic"),
        ("plainText", "price"),
    }


async def test_reading_again_keeps_each_claims_id(desk: Desk) -> None:
    asset = await write(desk, "Sales grew by 40 %. Prices from 3 €.")
    before = await claims_of(desk, asset)
    assert [claim.id for claim in await check(desk, asset)] == [claim.id for claim in before]
