"""Which client or campaign is meant when none is named: the one chosen in the conversation."""

from knowledge.clients import service
from knowledge.db import Connection
from knowledge.errors import Invalid, NotFound
from knowledge.ids import CampaignId, ClientId, SessionId
from knowledge.people.models import Caller
from knowledge.sessions import queries as sessions
from knowledge.sessions.models import Session


async def find_session(conn: Connection, caller: Caller) -> Session | None:
    return await sessions.get(conn, caller.session_id) if caller.session_id else None


def get_session_id(caller: Caller) -> SessionId:
    """Raises Invalid outside a conversation: there is nothing to keep a choice in."""
    if caller.session_id is None:
        raise Invalid("Choosing is for a conversation; elsewhere name the client or campaign with each call.")
    return caller.session_id


async def client_meant(conn: Connection, caller: Caller, named: ClientId | None) -> ClientId:
    """The client named, which must exist, or the conversation's. Raises NotFound, Invalid."""
    if named is None:
        session = await find_session(conn, caller)
        named = session.client_id if session else None
    if named is None:
        raise Invalid(fields={"clientId": "no client is chosen; name one, or choose one first"})
    return (await service.get_client(conn, named)).id


async def campaign_meant(
    conn: Connection, caller: Caller, client_id: ClientId, named: CampaignId | None
) -> CampaignId | None:
    """The campaign named, which must be the client's, or the conversation's if it is; None when there is none."""
    if named is None:
        session = await find_session(conn, caller)
        return session.campaign_id if session and session.client_id == client_id else None
    campaign = await service.get_campaign(conn, named)
    if campaign.client_id != client_id:
        raise NotFound("That campaign does not exist, or not for this client.")
    return campaign.id
