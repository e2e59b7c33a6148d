"""/inbox, /budget, /dashboard, /help: what waits, what it costs, where everything stands, what can be asked."""

from decimal import Decimal, InvalidOperation

from assistant.commands.answer import Answer, Card, literal
from assistant.commands.choosing import next_steps
from assistant.commands.desk import Desk
from knowledge.errors import Invalid


async def inbox(desk: Desk, words: str) -> Answer:
    return Answer("What waits for a decision.", (Card("Inbox", {}),))


async def budget(desk: Desk, words: str) -> Answer:
    """Without words the meter; ``/budget 20`` sets this conversation's limit; ``/budget new`` starts a new period."""
    session_id = str(desk.session_id)
    if words.strip().lower() == "new":
        await desk.use("new_budget_period", scope="session", scopeId=session_id)
        return Answer(
            "Counting from zero again. What was spent stays in the ledger.", (Card("Meter", {"sessionId": session_id}),)
        )
    if words:
        amount = _amount(words)
        await desk.use("set_budget", scope="session", scopeId=session_id, limit=str(amount))
        return Answer(
            f"This conversation may now spend up to ${amount:,.2f}.", (Card("Meter", {"sessionId": session_id}),)
        )
    return Answer(
        "What was spent, what is held for work under way, and what is left.",
        (Card("Meter", {"sessionId": session_id}),),
    )


async def dashboard(desk: Desk, words: str) -> Answer:
    return Answer("Where everything stands.", (Card("CommandCentre", {}),))


async def help(desk: Desk, words: str) -> Answer:
    """What can be asked, beginning with what this client is ready for."""
    from assistant.commands import COMMANDS

    client = await desk.client()
    where = f"You are working on **{literal(client.name)}**." if client else "No client is chosen yet."
    listed = "\n".join(f"- `/{command.name}` {command.does}" for command in COMMANDS.values())
    text = f"{where} Say what you need in plain words, or use a command:\n\n{listed}"
    return Answer(text, (), await next_steps(desk))


def _amount(words: str) -> Decimal:
    try:
        amount = Decimal(words.strip().lstrip("$").replace(",", "."))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0 or amount > 1_000_000:
        raise Invalid(fields={"limit": f"“{words[:40]}” is not an amount; try /budget 20, or /budget new"})
    return amount
