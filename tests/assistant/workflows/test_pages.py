"""Articles and landing pages: links that nobody opened, the outline a person looks at, what they lead to, how they show."""

import json
from typing import Any

from assistant.workflows.pages import READ_ON, removed_text
from knowledge.publishing.links import Removed, same_address
from tests.assistant.at_work import AtWork, approve_all, open_house
from tests.assistant.honest import answer, talk_of, task_of
from tests.conftest import TestDatabase
from tests.model_server import ModelRequest, ModelServer, Reply, say

BRIEF = "How to keep coffee fresh at home. See https://given.example/by-the-person"
INVENTED = (
    "A [study of 2024](https://invented.example/study) says so. See https://made-up.example/x or "
    "<https://auto.example/> and ![a chart](https://pictures.example/c.png), and what "
    "[you named](https://given.example/by-the-person) says."
)


def with_invented_links(request: ModelRequest) -> Reply:
    """The honest model; it adds links of its own making to every section."""
    reply = answer(request)
    if task_of(request) != "seo_writer write_section":
        return reply
    return say(f"{reply.text}\n\n{INVENTED}")


async def piece_of(at_work: AtWork) -> tuple[str, dict[str, Any], dict[str, Any]]:
    ((title, content, seo),) = await at_work.rows("select title, content, seo from assets")
    return title, content, seo


async def test_a_link_that_nobody_opened_or_gave_is_taken_out_and_named(
    planned: TestDatabase, model_server: ModelServer
) -> None:
    model_server.answers(with_invented_links)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        run = await approve_all(at_work, "seo_write", brief=BRIEF)
        assert run.status == "completed", run.error
        _, content, _ = await piece_of(at_work)
        text = content["markdown"]
        assert "A study of 2024 says so." in text and "[you named](https://given.example/by-the-person)" in text
        for host in ("invented.example", "made-up.example", "auto.example", "pictures.example"):
            assert host not in text, host
            assert any(host in one["url"] for one in content["removedLinks"])
        assert {"words": "study of 2024", "url": "https://invented.example/study"} in content["removedLinks"]
        said = [event.data["text"] for event in await at_work.log(run.id) if event.type == "message"]
        (told,) = [text for text in said if "taken out" in text]
        assert "“study of 2024” led to https://invented.example/study" in told


async def test_an_honest_article_keeps_its_links_and_leads_on(planned: TestDatabase, model_server: ModelServer) -> None:
    model_server.answers(answer)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        run = await approve_all(at_work, "seo_write", brief=BRIEF)
        assert run.status == "completed", run.error
        title, content, seo = await piece_of(at_work)
        assert "removedLinks" not in content
        assert content["markdown"].startswith(f"# {title}\n")
        assert 50 <= len(title) <= 60 and 120 <= len(content["metaDescription"]) <= 156
        kinds = [block["@type"] for block in content["jsonLd"]]
        assert kinds[0] == "Article" and content["jsonLd"][0]["headline"] == title
        assert json.loads(json.dumps(content["jsonLd"])) == content["jsonLd"]
        assert seo["targetKeyword"]


async def test_the_outline_waits_for_a_person_when_asked_to_and_follows_the_note(
    planned: TestDatabase, model_server: ModelServer
) -> None:
    notes: list[str] = []

    def author(request: ModelRequest) -> Reply:
        if task_of(request) == "seo_writer outline_article":
            order = talk_of(request).order
            assert order is not None
            notes.append(order.sources["note"])
        return answer(request)

    model_server.answers(author)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        run_id = await at_work.begin("seo_write", brief=BRIEF, approveOutline=True)
        asked = await at_work.question(run_id)
        assert asked is not None and asked["gate"] == "outline" and "shall I write it?" in asked["sentence"]
        assert await at_work.rows("select count(*) from assets") == [(0,)]
        await at_work.click(asked, "changes_requested", notes="Begin with storage.")
        again = await at_work.question(run_id)
        assert again is not None and again["gate"] == "outline#2"
        assert notes == ["", "Begin with storage."]
        await at_work.click(again)
        assert await at_work.question(run_id) is None
        run = await at_work.runs.get(at_work.org_id, run_id)
        assert run.status == "completed", run.error


async def test_a_rejected_outline_stops_the_work(planned: TestDatabase, model_server: ModelServer) -> None:
    model_server.answers(answer)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        run_id = await at_work.begin("seo_write", brief=BRIEF, approveOutline=True)
        asked = await at_work.question(run_id)
        assert asked is not None
        await at_work.click(asked, "rejected", notes="Not now.")
        assert await at_work.question(run_id) is None
        run = await at_work.runs.get(at_work.org_id, run_id)
        assert (run.status, run.output and run.output["rejected"]) == ("completed", "outline")
        assert await at_work.rows("select count(*) from assets") == [(0,)]


async def test_a_landing_page_follows_the_offer_and_the_stage(planned: TestDatabase) -> None:
    """With the offline writer: the promise first, the offer last, and a call to action where the canon has one."""
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        texts = {}
        for stage in ("cold", "warm"):
            run = await approve_all(at_work, "landing_page", brief="Get fresh coffee every week", stage=stage)
            assert run.status == "completed", run.error
            ((format, channel, content),) = await at_work.rows(
                "select format, channel, content from assets where run_id = %s", run.id
            )
            assert (format, channel, content["stage"]) == ("landing_page", "landing_page", stage)
            assert content["callToAction"]["label"] and content["jsonLd"][0]["@type"] == "WebPage"
            texts[stage] = [section["purpose"] for section in content["outline"]]
        assert "problem" in texts["cold"] and "problem" not in texts["warm"]
        assert texts["cold"][-1] == texts["warm"][-1] == "next"


def test_links_are_named_one_by_one() -> None:
    told = removed_text([Removed("a study", "https://a.example"), Removed("", "https://b.example")])
    assert told.endswith("- “a study” led to https://a.example\n- https://b.example")
    assert set(READ_ON) >= {"de", "es", "pt"} and same_address("https://a.example/") == "a.example"
