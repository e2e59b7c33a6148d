"""What people have done in a storm: every kind of run there is, each with what its outcome has to be.

An errand starts one or more runs and sees each to its end (``Hands.done``); at its end it looks whether everything is
there, and once. ``mark`` tells one errand from every other.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from uuid import UUID

import yaml

from assistant.demo.client import HERE
from assistant.workflows import WORKFLOWS, pages, plan_then_do
from assistant.workflows.email_series import AT_ONCE as EMAILS_AT_ONCE
from knowledge.artifacts import store
from knowledge.files.store import Files
from knowledge.ids import ClientId, RunId
from knowledge.imports import service as imports
from knowledge.runs.models import RunRow
from tests.assistant.at_work import GOAL, AtWork, place
from tests.assistant.workflows.test_edits import a_piece
from tests.knowledge.imports import files
from tests.knowledge.research.pages import GUIDE, ROBOTS, STORAGE

#: calls that a run of this kind may have under way at once; one where nothing is said
WIDTH: Mapping[str, int] = {
    "creative_production": 2,
    "email_series": EMAILS_AT_ONCE,
    "landing_page": pages.AT_ONCE,
    "plan_then_do": plan_then_do.AT_ONCE,
    "polish": pages.AT_ONCE,
    "seo_research": 3,
    "seo_write": pages.AT_ONCE,
}
EMAILS = 2
ROWS = 60
#: what the search provider finds, and what stands there
PAGES = {"/robots.txt": ROBOTS, "/guide": GUIDE, "/storage": STORAGE}
SECTIONS = "".join(
    f"## Point {number}\n\nIn order to keep coffee fresh, it is important to note that air is is the enemy. "
    + "Keep the bag shut and put it where it stays dark and cool until you brew. " * 20
    + "\n\n"
    for number in (1, 2)
)


class Hands(Protocol):
    """Whoever runs the errand."""

    @property
    def at_work(self) -> AtWork: ...
    async def done(self, kind: str, start: Callable[[], Awaitable[RunId]]) -> RunRow:
        """Start a run, answer what it asks, see it to its end; the run as it ended."""
        ...


Errand = Callable[[Hands, str], Awaitable[None]]


async def _begun(hands: Hands, kind: str, **given: Any) -> RunRow:
    async def start() -> RunId:
        return RunId(UUID((await hands.at_work.use("start_run", kind=kind, **given))["runId"]))

    return await hands.done(kind, start)


async def _here(hands: Hands) -> dict[str, str]:
    """The demo client and its campaign."""
    async with hands.at_work.db.org(hands.at_work.org_id) as conn:
        client_id, campaign_id = await place(conn)
    return {"clientId": str(client_id), "campaignId": str(campaign_id)}


async def _count(hands: Hands, query: str, *values: Any) -> int:
    ((found,),) = await hands.at_work.rows(query, *values)
    return found


# ---------------------------------------------------------------- a client, a campaign


async def new_client(hands: Hands, mark: str) -> None:
    """A client of its own, its brief approved: canon and metric schema are written and approved."""
    at_work = hands.at_work
    made = await at_work.use("create_client", name=f"Client {mark}", industry="coffee")
    client_id = ClientId(UUID(made["client"]["id"]))
    brief = yaml.safe_load((HERE / "brief.yaml").read_text(encoding="utf-8"))
    brief["identity"]["name"] = f"Client {mark}"
    async with at_work.db.org(at_work.org_id) as conn:
        draft = store.Draft(at_work.org_id, client_id, "intake", brief, f"user:{at_work.caller.user_id}")
        intake = await store.create_version(conn, draft)
        who = at_work.caller
        await store.approve(conn, intake.id, user_id=who.user_id, role=who.role, shown_hash=intake.content_hash)
    await _begun(hands, "client_onboarding", clientId=str(client_id))
    approved = "select count(*) from artifacts where client_id = %s and type = %s and status = 'approved'"
    for type in ("client_canon", "metric_schema"):
        assert await _count(hands, approved, client_id, type) == 1, f"{type} of {mark}"


async def campaign(hands: Hands, mark: str) -> None:
    """A campaign from its plan over its experiments to its pieces, each decided on singly."""
    at_work = hands.at_work
    client = {"clientId": (await _here(hands))["clientId"]}
    made = await at_work.use("create_campaign", **client, name=mark, goalDescription=f"{GOAL} ({mark})")
    where = {**client, "campaignId": made["campaign"]["id"]}
    await _begun(hands, "campaign_planning", **where)
    limits = {"maxConcurrentExperiments": 2, "budget": "1500", "channels": ["meta", "email"]}
    designed = await _begun(hands, "experiment_design", **where, constraints=limits)
    set_up = "select count(*), count(distinct experiment_spec_id) from experiments where campaign_id = %s"
    approved = len((designed.output or {})["approved"])
    assert await at_work.rows(set_up, where["campaignId"]) == [(approved, approved)]
    if not approved:  # every one was rejected: in another campaign there are pieces to make
        await campaign(hands, f"{mark} again")
        return
    produced = await _begun(hands, "creative_production", **where, atOnce=WIDTH["creative_production"], variants=1)
    output = produced.output or {}
    decided = [*output["approved"], *output["rejected"]]
    assert len(decided) == len(set(decided)) == len(output["briefs"]) == 2 * approved
    made_of = (
        "select count(*), count(distinct asset_brief_id), count(*) filter (where status in ('approved', 'rejected')) "
    )
    made_of += "from assets where run_id = %s"
    assert await at_work.rows(made_of, produced.id) == [(len(decided),) * 3]


# ---------------------------------------------------------------- pieces


async def email(hands: Hands, mark: str) -> None:
    run = await _begun(
        hands, "email_create", **await _here(hands), brief=f"Tell subscribers about the harvest ({mark})"
    )
    await _one_piece(hands, run)


async def article(hands: Hands, mark: str) -> None:
    run = await _begun(hands, "seo_write", **await _here(hands), brief=f"How to keep coffee fresh at home ({mark})")
    await _one_piece(hands, run)


async def landing_page(hands: Hands, mark: str) -> None:
    run = await _begun(hands, "landing_page", **await _here(hands), brief=f"Subscribe before the harvest ({mark})")
    await _one_piece(hands, run)


async def _one_piece(hands: Hands, run: RunRow) -> None:
    assert await _count(hands, "select count(*) from assets where run_id = %s", run.id) == 1


async def series(hands: Hands, mark: str) -> None:
    brief = f"Welcome new subscribers and lead them to a first order ({mark})"
    run = await _begun(hands, "email_series", **await _here(hands), brief=brief, count=EMAILS)
    made = "select count(*), count(distinct e.asset_id) from email_series s join email_series_emails e on e.series_id = s.id "
    assert await hands.at_work.rows(made + "where s.run_id = %s", run.id) == [(EMAILS, EMAILS)]


async def polish(hands: Hands, mark: str) -> None:
    await _edited(hands, mark, "polish")


async def optimise(hands: Hands, mark: str) -> None:
    await _edited(hands, mark, "seo_optimize")


async def _edited(hands: Hands, mark: str, kind: str) -> None:
    piece = await a_piece(hands.at_work, f"# How to keep coffee fresh ({mark})\n\n{SECTIONS}")
    run = await _begun(hands, kind, **await _here(hands), assetId=piece["assetId"])
    offered = await _count(hands, "select count(*) from text_proposals where run_id = %s", run.id)
    assert offered == (1 if (run.output or {})["proposal_id"] else 0)


# ---------------------------------------------------------------- knowledge, tasks, the self-test


async def research(hands: Hands, mark: str) -> None:
    client = {"clientId": (await _here(hands))["clientId"]}
    run = await _begun(hands, "seo_research", **client, topic=f"How to keep coffee fresh ({mark})")
    output = run.output or {}
    assert await _count(hands, "select count(*) from research where run_id = %s", run.id) == 1
    assert output["opened"] == len(PAGES) - 1, output


async def bring_in(hands: Hands, mark: str) -> None:
    """Ads that nobody else brings in, in batches."""
    at_work, number = hands.at_work, int("".join(filter(str.isdigit, mark)))
    ads = [
        files.ad(number * 10_000 + at, title=None, body=f"Reason {at} of {mark} to shave late, told in {at} words.")
        for at in range(ROWS)
    ]
    content = json.dumps(ads).encode()
    folder = at_work.house.settings.home
    kept = await Files(str(folder / "files"), folder).of(at_work.org_id).put_bytes(content)

    async def start() -> RunId:
        async with at_work.db.org(at_work.org_id) as conn:
            row = await imports.open_import(
                conn, at_work.caller, client_id=None, kind="swipes", format="ad_json", filename=f"{mark}.json",
                storage_key=kept.key, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content), options={},
            )  # fmt: skip
            row = await imports.claim(conn, row.id)
        run = await at_work.runs.start(at_work.caller, imports.RUN_KIND, imports.work_of(row))
        async with at_work.db.org(at_work.org_id) as conn:
            await imports.started(conn, row.id, run.id)
        return run.id

    run = await hands.done(imports.RUN_KIND, start)
    counted = (
        "select status, position, rows_new, rows_unchanged, rows_merged, rows_rejected from imports where run_id = %s"
    )
    assert await at_work.rows(counted, run.id) == [("completed", ROWS, ROWS, 0, 0, 0)]
    assert await _count(hands, "select count(*) from company_swipe_assets where body like %s", f"% of {mark} %") == ROWS


async def task(hands: Hands, mark: str) -> None:
    """A plan that is commented on until it is accepted; one of its steps is a run of its own."""
    asked = f"Compare our subscription with supermarket beans ({mark}); write an email that welcomes new subscribers"
    run = await _begun(hands, "plan_then_do", **await _here(hands), task=asked)
    output = run.output or {}
    documents = "select count(*) from assets where run_id = %s and format = 'document'"
    assert await _count(hands, documents, run.id) == (0 if output["rejected"] else 1)
    # a part that was stopped when its draft was there already, and then left out, has left one that nobody asked for
    emails = (
        "select count(*) from assets a join runs r on r.id = a.run_id where r.parent_id = %s and r.status = 'completed'"
    )
    assert await _count(hands, emails, run.id) == len(output["pieces"]), output


async def self_test(hands: Hands, mark: str) -> None:
    run = await _begun(hands, "test_campaign", goal=f"{GOAL} ({mark})")
    checks = {check["name"]: check for check in (run.output or {})["checks"]}
    assert all(check["ok"] for check in checks.values()), checks
    assert checks["clean up"]


ERRANDS: Mapping[str, Errand] = {
    one.__name__: one
    for one in (
        campaign, self_test, task, new_client, email, article, series, research, bring_in, polish, optimise, landing_page,
    )
}  # fmt: skip
#: kinds of runs that the errands start, whatever becomes of them
KINDS = frozenset(WORKFLOWS)
