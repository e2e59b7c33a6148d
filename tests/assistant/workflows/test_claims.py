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
