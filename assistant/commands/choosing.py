"""/client and /campaign: choose, create, list. What is chosen stays chosen in the conversation."""

from assistant.commands.answer import Answer, Card, Next, literal
from assistant.commands.desk import Desk
from knowledge.artifacts.queries import heads
from knowledge.artifacts.registry import ArtifactType
from knowledge.clients import queries

#: what has to be approved, one after the other, before pieces are written
_STEPS: tuple[ArtifactType, ...] = ("intake", "client_canon", "metric_schema", "strategy_sheet")


async def client(desk: Desk, words: str) -> Answer:
    """With a name: choose it, or create it when there is none. Without: the picker."""
    if not words:
        chosen = await desk.client()
        text = f"You are working on **{literal(chosen.name)}**." if chosen else "Which client shall we work on?"
        return Answer(text, (Card("Picker", {"kind": "client"}),))
    async with desk.services.db.org(desk.caller.org_id) as conn:
        found = await queries.find_client(conn, " ".join(words.split()))
    if found is None:
        await desk.use("create_client", name=words)
        found = await desk.need_client()
        text = f"**{literal(found.name)}** is new here. The intake comes first."
        return Answer(text, (), (Next("Fill in the intake", "/intake"),))
    await desk.use("choose_client", clientId=str(found.id))
    return Answer(f"We are working on **{literal(found.name)}**.", (), await next_steps(desk))


async def campaign(desk: Desk, words: str) -> Answer:
    chosen_client = await desk.need_client()
    if not words:
        chosen = await desk.campaign()
        text = (
            f"The campaign is **{literal(chosen.name)}**."
            if chosen
            else f"Which campaign of {literal(chosen_client.name)}?"
        )
        return Answer(text, (Card("Picker", {"kind": "campaign", "clientId": str(chosen_client.id)}),))
    async with desk.services.db.org(desk.caller.org_id) as conn:
        found = await queries.find_campaign(conn, chosen_client.id, " ".join(words.split()))
    if found is None:
        made = await desk.use("create_campaign", clientId=str(chosen_client.id), name=words)
        campaign_id, verb = str(made.model_dump()["campaign"]["id"]), "is set up"
    else:
        campaign_id, verb = str(found.id), "is chosen"
    await desk.use("choose_campaign", campaignId=campaign_id)
    return Answer(f"Campaign **{literal(words)}** {verb}.", (), (Next("Plan it", "/strategy"),))


async def next_steps(desk: Desk) -> tuple[Next, ...]:
    """What this client is ready for: one or two buttons."""
    chosen = await desk.client()
    if chosen is None:
        return (Next("Choose a client", "/client"),)
    async with desk.services.db.org(desk.caller.org_id) as conn:
        states = {head.type: head.status for head in await heads(conn, chosen.id, _STEPS)}
    if states.get("intake") != "approved":
        return (Next("Fill in the intake", "/intake"),)
    if states.get("client_canon") != "approved" or states.get("metric_schema") != "approved":
        return (Next("Onboard now", "/onboard"),)
    if states.get("strategy_sheet") != "approved":
        return (Next("Plan a campaign", "/strategy"), Next("Write an article", "/write"))
    return (Next("Write an article", "/write"), Next("Write an email", "/create-email"))
