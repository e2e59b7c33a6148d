"""What must be approved before each kind of work may begin: asked here by whatever starts it, on every surface."""

from uuid import UUID

from knowledge.artifacts import store
from knowledge.artifacts.gates import Gate
from knowledge.artifacts.registry import ArtifactType
from knowledge.db import Connection
from knowledge.errors import Blocked
from tools.runs.kinds import Kind

#: the first document a kind writes: its gate is the work's
FIRST_DOCUMENT: dict[Kind, ArtifactType] = {
    "client_onboarding": "client_canon",
    "campaign_planning": "strategy_sheet",
    "experiment_design": "experiment_spec",
    "creative_production": "asset_brief",
    "plan_then_do": "plan",
}
#: may begin before anything is approved
UNGATED: frozenset[Kind] = frozenset({"seo_research", "test_campaign"})


async def require_gate(conn: Connection, kind: Kind, client_id: UUID | None, campaign_id: UUID | None = None) -> None:
    """Raises Blocked with every reason at once, before a run is made that could only fail."""
    if client_id is None:
        return
    gate = await _gate(conn, kind, client_id, campaign_id)
    if not gate.allowed:
        raise Blocked(gate.sentence, reasons=list(gate.reasons))


async def _gate(conn: Connection, kind: Kind, client_id: UUID, campaign_id: UUID | None) -> Gate:
    if kind in UNGATED:
        return Gate(kind, True, ())
    first = FIRST_DOCUMENT.get(kind)
    if first is None:
        return await store.writing_gate(conn, client_id)
    return await store.gate(conn, first, client_id, campaign_id)
