"""What the agents are told of the state of things at the start of a turn: client, campaign, documents, what waits.

Read once and kept with the turn, so that taking it up again after a crash asks the models the same question. Holds
no time of day.
"""

from typing import Any

from knowledge.approvals.queries import count_open
from knowledge.artifacts import queries as artifacts
from knowledge.artifacts.models import Artifact
from knowledge.clients import queries as clients
from knowledge.db import Connection
from knowledge.sessions.models import Session

#: approved documents are summed up for the agents within this many characters
LONGEST_SUMMARY = 6000


async def read_context(conn: Connection, session: Session) -> dict[str, Any]:
    """A JSON value: client, campaign, documents (the newest version of each), inbox, known clients."""
    known = await clients.list_clients(conn)
    client = next((c for c in known if c.id == session.client_id), None)
    campaign = await clients.get_campaign(conn, session.campaign_id) if session.campaign_id else None
    heads = await artifacts.heads(conn, client.id) if client else []
    mine = [head for head in heads if head.campaign_id in (None, session.campaign_id)]
    return {
        "client": {"id": str(client.id), "name": client.name} if client else None,
        "campaign": {"id": str(campaign.id), "name": campaign.name, "status": campaign.status} if campaign else None,
        "clients": [{"id": str(c.id), "name": c.name} for c in known[:50]],
        "documents": [_document(head) for head in mine],
        "canon": _summary(mine),
        "waiting": await count_open(conn),
    }


def _document(head: Artifact) -> dict[str, Any]:
    return {
        "id": str(head.id),
        "type": head.type,
        "version": head.version,
        "status": head.status,
        "flagged": head.flagged_reason,
    }


def _summary(heads: list[Artifact]) -> dict[str, Any] | None:
    """The parts of the approved canon that every agent should keep to."""
    canon = next((head.data for head in heads if head.type == "client_canon" and head.status == "approved"), None)
    if canon is None:
        return None
    brand = canon.get("brand", {})
    parts: dict[str, Any] = {
        "toneOfVoice": brand.get("toneOfVoice"),
        "offers": [offer.get("primary") for offer in canon.get("offers", [])],
        "icps": [icp.get("name") for icp in canon.get("icps", [])],
        "forbiddenPhrases": canon.get("constraints", {}).get("legal", {}).get("forbiddenPhrases"),
        "requiredDisclaimers": canon.get("constraints", {}).get("legal", {}).get("requiredDisclaimers"),
        "story": brand.get("story"),
    }
    while len(str(parts)) > LONGEST_SUMMARY:
        parts.pop(next(reversed(parts)))
    return parts
