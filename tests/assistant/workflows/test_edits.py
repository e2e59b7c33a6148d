"""Polishing and optimising: proposals in hunks, taken by a person; truth is not traded for a smoother line or a score."""

import json
from dataclasses import replace
from typing import Any

import pytest

from knowledge.errors import Conflict, Denied, Invalid
from tests.assistant.at_work import AtWork, approve_all, open_house, place
from tests.assistant.honest import answer, talk_of, task_of
from tests.conftest import TestDatabase
from tests.model_server import ModelRequest, ModelServer, Reply, say
from tools.call import call
from tools.catalog import CATALOG
from tools.spec import ToolContext

TEXT = """# How to keep coffee fresh

In order to keep coffee fresh, it is important to note that air is is the enemy. It lasts 4 weeks. Very good.

## What people say

“It never lasts that long at my place”, says Ana. Due to the fact that light harms it, keep it dark.
"""


async def a_piece(at_work: AtWork, text: str = TEXT, **more: Any) -> dict[str, Any]:
    """An article of the demo client, as a person or an import would have it."""
    from knowledge.assets import service

    async with at_work.db.org(at_work.org_id) as conn:
        client_id, campaign_id = await place(conn)
        content = {
            "markdown": text,
            "slug": "coffee",
            "metaDescription": "Keep it dry.",
            "language": "en",
            "jsonLd": [],
        }
        asset = await service.create(conn, {
            "org_id": at_work.org_id, "client_id": client_id, "campaign_id": campaign_id, "run_id": None,
            "channel": "blog", "format": "blog_post", "title": "How to keep coffee fresh", "content": {**content, **more},
            "seo": {"targetKeyword": "coffee fresh"}, "agent": "seo_writer", "model": "offline", "idempotency_key": None,
        })  # fmt: skip
    return {"assetId": str(asset.id), "contentHash": asset.content_hash}


async def proposal_of(at_work: AtWork, asset_id: str) -> dict[str, Any]:
    found = (await at_work.use("get_proposal", assetId=asset_id))["proposal"]
    assert found is not None
    return found


def text_of(spans: list[dict[str, str]], *ops: str) -> str:
    return "".join(span["text"] for span in spans if span["op"] in ops)


async def test_a_polish_is_offered_hunk_by_hunk_and_what_is_taken_makes_the_next_version(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        piece = await a_piece(at_work)
        run = await approve_all(at_work, "polish", assetId=piece["assetId"])
        assert run.status == "completed", run.error
        found = await proposal_of(at_work, piece["assetId"])
        becomes = [text_of(hunk["spans"], "same", "added").strip() for hunk in found["hunks"]]
        assert becomes == [
            "To keep coffee fresh, air is the enemy.",
            "Because light harms it, keep it dark.",
        ]
        assert found["hunks"][1]["heading"] == "What people say" and found["model"] == "offline"
        before = await at_work.use("get_asset", assetId=piece["assetId"], withContent=True)
        assert before["version"] == 1 and before["markdown"] == TEXT, "nothing changes by itself"
        after = await at_work.use("take_edits", proposalId=found["id"], hunks=[found["hunks"][1]["id"]])
        assert after["version"] == 2 and after["status"] == "draft" and after["proposalId"] is None
        assert "Because light harms it" in after["markdown"] and "In order to keep" in after["markdown"]
        with pytest.raises(Conflict, match="were taken already"):
            await at_work.use("take_edits", proposalId=found["id"], hunks=[found["hunks"][0]["id"]])


async def test_a_polish_that_touches_the_truth_is_left_out_and_says_so(
    planned: TestDatabase, model_server: ModelServer
) -> None:
    def careless(request: ModelRequest) -> Reply:
        if task_of(request) != "polisher polish_text":
            return answer(request)
        order = talk_of(request).order
        assert order is not None
        text = str(order.sources["text"])
        changes = {
            "It lasts 4 weeks.": "It lasts 6 weeks.",
            "Very good.": "Very good, says [a study](https://invented.example).",
            "“It never lasts that long at my place”, says Ana.": "“It lasts for ages at my place”, says Ana.",
            "keep it dark.": "keep it in the dark.",
        }
        for old, new in changes.items():
            text = text.replace(old, new)
        return say(text)

    model_server.answers(careless)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        piece = await a_piece(at_work)
        run = await approve_all(at_work, "polish", assetId=piece["assetId"], note="shorter")
        assert run.status == "completed", run.error
        found = await proposal_of(at_work, piece["assetId"])
        assert [text_of(hunk["spans"], "added").strip() for hunk in found["hunks"]] == ["in the"]
        why = " ".join(one["why"] for one in found["account"]["leftOut"])
        assert "figure" in why and "https://invented.example" in why and "quotation" in why


async def test_a_text_with_nothing_to_polish_proposes_nothing(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        piece = await a_piece(at_work, "# Coffee\n\nKeep it dry.\n")
        run = await approve_all(at_work, "polish", assetId=piece["assetId"])
        assert run.output is not None and run.output["proposal_id"] is None and run.output["changes"] == 0
        assert (await at_work.use("get_proposal", assetId=piece["assetId"]))["proposal"] is None


async def test_changes_for_an_older_version_are_refused(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        piece = await a_piece(at_work)
        await approve_all(at_work, "polish", assetId=piece["assetId"])
        found = await proposal_of(at_work, piece["assetId"])
        await at_work.use("edit_asset", **piece, markdown=TEXT + "\nOne more line.\n")
        with pytest.raises(Conflict, match="v2 is newer than what this was made for"):
            await at_work.use("take_edits", proposalId=found["id"], hunks=[found["hunks"][0]["id"]])
        with pytest.raises(Invalid, match="not in this proposal"):
            await at_work.use("take_edits", proposalId=found["id"], hunks=["nonsense"])
        view = await at_work.use("get_asset", assetId=piece["assetId"])
        assert view["proposalId"] is None, "what is out of date is not offered"
        await at_work.use("dismiss_edits", proposalId=found["id"])
        with pytest.raises(Conflict, match="let go"):
            await at_work.use("dismiss_edits", proposalId=found["id"])


async def test_taking_is_a_persons_not_an_agents(planned: TestDatabase) -> None:
    from dataclasses import replace

    async with open_house(planned.owner_url, planned.app_url) as at_work:
        piece = await a_piece(at_work)
        await approve_all(at_work, "polish", assetId=piece["assetId"])
        found = await proposal_of(at_work, piece["assetId"])
        agent = replace(at_work, caller=replace(at_work.caller, agent="cmo"))
        with pytest.raises(Denied):
            await agent.use("take_edits", proposalId=found["id"], hunks=[found["hunks"][0]["id"]])


async def test_an_optimisation_raises_the_score_and_says_by_how_much(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        piece = await a_piece(at_work)
        run = await approve_all(at_work, "seo_optimize", assetId=piece["assetId"])
        assert run.status == "completed", run.error
        found = await proposal_of(at_work, piece["assetId"])
        account = found["account"]
        assert account["scoreAfter"] > account["scoreBefore"] and account["solved"]
        all_of_them = [hunk["id"] for hunk in found["hunks"]]
        after = await at_work.use("take_edits", proposalId=found["id"], hunks=all_of_them)
        assert after["seo"]["score"]["total"] == account["scoreAfter"], "what was promised is what is stored"
        assert "4 weeks" in after["markdown"] and "“It never lasts that long at my place”" in after["markdown"]


async def test_an_optimisation_never_trades_truth_for_score(planned: TestDatabase, model_server: ModelServer) -> None:
    asked: list[dict[str, Any]] = []

    def eager(request: ModelRequest) -> Reply:
        if task_of(request) != "seo_writer improve_text":
            return answer(request)
        order = talk_of(request).order
        assert order is not None
        asked.append(order.sources)
        edits = [
            {"part": "body", "find": "It lasts 4 weeks.", "replace": "97 % of experts say it lasts 12 weeks.", "why": "proof"},
            {"part": "body", "find": "keep it dark.", "replace": "keep it dark, as [science](https://made.example) shows."},
            {"part": "body", "find": "not in the text", "replace": "x"},
            {"part": "body", "find": "", "replace": "Customers say: “Best coffee I ever had in my life.”"},
            {"part": "title", "find": "How to keep coffee fresh",
             "replace": "How to keep coffee fresh: dry, dark, cool, well closed"},
        ]  # fmt: skip
        return say(json.dumps({"edits": edits if len(asked) == 1 else []}))

    model_server.answers(eager)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        piece = await a_piece(at_work)
        run = await approve_all(at_work, "seo_optimize", assetId=piece["assetId"])
        assert run.status == "completed", run.error
        assert asked[0]["findings"] and asked[0]["parts"]["body"]
        found = await proposal_of(at_work, piece["assetId"])
        text = json.dumps(found["hunks"])
        assert "97" not in text and "made.example" not in text and "Best coffee" not in text
        left = [one["why"] for one in found["account"]["leftOut"]]
        assert len(left) == 4 and any("figure" in why for why in left) and any("quotation" in why for why in left)
        assert any(
            text_of(hunk["spans"], "same", "added").startswith("How to keep coffee fresh: dry")
            for hunk in found["hunks"]
        )


async def test_what_has_no_score_cannot_be_optimised(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        run = await approve_all(at_work, "email_create", brief="Welcome new subscribers")
        assert run.output is not None
        ended = await approve_all(at_work, "seo_optimize", assetId=run.output["asset_id"])
        assert ended.status == "failed" and "only articles and landing pages" in str(ended.error)


async def test_an_article_goes_away_as_three_files(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        piece = await a_piece(at_work)
        for format, name in (
            ("markdown", "coffee-draft.md"),
            ("html", "coffee-draft.html"),
            ("docx", "coffee-draft.docx"),
        ):
            made = await at_work.use("export_asset", assetId=piece["assetId"], format=format)
            assert made["filename"] == name and made["bytes"] > 100
            assert (made["text"] is None) == (format == "docx")


async def test_an_edit_that_claims_what_nothing_carries_is_left_out_alone(
    planned: TestDatabase, model_server: ModelServer
) -> None:
    def eager(request: ModelRequest) -> Reply:
        if task_of(request) != "seo_writer improve_text":
            return answer(request)
        edits = [
            {"part": "body", "find": "Very good.", "replace": "Our coffee is the best in the world and cures headaches."},
            {"part": "title", "find": "How to keep coffee fresh",
             "replace": "How to keep coffee fresh: dry, dark, cool, well closed"},
        ]  # fmt: skip
        return say(json.dumps({"edits": edits}))

    model_server.answers(eager)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        piece = await a_piece(at_work)
        run = await approve_all(at_work, "seo_optimize", assetId=piece["assetId"])
        assert run.status == "completed", run.error
        found = await proposal_of(at_work, piece["assetId"])
        assert "cures headaches" not in json.dumps(found["hunks"])
        assert any("nothing on file carries" in one["why"] for one in found["account"]["leftOut"])
        assert any("well closed" in text_of(hunk["spans"], "added") for hunk in found["hunks"])


GIVEN = "https://partner.example/storage"


def unopened(view: dict[str, Any]) -> list[str]:
    checks = [check for found in view["findings"] for check in found["checks"] if not check["passed"]]
    return [check["evidence"] for check in checks if check["id"].startswith("seo.link_unopened")]


async def test_a_link_that_a_person_wrote_stays_given_when_the_words_in_it_are_polished(planned: TestDatabase) -> None:
    text = TEXT + f"\nDue to the fact that [a lot of of people ask]({GIVEN}), read on.\n"
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        piece = await a_piece(at_work)
        edited = await at_work.use("edit_asset", **piece, markdown=text)
        assert unopened(edited) == []
        await approve_all(at_work, "polish", assetId=piece["assetId"])
        found = await proposal_of(at_work, piece["assetId"])
        inside = [hunk["id"] for hunk in found["hunks"] if GIVEN in text_of(hunk["spans"], "same", "added")]
        assert inside, "the line with the link is polished, too"
        after = await at_work.use("take_edits", proposalId=found["id"], hunks=inside)
        assert f"]({GIVEN})" in after["markdown"] and "Due to the fact that [" not in after["markdown"]
        assert unopened(after) == []


async def test_a_link_that_an_agent_wrote_is_not_given(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        piece = await a_piece(at_work)
        speaking = replace(at_work.caller, agent="seo_writer")
        context = ToolContext(speaking, at_work.house.db, at_work.house.work)
        asked = {**piece, "markdown": f"{TEXT}\nSee [a study]({GIVEN}).\n"}
        edited = (await call(CATALOG["edit_asset"], context, asked)).model_dump(mode="json", by_alias=True)
        assert any(GIVEN in evidence for evidence in unopened(edited))
        more = await at_work.use(
            "edit_asset",
            assetId=piece["assetId"],
            contentHash=edited["contentHash"],
            markdown=edited["markdown"] + "\nMore.\n",
        )
        assert any(GIVEN in evidence for evidence in unopened(more)), "it was there before the person wrote"
