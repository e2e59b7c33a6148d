"""The whole main job over the real endpoint, with a provider that answers as a capable model would."""

import json

import pytest

from knowledge.artifacts.registry import ArtifactType, validate
from knowledge.runs.models import RunRow
from tests.assistant.at_work import AtWork, approve_all, open_house
from tests.assistant.honest import task_of
from tests.assistant.runs.toys import check_log
from tests.conftest import TestDatabase
from tests.model_server import ModelServer

ARTICLE = "How to keep coffee fresh at home"
EMAIL = "Welcome new subscribers and say what happens next"
KINDS = {
    "client_onboarding": {},
    "campaign_planning": {"goal": "300 new subscriptions in 12 weeks"},
    "seo_write": {"brief": ARTICLE},
    "email_create": {"brief": EMAIL},
}
DOCUMENTS: dict[ArtifactType, str] = {
    "client_canon": "planner build_canon",
    "metric_schema": "planner build_metric_schema",
    "strategy_sheet": "planner build_strategy",
}


@pytest.mark.parametrize("api", ["responses", "chat_completions"])
async def test_the_main_job_is_done_over_the_real_endpoint(
    briefed: TestDatabase, honest: ModelServer, api: str
) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, provider=honest.base_url, api=api) as at_work:
        runs = [await approve_all(at_work, kind, **given) for kind, given in KINDS.items()]
        for run in runs:
            assert run.status == "completed", run.error
            assert run.progress == 100
            check_log(await at_work.log(run.id))
        await check_documents(at_work, honest)
        await check_pieces(at_work, runs)
        await check_money(at_work, honest)


async def check_documents(at_work: AtWork, server: ModelServer) -> None:
    """Each is the model's own answer, approved at its first version, under the model's name."""
    handed_in = {task_of(call.request): call.reply.text for call in server.requests}
    for type, task in DOCUMENTS.items():
        document = await at_work.latest(type)
        assert document is not None and (document.version, document.status) == (1, "approved")
        assert document.model == "test-model" and document.created_by == "agent:planner"
        assert document.data == validate(type, json.loads(handed_in[task] or "")["document"]).wire()


async def check_pieces(at_work: AtWork, runs: list[RunRow]) -> None:
    """An article with the headings of its outline and an email with both texts, each read by both critics and compared."""
    (article, email) = await at_work.rows(
        "select channel, title, content, model, status from assets order by created_at"
    )
    headings = [section["heading"] for section in article[2]["outline"]]
    assert len(headings) >= 3
    assert [line[3:] for line in article[2]["markdown"].splitlines() if line.startswith("## ")] == headings
    assert email[2]["subject"] and email[2]["preheader"] and email[2]["plainText"] and email[2]["bodyMarkdown"]
    assert {article[3], email[3]} == {"test-model"} and {article[4], email[4]} == {"draft"}
    reports = await at_work.rows("select data from artifacts where type = 'qa_report'")
    reviewers = sorted(report["reviewer"] for (report,) in reports)
    assert reviewers == sorted(["brand", "compliance", "originality", "preflight"] * 2)
    for run in runs[2:]:
        assert run.output is not None and set(run.output["verdicts"]) == {"brand", "compliance"}


async def check_money(at_work: AtWork, server: ModelServer) -> None:
    """Every request was paid once, is in the ledger once, and no hold is left."""
    assert not server.paid_twice()
    entries = await at_work.rows("select cost, model from usage_ledger")
    assert len(entries) == server.paid == len(server.requests)
    assert all(cost > 0 and model == "test-model" for cost, model in entries)
    assert await at_work.rows("select count(*) from budget_reservations where settled_at is null") == [(0,)]
