"""From research to an article that rests on it: found by its topic, its pages the only ones that may be linked."""

import json
import re
from uuid import UUID

from knowledge.assets import service as assets
from knowledge.research import service
from tests.assistant.at_work import approve_all, open_house
from tests.assistant.honest import answer, task_of
from tests.assistant.workflows.test_research import TOPIC, at
from tests.conftest import TestDatabase
from tests.knowledge.fetching.loopback import open_site
from tests.knowledge.research.pages import GUIDE, ROBOTS, STORAGE
from tests.model_server import ModelRequest, ModelServer, Reply, say


async def test_an_article_builds_on_the_research_and_links_only_what_was_opened(
    planned: TestDatabase, honest: ModelServer
) -> None:
    invented = "https://invented.example/study"
    async with open_site() as site:
        site.serve("/robots.txt", ROBOTS.encode(), "text/plain")
        site.serve("/guide", GUIDE.encode())
        site.serve("/storage", STORAGE.encode())
        guide = at(site, "/guide")

        def linking(request: ModelRequest) -> Reply:
            reply = answer(request)
            if task_of(request) != "seo_writer write_section" or reply.text is None:
                return reply
            return say(f"{reply.text}\n\nSee [a guide]({guide}) and [a study]({invented}).")

        honest.answers(linking)
        async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url, web=site.web()) as at_work:
            await approve_all(at_work, "seo_research", topic=TOPIC, urls=[guide, at(site, "/storage")])
            run = await approve_all(at_work, "seo_write", brief=f"Write an article: {TOPIC} at home")
            assert run.status == "completed", run.error
            said = [row[0] for row in await at_work.rows("select data->>'text' from run_events where type = 'message'")]
            assert any(text and text.startswith("Building on the research") for text in said)
            async with at_work.db.org(at_work.org_id) as conn:
                asset = await assets.get(conn, UUID((run.output or {})["asset_id"]))
                facts = await service.facts_for(conn, asset)
    text = json.dumps(asset.content)
    assert asset.content["researchId"]
    assert guide in text
    assert invented not in asset.content["markdown"]
    assert any(invented in str(message) for message in said)
    assert set(re.findall(r"\]\((http[^)]+)\)", asset.content["markdown"])) <= {
        guide,
        at(site, "/storage"),
        "https://fernhill-coffee.example",
    }
    assert facts is not None and facts.opened_urls >= {guide}
    assert facts.terms
