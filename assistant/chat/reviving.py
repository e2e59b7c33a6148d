"""Turns that a crash cut off: taken up at the start, their messages written into the thread they belong to."""

from collections import Counter
from uuid import UUID, uuid5

from assistant.chat.answering import message_id
from assistant.chat.identity import LOCAL_ORG
from assistant.chat.keeping import keep_message
from assistant.chat.room import Room
from assistant.commands.answer import Card
from assistant.turns.cards import cards_for
from assistant.turns.events import Failed, Spoke, TurnEvent, Used
from knowledge.people.models import Caller
from knowledge.sessions import queries
from knowledge.sessions.models import Turn


async def revive_turns(room: Room) -> int:
    """Take up what was left; returns how many turns there were."""
    cards: dict[object, list[Card]] = {}
    spoken: Counter[object] = Counter()

    async def caller(turn: Turn) -> Caller:
        return await room.caller(turn.user_id)

    async def tell(turn: Turn, event: TurnEvent) -> None:
        if isinstance(event, Used):
            cards.setdefault(turn.id, []).extend(cards_for(event))
        elif isinstance(event, Spoke):
            spoken[turn.id] += 1
            await _write(room, turn, message_id(turn.id, event.number), event.text, event.agent, cards.pop(turn.id, []))
        elif isinstance(event, Failed):
            await _write(room, turn, uuid5(turn.id, f"failed {spoken[turn.id]}"), event.sentence, "", [])

    return await room.turns.resume_unfinished(caller, tell, LOCAL_ORG)


async def _write(room: Room, turn: Turn, id: UUID, text: str, agent: str, cards: list[Card]) -> None:
    async with room.services.db.org(turn.org_id) as conn:
        session = await queries.get(conn, turn.session_id)
    if session is None or session.channel != "chat":
        return
    await keep_message(room.store, session.external_thread, id, text, agent=agent, cards=cards)
