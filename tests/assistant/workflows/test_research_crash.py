"""Research is killed at every boundary of its steps: each search is paid once, each page opened once, one document kept."""

from pathlib import Path

from assistant.chat.identity import LOCAL_ORG, LOCAL_USER
from tests.assistant.at_work import open_house, place
from tests.assistant.research.search_server import open_search
from tests.assistant.runs.crash import Case, check, live_through
from tests.assistant.workflows.test_research import TOPIC
from tests.conftest import TestDatabase
from tests.knowledge.fetching.loopback import open_site
from tests.knowledge.research.pages import GUIDE, ROBOTS, STORAGE

POINTS = ["started", "entered search", "left search", "completed search", "entered open pages", "left open pages",
          "left own pages", "left propose", "completed propose", "left save research", "completed save research"]  # fmt: skip


async def test_a_search_is_paid_once_over_many_deaths(briefed: TestDatabase, tmp_path: Path) -> None:
    async with open_house(briefed.owner_url, briefed.app_url) as at_work, at_work.db.org(LOCAL_ORG) as conn:
        client_id, _ = await place(conn)
    async with open_site() as site, open_search() as search:
        site.serve("/robots.txt", ROBOTS.encode(), "text/plain")
        site.serve("/guide", GUIDE.encode())
        site.serve("/storage", STORAGE.encode())
        search.hits = [(f"http://rival.example:{site.port}{path}", "", "") for path in ("/guide", "/storage")]
        case = Case(
            briefed.owner_url,
            briefed.app_url,
            LOCAL_ORG,
            LOCAL_USER,
            tmp_path / "trace",
            "seo_research",
            {"client_id": str(client_id), "topic": TOPIC},
            "tests.assistant.workflows.dying_research:open_searching",
            {"site_port": site.port, "search_url": search.url},
        )
        outcome = await live_through(case, POINTS, within=120)
    check(outcome)
    assert outcome.lives == len(POINTS) + 1
    assert len(search.asked) == 3
    paths = [head.split(" ", 2)[1] for head in site.asked]
    assert paths.count("/guide") == paths.count("/storage") == 1
    async with open_house(briefed.owner_url, briefed.app_url) as at_work:
        assert await at_work.rows("select count(*), sum(cost) from usage_ledger where kind = 'web_search'") == [
            (3, (await at_work.rows("select 0.024::numeric"))[0][0])
        ]
        assert await at_work.rows("select count(*) from research") == [(1,)]
        assert await at_work.rows("select count(*) from research_sources where page_id is not null") == [(2,)]
