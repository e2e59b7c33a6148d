"""/intake, /onboard, /strategy, /write, /create-email: the main job. Each starts from what is there, or says why not."""

from assistant.commands.answer import Answer, Card, literal
from assistant.commands.choosing import next_steps
from assistant.commands.desk import Desk, run_id_of
from knowledge.artifacts import queries as artifacts
from knowledge.artifacts import store
from knowledge.artifacts.registry import ArtifactType
from knowledge.errors import Blocked


async def intake(desk: Desk, words: str) -> Answer:
    """The form; the conversation instead of it begins with a button there."""
    client = await desk.need_client()
    text = f"The intake of **{literal(client.name)}**. Fill in what you know; it is kept as you go."
    return Answer(text, (Card("IntakeForm", {"clientId": str(client.id)}),))


async def onboard(desk: Desk, words: str) -> Answer:
    client = await desk.need_client()
    await _check_gate(desk, "client_canon")
    started = await desk.use("start_run", kind="client_onboarding", clientId=str(client.id))
    text = (
        f"Onboarding **{literal(client.name)}**: I build the client canon, you approve it, then the metric schema. "
        "You can leave and come back."
    )
    return Answer(text, (Card("RunCard", {"runId": str(run_id_of(started))}),))


async def strategy(desk: Desk, words: str) -> Answer:
    """Plan the campaign for the goal in ``words``; makes a first campaign when the client has none."""
    client = await desk.need_client()
    campaign = await desk.campaign()
    await _check_gate(desk, "strategy_sheet")
    if campaign is None:
        await desk.use(
            "create_campaign", clientId=str(client.id), name=_campaign_name(words), goalDescription=words or None
        )
        campaign = await desk.campaign()
    if campaign is None:
        text = f"Which campaign of {literal(client.name)} is this for?"
        return Answer(text, (Card("Picker", {"kind": "campaign", "clientId": str(client.id)}),))
    goal = words or campaign.goal_description or ""
    started = await desk.use(
        "start_run", kind="campaign_planning", clientId=str(client.id), campaignId=str(campaign.id), goal=goal
    )
    told = f" for “{literal(goal)}”" if goal and not goal.startswith(campaign.name) else ""
    text = f"Planning **{literal(campaign.name)}**{told}. The strategy sheet comes here for your approval."
    return Answer(text, (Card("RunCard", {"runId": str(run_id_of(started))}),))


async def write(desk: Desk, words: str) -> Answer:
    return await _piece(desk, words, "seo_write", "/write", "How to choose a padel racket", "article")


async def create_email(desk: Desk, words: str) -> Answer:
    return await _piece(desk, words, "email_create", "/create-email", "Welcome new subscribers", "email")


async def _piece(desk: Desk, words: str, kind: str, command: str, example: str, noun: str) -> Answer:
    client = await desk.need_client()
    if not words:
        text = f"What should the {noun} be about? Say it after the command, for example:\n\n`{command} {example}`"
        return Answer(text)
    session = await desk.session()
    await _check_canon(desk)
    campaign = {"campaignId": str(session.campaign_id)} if session.campaign_id else {}
    started = await desk.use("start_run", kind=kind, clientId=str(client.id), brief=words, **campaign)
    text = f"Writing the {noun} for **{literal(client.name)}**. Both critics read it before you do."
    return Answer(text, (Card("RunCard", {"runId": str(run_id_of(started))}),))


async def _check_gate(desk: Desk, type: ArtifactType) -> None:
    session = await desk.session()
    assert session.client_id is not None  # noqa: S101 - the command asked for a client before
    async with desk.services.db.org(desk.caller.org_id) as conn:
        gate = await store.gate(conn, type, session.client_id, session.campaign_id)
    if not gate.allowed:
        raise Blocked(gate.sentence, reasons=list(gate.reasons), steps=await next_steps(desk))


async def _check_canon(desk: Desk) -> None:
    session = await desk.session()
    assert session.client_id is not None  # noqa: S101 - the command asked for a client before
    async with desk.services.db.org(desk.caller.org_id) as conn:
        canon = await artifacts.latest(conn, session.client_id, "client_canon")
    if canon is None or canon.status != "approved":
        state = "missing" if canon is None else f"{canon.status} (v{canon.version}) and must be approved"
        reason = f"client_canon is {state}"
        raise Blocked(f"Writing is blocked: {reason}.", reasons=[reason], steps=await next_steps(desk))


def _campaign_name(goal: str) -> str:
    words = goal.split()
    return " ".join(words[:6]) if words else "First campaign"
