"""/demo: a client to try everything with, in one click."""

from assistant.commands.answer import Answer, Card, literal
from assistant.commands.desk import Desk
from assistant.demo.client import make_demo_client


async def demo(desk: Desk, words: str) -> Answer:
    """Make the demo client (once), choose it, and show its intake for approval."""
    async with desk.services.db.org(desk.caller.org_id) as conn:
        made = await make_demo_client(conn, desk.caller)
    await desk.use("choose_client", clientId=str(made.client_id))
    text = (
        f"**{literal(made.name)}** is ready to try: its brief is filled in, {made.quotes} customer quotes and "
        f"{made.swipes} swipes are in. Look at the intake, approve it, then onboard."
    )
    return Answer(text, (Card("DocumentCard", {"artifactId": str(made.intake_id)}),))
