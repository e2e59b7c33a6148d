"""Creative production: briefs, variants side by side, both critics, single decisions in any order."""

import json
from typing import Any

import pytest

from knowledge.errors import Blocked
from tests.assistant.at_work import AtWork, approve_all, open_house
from tests.assistant.honest import answer, task_of
from tests.assistant.runs.toys import check_log
from tests.conftest import TestDatabase
from tests.model_server import ModelRequest, ModelServer, Reply, say

LIMITS = {"maxConcurrentExperiments": 4, "budget": "1500"}


async def decided(at_work: AtWork, run_id: Any, decision: str = "approved") -> Any:
    while (asked := await at_work.question(run_id)) is not None:
        await at_work.click(asked, decision)
    run = await at_work.runs.get(at_work.org_id, run_id)
    assert run.status == "completed", run.error
    check_log(await at_work.log(run_id))
    return run


async def designed(at_work: AtWork, **limits: Any) -> None:
    await approve_all(at_work, "experiment_design", constraints={**LIMITS, **limits})


async def test_every_variant_of_every_brief_is_made_checked_and_decided_on(
    planned: TestDatabase, honest: ModelServer
) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        await designed(at_work)
        run_id = await at_work.begin("creative_production", variants=1)
        assert await at_work.question(run_id) is not None
        made = await at_work.rows(
            "select a.id, a.channel, a.format, a.content, a.experiment_id, a.asset_brief_id, a.variant_id, a.concept_id, "
            "a.status, b.data from assets a join artifacts b on b.id = a.asset_brief_id"
        )
        briefs = await at_work.rows("select id, data, source_versions from artifacts where type = 'asset_brief'")
        assert len(made) == len(briefs) == 8, "four experiments, each with a control and a variant"
        formats = {row[1]: row[2] for row in made}
        assert formats == {
            "meta": "meta_ad",
            "google_search": "search_ad",
            "email": "email_html",
            "blog": "landing_section",
        }
        for row in made:
            assert row[4] is not None and row[6] == row[9]["variantId"] and row[7] == row[9]["conceptId"]
            reports = await at_work.rows(
                "select data->>'reviewer' from artifacts where type = 'qa_report' and data->>'assetId' = %s",
                str(row[0]),
            )
            assert {"brand", "compliance", "preflight"} <= {reviewer for (reviewer,) in reports}
        for _, data, sources in briefs:
            assert {"strategy_sheet", "experiment_spec"} <= set(sources) and data["platformLimits"]
        waiting = await at_work.rows("select id from approvals where subject_type = 'asset' and decision is null")
        assert len(waiting) == 8, "all wait in the inbox at once"
        run = await decided(at_work, run_id, "rejected")
        assert len(run.output["rejected"]) == 8 and run.output["approved"] == []
        assert not honest.paid_twice()


async def test_variants_are_decided_singly_and_one_sent_back_is_changed_alone(
    planned: TestDatabase, honest: ModelServer
) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        await designed(at_work, maxConcurrentExperiments=1, channels=["email"])
        run_id = await at_work.begin("creative_production", variants=1)
        asked = await at_work.question(run_id)
        assert asked is not None and asked["subjectType"] == "asset"
        ((title, content),) = await at_work.rows("select title, content from assets where id = %s", asked["subjectId"])
        note = "Set the subject to “Our coffee, roasted on Tuesday”."
        await at_work.click(asked, "changes_requested", notes=note)
        again = await at_work.question(run_id)
        assert again is not None and again["subjectId"] == asked["subjectId"] and again["version"] == 2
        ((now, after),) = await at_work.rows("select title, content from assets where id = %s", asked["subjectId"])
        assert now == after["subject"] == "Our coffee, roasted on Tuesday" != title
        assert after["bodyMarkdown"] == content["bodyMarkdown"] and after["preheader"] == content["preheader"]
        others = await at_work.rows("select version from assets where id <> %s", asked["subjectId"])
        assert others == [(1,)]
        await decided(at_work, run_id, "rejected")


async def test_briefs_can_be_decided_on_before_anything_is_made(planned: TestDatabase, honest: ModelServer) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        await designed(at_work, maxConcurrentExperiments=1)
        run_id = await at_work.begin("creative_production", onlyBriefs=True)
        asked = await at_work.question(run_id)
        assert asked is not None and asked["gate"] == "asset_brief"
        view = await at_work.use("get_artifact", artifactId=asked["subjectId"], withData=True)
        await at_work.click(asked, edits={**view["data"], "variantCount": 3, "callToAction": "Taste it"})
        run = await decided(at_work, run_id)
        assert len(run.output["briefs"]) == 2 and await at_work.rows("select id from assets") == []
        paid = honest.paid
        making = await at_work.begin("creative_production")
        assert await at_work.question(making) is not None
        tasks = [task_of(call.request) for call in honest.requests[paid:]]
        assert "experiment_architect write_briefs" not in tasks, "approved briefs are used, not written again"
        counts = await at_work.rows("select count(*) from assets group by asset_brief_id order by 1")
        assert counts == [(2,), (3,)]
        await decided(at_work, making, "rejected")


async def test_a_brief_that_names_what_is_not_there_is_mended(planned: TestDatabase, model_server: ModelServer) -> None:
    lied: list[str] = []

    def lie(request: ModelRequest) -> Reply:
        reply = answer(request)
        if task_of(request).endswith("write_briefs") and not lied:
            data = json.loads(reply.text or "")
            data["briefs"] = [{**data["briefs"][0], "references": {"vocSnippets": ["made-up"]}}]
            lied.append(task_of(request))
            return say(json.dumps(data))
        return reply

    model_server.answers(lie)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        await designed(at_work, maxConcurrentExperiments=1)
        run_id = await at_work.begin("creative_production", variants=1)
        assert await at_work.question(run_id) is not None
        asked = [
            call.request.last_user for call in model_server.requests if task_of(call.request).endswith("write_briefs")
        ]
        assert "there is no quote made-up" in asked[1] and "one for each of the variants control, variant-a" in asked[1]
        await decided(at_work, run_id, "rejected")


async def test_a_new_version_of_a_spec_has_new_briefs(planned: TestDatabase, honest: ModelServer) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        await designed(at_work, maxConcurrentExperiments=1)
        await decided(at_work, await at_work.begin("creative_production", onlyBriefs=True))
        ((id,),) = await at_work.rows("select id from artifacts where type = 'experiment_spec'")
        edited = await at_work.use(
            "edit_artifact", artifactId=str(id), changes=[{"path": "maxDurationDays", "value": 21}]
        )
        with pytest.raises(Blocked) as shut:
            await at_work.begin("creative_production")
        assert "experiment_spec is revised (v2) and must be approved" in shut.value.message
        where = {"artifactId": edited["id"], "contentHash": edited["contentHash"]}
        await at_work.use("decide_artifact", decision="approved", **where)
        await decided(at_work, await at_work.begin("creative_production", onlyBriefs=True))
        versions = await at_work.rows("select key, max(version) from artifacts where type = 'asset_brief' group by key")
        assert {version for _, version in versions} == {2}


async def test_without_an_experiment_it_does_not_start(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        with pytest.raises(Blocked) as shut:
            await at_work.begin("creative_production")
        assert "experiment_spec is missing" in shut.value.message
