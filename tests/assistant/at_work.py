"""The house as the product opens it, on a test's database, with its models at the loopback provider or offline.

Databases are cloned from templates that are made once: ``briefed`` (the demo client with an approved intake and
a campaign), ``onboarded`` (canon and metric schema approved too) and ``planned`` (the strategy too). Take the
fixtures into a conftest with ``from tests.assistant.at_work import briefed, onboarded, planned``.
"""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from dbos import DBOS
from psycopg.conninfo import make_conninfo

from assistant.chat.identity import LOCAL_ORG, LOCAL_USER, ensure_local_user
from assistant.demo.client import make_demo_client
from assistant.house import House
from assistant.settings import Settings, read_settings
from knowledge.artifacts import queries as artifacts
from knowledge.artifacts import store
from knowledge.artifacts.models import Artifact
from knowledge.embedded import EmbeddedPostgres
from knowledge.fetching.web import Web
from knowledge.ids import OrgId, RunId, SessionId, UserId
from knowledge.migrate import sqlalchemy_url
from knowledge.people.models import Caller
from knowledge.runs.models import ACTIVE, RunRow
from knowledge.sessions import queries as sessions
from tests.assistant.runs.toys import QUICK, Room
from tests.conftest import TestDatabase, _names
from tools.call import call
from tools.catalog import CATALOG
from tools.spec import ToolContext

PRICES = json.dumps({"test-model": {"input": 1, "output": 10, "cached": 0.1}})
GOAL = "300 new subscriptions in 12 weeks"
ME = Caller(org_id=LOCAL_ORG, user_id=LOCAL_USER, role="admin")


@dataclass
class AtWork(Room):
    """An open house with the local user in it; everything a test of runs can do, and the tools beside it."""

    house: House

    async def use(self, tool: str, **given: Any) -> dict[str, Any]:
        context = ToolContext(self.caller, self.house.db, self.house.work)
        return (await call(CATALOG[tool], context, given)).model_dump(mode="json", by_alias=True)

    async def begin(self, kind: str, **given: Any) -> RunId:
        """Start ``kind`` for the demo client, and for its campaign unless it is onboarding."""
        async with self.db.org(self.org_id) as conn:
            client_id, campaign_id = await place(conn)
        where = {"clientId": str(client_id)}
        if kind != "client_onboarding":
            where["campaignId"] = str(campaign_id)
        return RunId(UUID((await self.use("start_run", kind=kind, **where, **given))["runId"]))

    async def question(self, run_id: RunId, within: float = 60) -> dict[str, Any] | None:
        """What the run asks people next, as its card shows it; None when it has ended."""
        async with asyncio.timeout(within):
            async for _ in self._looks(run_id):
                view = await self.use("get_run", runId=str(run_id))
                run = view.get("run", view)
                if run["status"] not in ACTIVE:
                    return None
                if run["waitingFor"] is not None:
                    return run["waitingFor"]
        raise AssertionError

    async def click(self, asked: dict[str, Any], decision: str = "approved", **more: Any) -> None:
        """Answer as a click would."""
        answer = {"approvalId": asked["approvalId"], "decision": decision, "contentHash": asked["contentHash"]}
        await self.use("decide_approval", **answer, **more)

    async def latest(self, type: str) -> Artifact | None:
        """The newest version of the demo client's document."""
        async with self.db.org(self.org_id) as conn:
            client_id, campaign_id = await place(conn)
            return await artifacts.latest(conn, client_id, type, campaign_id if type == "strategy_sheet" else None)

    async def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        async with self.db.org(self.org_id) as conn:
            return await (await conn.execute(query, values)).fetchall()  # type: ignore[arg-type]

    async def session(self) -> SessionId:
        """A new conversation about the demo client and its campaign."""
        async with self.db.org(self.org_id) as conn:
            client_id, campaign_id = await place(conn)
            values = {"org_id": self.org_id, "user_id": self.caller.user_id, "channel": "chat", "thread": str(uuid4())}
            made = await sessions.insert(conn, values)
            assert made is not None
            await sessions.choose_client(conn, made.id, client_id)
            await sessions.choose_campaign(conn, made.id, campaign_id)
            return made.id


async def place(conn: Any) -> tuple[UUID, UUID]:
    """The demo client and its campaign, which were there first."""
    found = await conn.execute(
        "select c.id, k.id from clients c left join campaigns k on k.client_id = c.id "
        "order by c.created_at, c.id, k.created_at limit 1"
    )
    return await found.fetchone()


def settings_for(provider: str | None, api: str = "responses", **changes: Any) -> Settings:
    """As the door would read them; ``changes`` are of the models' slice. Waits are short unless changed."""
    environment = {"ADROOM_HOME": "/nonexistent"}
    if provider is not None:
        environment |= {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": provider, "ADROOM_MODEL_API": api}
        environment |= {"ADROOM_MODEL_MANAGER": "test-model", "ADROOM_PRICES": PRICES}
    read = read_settings(environment)
    run_budget = changes.pop("run_budget", read.run_budget)
    home = changes.pop("home", read.home)
    read = replace(read, home=home, files=str(home / "files"), search=changes.pop("search", read.search))
    quick = {"request_timeout": 30.0, "silence_timeout": 10.0, "patience": 2.0, "retries": 0, **changes}
    return replace(read, run_budget=run_budget, models=replace(read.models, **quick))


@asynccontextmanager
async def open_house(
    owner_url: str,
    app_url: str,
    org_id: OrgId = LOCAL_ORG,
    user_id: UserId = LOCAL_USER,
    *,
    provider: str | None = None,
    api: str = "responses",
    web: Web | None = None,
    **changes: Any,
) -> AsyncGenerator[AtWork]:
    """``web``: public pages, where a test has some; ``search``: the search settings."""
    house = House(settings_for(provider, api, **changes), owner_url, app_url, QUICK, web)
    async with house.open():
        yield AtWork(house.db, house.events, house.engine, house.runs, replace(ME, org_id=org_id), house)


# ---------------------------------------------------------------- templates


@pytest.fixture
def briefed(postgres: EmbeddedPostgres) -> Iterator[TestDatabase]:
    with _clone(postgres, _template(postgres, "briefed")) as made:
        yield made


@pytest.fixture
def onboarded(postgres: EmbeddedPostgres) -> Iterator[TestDatabase]:
    with _clone(postgres, _template(postgres, "onboarded")) as made:
        yield made


@pytest.fixture
def planned(postgres: EmbeddedPostgres) -> Iterator[TestDatabase]:
    with _clone(postgres, _template(postgres, "planned")) as made:
        yield made


@pytest.fixture
def designed(postgres: EmbeddedPostgres) -> Iterator[TestDatabase]:
    """``planned``, with one experiment set up."""
    with _clone(postgres, _template(postgres, "designed")) as made:
        yield made


def _template(postgres: EmbeddedPostgres, name: str) -> str:
    """The template's name; made when it is first asked for."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as conn:
        if conn.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            return name
        before, work = _MAKING[name]
        _copy(conn, _template(postgres, before) if before else "adroom", f"{name}_to_be")
        _apart(work(postgres.url(f"{name}_to_be"), make_conninfo(postgres.app_url, dbname=f"{name}_to_be")))
        # under load a session of the house may take a moment longer to go than the house itself
        conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (f"{name}_to_be",))
        conn.execute(f"alter database {name}_to_be rename to {name}")  # type: ignore[arg-type]
    return name


async def brief(owner_url: str, app_url: str) -> None:
    url = sqlalchemy_url(owner_url).set(drivername="postgresql")
    DBOS.migrate(url.render_as_string(hide_password=False), schema="dbos")
    async with open_house(owner_url, app_url) as at_work:
        await ensure_local_user(at_work.db)
        async with at_work.db.org(LOCAL_ORG) as conn:
            made = await make_demo_client(conn, ME)
            intake = await store.get(conn, made.intake_id)
            await store.approve(conn, intake.id, user_id=LOCAL_USER, role="admin", shown_hash=intake.content_hash)
        await at_work.use("create_campaign", clientId=str(made.client_id), name="Spring", goalDescription=GOAL)


async def onboard(owner_url: str, app_url: str) -> None:
    async with open_house(owner_url, app_url) as at_work:
        await approve_all(at_work, "client_onboarding")


async def plan(owner_url: str, app_url: str) -> None:
    async with open_house(owner_url, app_url) as at_work:
        await approve_all(at_work, "campaign_planning")


async def _design(owner_url: str, app_url: str) -> None:
    async with open_house(owner_url, app_url) as at_work:
        limits = {"maxConcurrentExperiments": 1, "channels": ["meta"]}
        await approve_all(at_work, "experiment_design", constraints=limits)


_MAKING = {
    "briefed": (None, brief),
    "onboarded": ("briefed", onboard),
    "planned": ("onboarded", plan),
    "designed": ("planned", _design),
}


async def approve_all(at_work: AtWork, kind: str, **given: Any) -> RunRow:
    """Run ``kind`` for the demo client to its end, approving whatever it asks for; the run as it ended."""
    run_id = await at_work.begin(kind, **given)
    while (asked := await at_work.question(run_id)) is not None:
        assert asked["subjectType"] == "artifact", asked["sentence"]
        await at_work.click(asked)
    return await at_work.runs.get(at_work.org_id, run_id)


def _apart(work: Coroutine[Any, Any, None]) -> None:
    """Run in a thread of its own: the test's loop is not to be touched."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)
        except BaseException as fault:  # noqa: BLE001 - raised below, where it is seen
            faults.append(fault)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if faults:
        raise faults[0]


@contextmanager
def _clone(postgres: EmbeddedPostgres, template: str) -> Iterator[TestDatabase]:
    name = next(_names)
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as conn:
        _copy(conn, template, name)
    yield TestDatabase(name, postgres.url(name), make_conninfo(postgres.app_url, dbname=name))
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")  # type: ignore[arg-type]


def _copy(conn: psycopg.Connection, template: str, name: str) -> None:
    conn.execute(f"create database {name} template {template} strategy file_copy")  # type: ignore[arg-type]
