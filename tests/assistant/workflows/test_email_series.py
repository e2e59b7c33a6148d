"""A series from goal to drafts: as many emails as asked for, each its own, kept once, read by both critics."""

from datetime import UTC, datetime, timedelta

import pytest

from knowledge.errors import Blocked, Invalid
from tests.assistant.at_work import AtWork, approve_all, open_house
from tests.assistant.runs.toys import check_log
from tests.conftest import TestDatabase
from tests.model_server import ModelServer

GOAL = "Welcome new subscribers and lead them to a first order"
EMAILS = """
select e.day, e.purpose, a.title, a.content, a.status from email_series_emails e join assets a on a.id = e.asset_id
order by e.position
"""


async def test_a_series_is_planned_written_and_kept_as_one(planned: TestDatabase, honest: ModelServer) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        run = await approve_all(at_work, "email_series", brief=GOAL, count=4, tone="warm", dialect="mailchimp")
        assert run.status == "completed", run.error
        check_log(await at_work.log(run.id))
        assert not honest.paid_twice()
        rows = await at_work.rows(EMAILS)
        assert [day for day, *_ in rows] == [0, 1, 3, 5]
        subjects = [subject for *_, content, _ in rows for subject in (content["subject"], *content["subjects"])]
        assert len(set(subjects)) == 8
        for _, purpose, title, content, status in rows:
            assert purpose and title == content["subject"] and status == "draft"
            assert content["mergeDialect"] == "mailchimp" and "*|UNSUB|*" in content["html"]
            assert "*|IF:FNAME|*" in content["bodyMarkdown"] and "*|IF:FNAME|*" in content["plainText"]
            assert len(content["html"].encode()) < 102_000
        (series,) = await at_work.rows("select title, goal, tone, status from email_series")
        assert series[1:] == (GOAL, "warm", "draft")
        reports = (
            "select count(*) from artifacts where type = 'qa_report' and data->>'reviewer' in ('brand', 'compliance')"
        )
        assert await at_work.rows(reports) == [(8,)]
        output = run.output or {}
        assert output["emails"] == 4 and output["word_count"] > 100
        assert await at_work.rows("select count(*) from approvals where decided_at is null") == [(4,)]


@pytest.mark.parametrize("count", [0, -1, 31, 500])
async def test_a_series_of_no_emails_or_of_far_too_many_is_refused(
    planned: TestDatabase, honest: ModelServer, count: int
) -> None:
    async with open_house(planned.owner_url, planned.app_url, provider=honest.base_url) as at_work:
        with pytest.raises(Invalid, match="count"):
            await at_work.begin("email_series", brief=GOAL, count=count)
        assert await at_work.rows("select count(*) from runs where kind = 'email_series'") == [(0,)]
        assert honest.paid == 0


async def test_a_series_waits_for_an_approved_canon_and_needs_a_number(
    briefed: TestDatabase, honest: ModelServer
) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, provider=honest.base_url) as at_work:
        with pytest.raises(Blocked, match="client_canon is missing"):
            await at_work.begin("email_series", brief=GOAL, count=3)
        with pytest.raises(Invalid, match="how many"):
            await at_work.begin("email_series", brief=GOAL)


async def test_the_offline_writer_says_what_it_cannot_do_about_the_tone(planned: TestDatabase) -> None:
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        run = await approve_all(at_work, "email_series", brief=GOAL, count=1, tone="cheeky")
        assert run.status == "completed", run.error
        assert "takes a model" in await said(at_work)


async def said(at_work: AtWork) -> str:
    rows = await at_work.rows("select data->>'text' from run_events where type = 'message'")
    return "\n".join(text for (text,) in rows if text)


async def test_a_series_as_it_was_written_can_be_approved_and_scheduled(planned: TestDatabase) -> None:
    """What the writer hands in passes the checks and the claims, so that the walk ends without a mend."""
    async with open_house(planned.owner_url, planned.app_url) as at_work:
        run = await approve_all(at_work, "email_series", brief=GOAL, count=6, dialect="liquid")
        assert run.status == "completed", run.error
        shown = await at_work.use("get_series", seriesId=str((run.output or {})["series_id"]))
        emails = [{name: email[name] for name in ("assetId", "contentHash")} for email in shown["emails"]]
        start = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
        planned_series = await at_work.use("schedule_series", seriesId=shown["id"], startsOn=start, emails=emails)
        assert planned_series["status"] == "scheduled"
        assert [email["status"] for email in planned_series["emails"]] == ["approved"] * 6
        assert await at_work.rows("select count(*) from approvals where decided_at is null") == [(0,)]
