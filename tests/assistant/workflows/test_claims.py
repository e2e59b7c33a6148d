"""Claims of written pieces: the offline writer's are carried and can be approved; a critic's evidence is looked up."""

import json
from typing import Any

import pytest

from tests.assistant.at_work import AtWork, approve_all, open_house
from tests.assistant.honest import answer, talk_of, task_of
from tests.conftest import TestDatabase
from tests.model_server import ModelRequest, ModelServer, Reply, say

#: two statements about the client that the rules cannot find on file; the first one is there in other words
SMALL = "We send bags small enough for the letterbox, so that nobody stays in for parcels."
NAPLES = "We roast in a wood-fired oven from Naples."


async def approve(at_work: AtWork, asset_id: Any) -> str:
    shown = await at_work.use("get_asset", assetId=str(asset_id))
    return (
        await at_work.use("decide_asset", assetId=str(asset_id), decision="approved", contentHash=shown["contentHash"])
    )["status"]


@pytest.mark.parametrize(
    ("kind", "brief"),
    [
        ("seo_write", "How to keep coffee fresh at home"),
        ("email_create", "Welcome new subscribers and say what happens next"),
        ("landing_page", "The subscription for people who run out on Mondays"),
    ],
)
async def test_what_the_offline_writer_writes_can_be_approved_as_it_is(
    planned: TestDatabase, kind: str, brief: str
) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        run = await approve_all(at_work, kind, brief=brief)
        assert run.status == "completed", run.error
        ((asset_id,),) = await at_work.rows("select id from assets")
        ledger = await at_work.use("check_claims", assetId=str(asset_id))
        assert ledger["blocking"] == []
        assert ledger["counts"]["supported"] >= 3
        assert await approve(at_work, asset_id) == "approved"


async def test_a_critics_evidence_counts_when_it_stands_there_word_for_word(
    planned: TestDatabase, honest: ModelServer
) -> None:
    asked: list[dict[str, Any]] = []

    def with_claims(request: ModelRequest) -> Reply:
        reply, task = answer(request), task_of(request)
        if task.endswith("write_email"):
            email = json.loads(reply.text or "")
            email["bodyMarkdown"] += f"\n\n{SMALL} {NAPLES}\n"
            return say(json.dumps(email))
        order = talk_of(request).order
        if task == "compliance_critic review_text" and order is not None:
            report = json.loads(reply.text or "")
            claims = {claim["text"]: claim for claim in order.sources["claims"]}
            asked.append(claims)
            report["evidence"] = [proof(claims[SMALL]), invented(claims[NAPLES])]
            return say(json.dumps(report))
        return reply

    honest.answers(with_claims)
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run = await approve_all(at_work, "email_create", brief="Welcome new subscribers")
        assert run.status == "completed", run.error
        assert [set(claims) for claims in asked] == [{SMALL, NAPLES}]
        rows = await at_work.rows("select text, status, evidence from claims where text = any(%s)", [SMALL, NAPLES])
        stands = {
            text: (status, [one["addedBy"] for one in evidence if one["added"]]) for text, status, evidence in rows
        }
        assert stands[SMALL] == ("supported", ["compliance_critic"])
        assert stands[NAPLES] == ("unsupported", [])


def proof(claim: dict[str, Any]) -> dict[str, Any]:
    near = next(one for one in claim["onFile"] if "letterbox" in one["quote"])
    return {"claimId": claim["id"], **near}


def invented(claim: dict[str, Any]) -> dict[str, Any]:
    """What nobody wrote, in a place that is there."""
    near = claim["onFile"][0]
    return {"claimId": claim["id"], **near, "quote": "The oven is from Naples and is fired with wood."}


#: what no rule sees: a statement without a figure, a comparison or a word of promise
DANCE = "The beans dance at night."


async def test_a_claim_that_only_a_model_sees_holds_up_approval_and_stays_through_an_edit(
    planned: TestDatabase, honest: ModelServer
) -> None:
    readings: list[list[str]] = []
    known: list[bool] = []

    def naming(request: ModelRequest) -> Reply:
        reply, task = answer(request), task_of(request)
        if task.endswith("write_email"):
            email = json.loads(reply.text or "")
            email["bodyMarkdown"] += f"\n\n{DANCE}\n"
            return say(json.dumps(email))
        order = talk_of(request).order
        if order is not None and order.task == "read_claims":
            readings.append([part["text"] for part in order.sources["parts"] if part["name"] == "body"])
            # an assertion in here would be a provider that fails: what it saw is looked at below
            known.append(DANCE in order.sources["known"])
            named = [DANCE, "This stands nowhere."] if len(readings) == 1 else []
            return say(json.dumps({"claims": [{"kind": "feature", "text": text} for text in named]}))
        return reply

    honest.answers(naming)
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run = await approve_all(at_work, "email_create", brief="Welcome new subscribers")
        assert run.status == "completed", run.error
        ((asset_id,),) = await at_work.rows("select id from assets")
        ledger = await at_work.use("check_claims", assetId=str(asset_id))
        assert len(readings) == 1, "one version is read once"
        assert ledger["readBy"] == "test-model"
        (named,) = [one for one in ledger["items"] if one["namedBy"]]
        assert (named["text"], named["status"], named["blocks"]) == (DANCE, "unsupported", True)
        assert any(DANCE in reason for reason in ledger["blocking"])
        shown = await at_work.use("get_asset", assetId=str(asset_id), withContent=True)
        body = shown["content"]["bodyMarkdown"] + "\n\nSee you soon.\n"
        given = {"assetId": str(asset_id), "contentHash": shown["contentHash"], "bodyMarkdown": body}
        await at_work.use("edit_email", **given)
        assert len(readings) == 2 and "See you soon." in readings[1][0], "new words are read again"
        ledger = await at_work.use("check_claims", assetId=str(asset_id))
        assert [one["text"] for one in ledger["items"] if one["namedBy"]] == [DANCE]
        assert known == [False, True], "what was named before is known to the next reading"
        paid = await at_work.rows("select agent, run_id is null, calls, kind from usage_ledger")
        assert sum(one[2] for one in paid if one[0] == "compliance_critic") == 3, paid


async def test_a_reader_that_does_not_answer_is_named_on_the_ledger_and_asked_again(
    planned: TestDatabase, honest: ModelServer
) -> None:
    down = [False]

    def failing(request: ModelRequest) -> Reply:
        order = talk_of(request).order
        if down[0] and order is not None and order.task == "read_claims":
            return say("no JSON at all")
        return answer(request)

    honest.answers(failing)
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run = await approve_all(at_work, "email_create", brief="Welcome new subscribers")
        assert run.status == "completed", run.error
        ((asset_id,),) = await at_work.rows("select id from assets")
        shown = await at_work.use("get_asset", assetId=str(asset_id), withContent=True)
        body = shown["content"]["bodyMarkdown"] + "\n\nSee you soon.\n"
        down[0] = True
        given = {"assetId": str(asset_id), "contentHash": shown["contentHash"], "bodyMarkdown": body}
        edited = await at_work.use("edit_email", **given)
        assert edited["version"] == shown["version"] + 1, "the words are kept all the same"
        ledger = await at_work.use("check_claims", assetId=str(asset_id))
        assert (ledger["readBy"], "did not hand in anything usable" in ledger["unread"]) == ("", True)
        down[0] = False
        ledger = await at_work.use("check_claims", assetId=str(asset_id))
        assert (ledger["readBy"], ledger["unread"]) == ("test-model", "")
