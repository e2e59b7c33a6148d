"""A desk to write and decide at: documents in a few words, for the tests of documents and decisions."""

from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID, uuid4

from knowledge.approvals import service as approvals
from knowledge.artifacts import queries, store
from knowledge.artifacts.models import Artifact
from knowledge.artifacts.registry import SPECS, ArtifactType
from knowledge.clients import service as clients
from knowledge.db import Database
from knowledge.ids import CampaignId, ClientId, RunId
from knowledge.people.models import Caller
from tests.conftest import People
from tests.knowledge.artifacts.examples import example

#: one sentence of each type of document that can be replaced by any other
SENTENCE = {
    "intake": "audience.targetAudience",
    "client_canon": "brand.story",
    "metric_schema": "metrics.0.definition",
    "strategy_sheet": "positioning",
    "experiment_spec": "name",
    "asset_brief": "keyMessage",
    "creatives": "brandKit.imagery",
    "execution": "reelScripts.0.script",
    "monitoring": "trackingChecklist.0.item",
    "delivery": "audience",
    "qa_report": "checks.0.evidence",
    "experiment_report": "learnings.0",
    "playbook": "entries.0.pattern",
}


def document(type: str, sentence: str) -> dict[str, Any]:
    """The example of a type with ``sentence`` in it."""
    data = example(type)
    *way, last = SENTENCE[type].split(".")
    here: Any = data
    for part in way:
        here = here[int(part) if part.isdigit() else part]
    here[int(last) if last.isdigit() else last] = sentence
    return data


@dataclass
class Desk:
    """Writes and decides for one client and, where a type belongs to one, one campaign."""

    db: Database
    people: People
    client_id: ClientId
    campaign_id: CampaignId
    written: int = field(default=0)

    def caller(self, role: str = "partner", **more: Any) -> Caller:
        return Caller(self.people.org_id, self.people[role], role, **more)

    def place(self, type: str) -> CampaignId | None:
        return None if SPECS[cast("ArtifactType", type)].scope == "client" else self.campaign_id

    def draft(self, type: str, sentence: str | None = None, **more: Any) -> store.Draft:
        self.written += 1
        sentence = sentence or f"Sentence {self.written}"
        values: dict[str, Any] = {
            "org_id": self.people.org_id,
            "client_id": self.client_id,
            "campaign_id": self.place(type),
            "type": type,
            "data": document(type, sentence),
            "created_by": "agent:planner",
            "inputs": {"said": sentence},
        }
        return store.Draft(**{**values, **more})

    async def write(self, type: str, sentence: str | None = None, **more: Any) -> Artifact:
        async with self.db.org(self.people.org_id) as conn:
            return await store.create_version(conn, self.draft(type, sentence, **more))

    async def approve(self, artifact: Artifact, role: str = "partner") -> Artifact:
        async with self.db.org(self.people.org_id) as conn:
            return await store.approve(
                conn, artifact.id, user_id=self.people[role], role=role, shown_hash=artifact.content_hash
            )

    async def approved(self, type: str, sentence: str | None = None, **more: Any) -> Artifact:
        return await self.approve(await self.write(type, sentence, **more))

    async def up_to(self, *types: str) -> dict[str, Artifact]:
        """Each type written and approved, in order."""
        return {type: await self.approved(type) for type in types}

    async def now(self, artifact: Artifact) -> Artifact:
        async with self.db.org(self.people.org_id) as conn:
            return await store.get(conn, artifact.id)

    async def newest(self, type: str, key: str = "") -> Artifact | None:
        async with self.db.org(self.people.org_id) as conn:
            return await queries.latest(conn, self.client_id, type, self.place(type), key)

    async def gate(self, type: str) -> tuple[str, ...]:
        """The reasons why a type cannot be built; none when its gate is open."""
        async with self.db.org(self.people.org_id) as conn:
            return (await store.gate(conn, cast("ArtifactType", type), self.client_id, self.place(type))).reasons

    async def ask(self, artifact: Artifact, run_id: RunId | None = None, gate: str = "gate", **more: Any) -> Any:
        """An open request about a version."""
        async with self.db.org(self.people.org_id) as conn:
            return await approvals.request(
                conn,
                org_id=self.people.org_id,
                gate=gate,
                subject_type="artifact",
                subject_id=artifact.id,
                subject_version=artifact.version,
                subject_hash=artifact.content_hash,
                run_id=run_id,
                **more,
            )

    async def decide(
        self, approval_id: UUID, decision: Any, shown_hash: str, role: str = "partner", **more: Any
    ) -> approvals.Decided:
        async with self.db.org(self.people.org_id) as conn:
            return await approvals.decide(
                conn,
                caller=self.caller(role),
                approval_id=approval_id,
                decision=decision,
                shown_hash=shown_hash,
                **more,
            )

    async def decide_directly(
        self, artifact: Artifact, decision: Any, role: str = "partner", **more: Any
    ) -> approvals.Decided:
        """As a card does that knows the document only."""
        async with self.db.org(self.people.org_id) as conn:
            return await approvals.decide_subject(
                conn,
                caller=self.caller(role),
                subject_type="artifact",
                subject_id=artifact.id,
                gate=artifact.type,
                decision=decision,
                **{"shown_hash": artifact.content_hash, **more},
            )

    async def run(self, status: str = "running", kind: str = "toy") -> RunId:
        """A run's row, with nobody at work on it."""
        run_id = RunId(uuid4())
        async with self.db.org(self.people.org_id) as conn:
            await conn.execute(
                "insert into runs (id, org_id, client_id, kind, title, status, engine)"
                " values (%s, %s, %s, %s, 'A run', %s, 'none')",
                (run_id, self.people.org_id, self.client_id, kind, status),
            )
        return run_id

    async def count(self, query: Any, *values: Any) -> int:
        async with self.db.org(self.people.org_id) as conn:
            row = await (await conn.execute(query, values)).fetchone()
            return row[0] if row else 0


async def open_desk(db: Database, people: People, client_id: ClientId | None = None, name: str = "Spring") -> Desk:
    """A desk for the organisation's client (or another), with a campaign of its own."""
    client_id = client_id or people.client_id
    async with db.org(people.org_id) as conn:
        campaign = await clients.create_campaign(conn, people.org_id, client_id, name)
    return Desk(db, people, client_id, campaign.id)
