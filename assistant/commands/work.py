"""/intake, /onboard, /strategy, /write, /create-email: the main job. Each starts from what is there, or says why not."""

from typing import Any
from uuid import UUID

from assistant.commands.answer import Answer, Card, literal
from assistant.commands.choosing import next_steps
from assistant.commands.desk import Desk, run_id_of
from knowledge.errors import Blocked
from tools.runs.gate import require_gate
from tools.runs.kinds import Kind


async def intake(desk: Desk, words: str) -> Answer:
    """The form; the conversation instead of it begins with a button there."""
    client = await desk.need_client()
    text = f"The intake of **{literal(client.name)}**. Fill in what you know; it is kept as you go."
    return Answer(text, (Card("IntakeForm", {"clientId": str(client.id)}),))


async def onboard(desk: Desk, words: str) -> Answer:
    client = await desk.need_client()
    card = await start_work(desk, "client_onboarding", clientId=str(client.id))
    text = (
        f"Onboarding **{literal(client.name)}**: I build the client canon, you approve it, then the metric schema. "
        "You can leave and come back."
    )
    return Answer(text, (card,))


async def strategy(desk: Desk, words: str) -> Answer:
    """Plan the campaign for the goal in ``words``; makes a first campaign when the client has none."""
    client = await desk.need_client()
    campaign = await desk.campaign()
    await _require_plan(desk, client.id, campaign.id if campaign else None)
    if campaign is None:
        await desk.use(
            "create_campaign", clientId=str(client.id), name=_campaign_name(words), goalDescription=words or None
        )
        campaign = await desk.campaign()
    if campaign is None:
        text = f"Which campaign of {literal(client.name)} is this for?"
        return Answer(text, (Card("Picker", {"kind": "campaign", "clientId": str(client.id)}),))
    goal = words or campaign.goal_description or ""
    card = await start_work(desk, "campaign_planning", clientId=str(client.id), campaignId=str(campaign.id), goal=goal)
    told = f" for “{literal(goal)}”" if goal and not goal.startswith(campaign.name) else ""
    text = f"Planning **{literal(campaign.name)}**{told}. The strategy sheet comes here for your approval."
    return Answer(text, (card,))


async def write(desk: Desk, words: str) -> Answer:
    return await write_piece(desk, words, "seo_write", "/write", "How to choose a padel racket", "article")


async def create_email(desk: Desk, words: str) -> Answer:
    return await write_piece(desk, words, "email_create", "/create-email", "Welcome new subscribers", "email")


async def write_piece(desk: Desk, words: str, kind: Kind, command: str, example: str, noun: str) -> Answer:
    client = await desk.need_client()
    if not words:
        text = f"What should the {noun} be about? Say it after the command, for example:\n\n`{command} {example}`"
        return Answer(text)
    session = await desk.session()
    campaign = {"campaignId": str(session.campaign_id)} if session.campaign_id else {}
    card = await start_work(desk, kind, clientId=str(client.id), brief=words, **campaign)
    text = f"Writing the {noun} for **{literal(client.name)}**. Both critics read it before you do."
    return Answer(text, (card,))


async def start_work(desk: Desk, kind: Kind, **given: Any) -> Card:
    """The run's card; what its gate waits for comes with the way on."""
    try:
        started = await desk.use("start_run", kind=kind, **given)
    except Blocked as shut:
        raise await _with_steps(desk, shut) from None
    return Card("RunCard", {"runId": str(run_id_of(started))})


async def _require_plan(desk: Desk, client_id: UUID, campaign_id: UUID | None) -> None:
    """Planning's gate, before a campaign is made for it."""
    try:
        async with desk.services.db.org(desk.caller.org_id) as conn:
            await require_gate(conn, "campaign_planning", client_id, campaign_id)
    except Blocked as shut:
        raise await _with_steps(desk, shut) from None


async def _with_steps(desk: Desk, shut: Blocked) -> Blocked:
    return Blocked(shut.message, reasons=shut.reasons, steps=await next_steps(desk))


def _campaign_name(goal: str) -> str:
    words = goal.split()
    return " ".join(words[:6]) if words else "First campaign"
