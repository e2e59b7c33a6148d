"""/plan-task: a task is planned, the plan is discussed, and done once it is accepted."""

import re

from assistant.commands.answer import Answer, Card, literal
from assistant.commands.desk import Desk
from assistant.commands.work import start_work
from knowledge.approvals import queries as approvals
from knowledge.approvals.models import Approval
from knowledge.runs import queries as runs

HOW = (
    "What is to be planned and done? Say it after the command, for example:\n\n"
    "`/plan-task Prepare the spring launch: settle the message, write the article, write the email`"
)
_ACCEPTED = re.compile(r"(?:done(?: reviewing)?|accept(?:ed)?|go(?: ahead)?|ok(?:ay)?)\W*", re.I)


async def plan_task(desk: Desk, words: str) -> Answer:
    """Plan the task in ``words``; ``/plan-task done reviewing`` accepts the plan that waits."""
    client = await desk.need_client()
    if not words:
        return Answer(HOW)
    if _ACCEPTED.fullmatch(words):
        return await _accept(desk)
    session = await desk.session()
    campaign = {"campaignId": str(session.campaign_id)} if session.campaign_id else {}
    card = await start_work(desk, "plan_then_do", clientId=str(client.id), task=words, **campaign)
    text = (
        f"Planning this for **{literal(client.name)}**. Comment on the plan, or request changes; nothing is done before "
        "you accept it: approve it, or say `/plan-task done reviewing`."
    )
    return Answer(text, (card,))


async def _accept(desk: Desk) -> Answer:
    waiting = await _waiting(desk)
    if waiting is None:
        return Answer("No plan waits for your answer here. `/plan-task` and a task makes one.")
    await desk.use("decide_approval", approvalId=str(waiting.id), decision="approved", contentHash=waiting.subject_hash)
    return Answer("The plan is accepted; its steps are being done.", (Card("RunCard", {"runId": str(waiting.run_id)}),))


async def _waiting(desk: Desk) -> Approval | None:
    """The plan that was asked about last in this conversation."""
    async with desk.services.db.org(desk.caller.org_id) as conn:
        found = await runs.list_runs(conn, statuses=["waiting"], kind="plan_then_do", limit=50)
        mine = {run.id for run in found if run.session_id == desk.session_id}
        asked = [
            one for one in await approvals.list_open(conn) if one.run_id in mine and one.subject_type == "artifact"
        ]
    return max(asked, key=lambda one: one.requested_at, default=None)
