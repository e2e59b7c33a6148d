"""The main job from end to end through the same tools and runs that the chat uses, approving every gate."""

import asyncio
import base64
import time
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from assistant.chat.identity import LOCAL_ORG, LOCAL_USER, ensure_local_user
from assistant.demo.client import make_demo_client
from assistant.house import House
from knowledge.artifacts import queries as artifacts
from knowledge.artifacts.brief_reading import read_brief
from knowledge.artifacts.readable import to_markdown
from knowledge.assets import service as assets
from knowledge.clients import queries as clients
from knowledge.errors import Invalid, NotFound, Upstream
from knowledge.ids import RunId
from knowledge.json_values import as_list, as_object
from knowledge.people.models import Caller
from knowledge.runs.models import RunRow
from tools.call import call
from tools.catalog import CATALOG
from tools.spec import ToolContext

#: a run that neither ends nor asks within this many seconds has failed
PATIENCE = 1800.0
GOAL = "300 new subscriptions in 12 weeks"


@dataclass
class Job:
    """One walk through the main job; ``began`` is when, on the monotonic clock."""

    house: House
    caller: Caller
    folder: Path
    began: float = field(default_factory=time.monotonic)
    files: list[Path] = field(default_factory=list[Path])

    async def use(self, tool: str, **given: Any) -> dict[str, Any]:
        context = ToolContext(self.caller, self.house.db, self.house.work)
        return (await call(CATALOG[tool], context, given)).model_dump(mode="json", by_alias=True)

    def tell(self, text: str) -> None:
        print(f"  {time.monotonic() - self.began:7.2f} s  {text}", flush=True)

    async def work(self, kind: str, **given: Any) -> RunRow:
        """Start a run, approve whatever it asks for, and wait for its end; raises Upstream when it failed."""
        started = await self.use("start_run", kind=kind, **given)
        run_id = RunId(UUID(started["runId"]))
        self.tell(f"{started['run']['title']} started")
        while True:
            run = await self.house.runs.get(LOCAL_ORG, run_id)
            if run.status == "waiting":
                await self._approve(run_id)
            elif run.status in ("completed", "failed", "stopped", "cancelled"):
                break
            elif time.monotonic() - self.began > PATIENCE:
                raise Upstream(f"{run.title} did not end within {PATIENCE / 60:.0f} minutes.")
            await asyncio.sleep(0.05)
        if run.status != "completed":
            raise Upstream(f"{run.title} {run.status}: {run.error or 'no reason given'}")
        self.tell(f"{run.title} completed")
        return run

    async def _approve(self, run_id: RunId) -> None:
        view = await self.use("get_run", runId=str(run_id))
        waiting = view.get("waitingFor") or view.get("run", {}).get("waitingFor")
        if waiting is None:  # it was answered a moment ago
            return
        if waiting["subjectType"] != "artifact":
            raise Upstream(waiting["sentence"])
        decision = {"decision": "approved", "contentHash": waiting["contentHash"]}
        await self.use("decide_approval", approvalId=waiting["approvalId"], **decision)
        self.tell(f"approved {waiting['gate']} v{waiting['version']}")

    def write(self, name: str, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        self.files.append(path)


async def run_main_job(house: House, brief: Path | None, folder: Path) -> None:
    """The whole job; raises an AdroomError with its sentence when something failed."""
    job = Job(house, Caller(org_id=LOCAL_ORG, user_id=LOCAL_USER, role="admin"), folder)
    print("\nAdroom: the main job, from a brief to a first article and email\n")
    async with house.open():
        await ensure_local_user(house.db)
        client_id = await _client_with_intake(job, brief)
        await job.work("client_onboarding", clientId=client_id)
        campaign = await _campaign(job, client_id)
        await job.work("campaign_planning", clientId=client_id, campaignId=campaign, goal=GOAL)
        place = {"clientId": client_id, "campaignId": campaign}
        article = await job.work(
            "seo_write", brief="How to keep coffee fresh at home" if not brief else _topic(brief), **place
        )
        email = await job.work("email_create", brief="Welcome new subscribers and say what happens next", **place)
        await _write_documents(job, UUID(client_id), [article, email])
        _report(job, await job.use("get_budget"))


async def _client_with_intake(job: Job, brief: Path | None) -> str:
    """The client whose intake is approved: the demo's, or the one that the given brief names."""
    if brief is None:
        async with job.house.db.org(LOCAL_ORG) as conn:
            made = await make_demo_client(conn, job.caller)
        client_id = str(made.client_id)
    else:
        client_id = await _client_of(job, brief)
    intake = await job.use("get_intake", clientId=client_id)
    if intake["status"] != "approved":
        errors = {finding["field"]: finding["message"] for finding in intake["findings"]["errors"]}
        if errors:
            raise Invalid(fields=errors)
        shown = {"decision": "approved", "contentHash": intake["contentHash"]}
        await job.use("decide_artifact", artifactId=intake["artifactId"], **shown)
    job.tell(f"intake of {intake['clientName']} approved")
    return client_id


async def _client_of(job: Job, brief: Path) -> str:
    try:
        content = await asyncio.to_thread(brief.read_bytes)
    except OSError as error:
        raise NotFound(f"{brief} cannot be read: {error.strerror}.") from None
    reading = await asyncio.to_thread(read_brief, brief.name, content)
    name = as_object(reading.data.get("identity")).get("name")
    if not name:
        raise Invalid(fields={"identity.name": "the brief does not say what the client is called"})
    async with job.house.db.org(LOCAL_ORG) as conn:
        known = await clients.find_client(conn, name)
    client_id = str(known.id) if known else (await job.use("create_client", name=name))["client"]["id"]
    if reading.data:
        encoded = base64.b64encode(content).decode()
        await job.use("import_brief", clientId=client_id, filename=brief.name, contentBase64=encoded, replace=True)
    return client_id


def _topic(brief: Path) -> str:
    reading = read_brief(brief.name, brief.read_bytes())
    pains = as_list(as_object(reading.data.get("audience")).get("painPoints"))
    offers = as_list(as_object(reading.data.get("offer")).get("primaryOffers"))
    return str((pains or offers or ["What we offer, and for whom"])[0])


async def _campaign(job: Job, client_id: str) -> str:
    known = await job.use("list_campaigns", clientId=client_id)
    if known["items"]:
        return str(known["items"][0]["id"])
    made = await job.use("create_campaign", clientId=client_id, name="First campaign", goalDescription=GOAL)
    return str(made["campaign"]["id"])


async def _write_documents(job: Job, client_id: UUID, pieces: list[RunRow]) -> None:
    async with job.house.db.org(LOCAL_ORG) as conn:
        for head in await artifacts.heads(conn, client_id):
            job.write(f"{head.type}-v{head.version}.md", to_markdown(head.type, head.data))
        for run in pieces:
            asset = await assets.get(conn, UUID(str((run.output or {})["asset_id"])))
            text = assets.text_of(asset.content)
            if asset.channel == "email":
                text = f"Subject: {asset.content['subject']}\nPreheader: {asset.content['preheader']}\n\n{text}"
            job.write(f"{asset.format}.md", text)
            job.tell(
                f"{asset.format}: “{asset.title}”, {asset.word_count:,} words, {run.output and run.output['verdicts']}"
            )


def _report(job: Job, budget: dict[str, Any]) -> None:
    spent = next((scope["spent"] for scope in budget["scopes"] if scope["scope"] == "org"), "0")
    print(f"\n  Spent by the team so far: ${Decimal(spent):.4f}")
    print("  Documents:")
    for path in job.files:
        print(f"    {path}")
    print()
