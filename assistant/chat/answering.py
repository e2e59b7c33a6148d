"""Showing a turn while it happens: who speaks, what is being typed, what a tool brought as a card.

A message has the same id whenever the turn is told again, so a turn taken up after a crash fills in what is missing
and doubles nothing.
"""

import asyncio
from uuid import UUID, uuid5

import chainlit as cl

from assistant.chat.keeping import keep_message
from assistant.chat.room import Room, room
from assistant.chat.showing import author, elements, plain
from assistant.commands.answer import Card
from assistant.turns.cards import cards_for
from assistant.turns.events import Failed, Spoke, Switched, Typing, Used, Using
from knowledge.people.models import Caller
from knowledge.sessions.models import Session
from tools.catalog import CATALOG

#: what people read while a tool is at work
DOING = {
    "start_run": "starting the work",
    "get_artifact": "reading the document",
    "list_artifacts": "looking through the documents",
    "get_intake": "reading the intake",
    "fill_intake": "noting that in the intake",
    "search_voc": "reading what customers said",
    "list_themes": "counting what customers speak of",
    "search_swipes": "looking through the swipe library",
    "get_swipe": "reading an ad",
    "find_similar": "looking for ads like it",
    "save_swipe": "keeping the ad",
    "tag_swipe": "tagging the ad",
    "read_document": "reading the client's texts",
    "get_budget": "looking at the budget",
    "list_inbox": "looking at what waits",
    "list_runs": "looking at what runs",
    "edit_artifact": "changing the document",
    "edit_asset": "changing the text",
}
#: seconds after which it is worth saying that a message is being read; most answers begin before
SHOW_AFTER = 0.1
#: what cards listen to (public/adroom/live.js); a run's own news reach them by themselves
TOPICS = ["artifacts", "assets", "inbox", "clients", "budgets"]


async def say(message_id: UUID, text: str, cards: list[Card] | None = None, agent: str = "") -> None:
    shown = cl.Message(id=str(message_id), content="", author=author(agent))
    await _show(shown, message_id, text, agent, cards or [])


async def answer_turn(here: Room, caller: Caller, session: Session, text: str) -> None:
    """Answer ``text`` in this chat, streaming; until the first words the page says who is at work on what."""
    reading = asyncio.create_task(_show_work_later(session.active_agent, "reading what you wrote"))
    try:
        await _tell(here, caller, session, text, reading)
    finally:
        reading.cancel()
        await show_work()


async def _tell(here: Room, caller: Caller, session: Session, text: str, reading: asyncio.Task[None]) -> None:
    shown: cl.Message | None = None
    cards: list[Card] = []
    number = 0
    async for turn, event in here.turns.take(caller, session.id, text):
        reading.cancel()
        match event:
            case Typing():
                if shown is None:
                    shown = _message(turn.id, event.number, event.agent)
                    await shown.stream_token(_typed(event.text))
                    await show_work()  # after the words: somebody waits for those
                else:
                    await shown.stream_token(_typed(event.text))
            case Spoke():
                shown = shown or _message(turn.id, event.number, event.agent)
                await _show(shown, message_id(turn.id, event.number), event.text, event.agent, cards)
                shown, cards, number = None, [], event.number + 1
            case Using():
                await show_work(event.agent, DOING.get(event.tool, "at work"))
            case Switched():
                await show_work(event.agent, "taking over")
            case Used():
                if event.data is not None and event.tool in CATALOG and CATALOG[event.tool].changes:
                    await show_changes()
                cards.extend(card for card in cards_for(event) if card not in cards)
            case Failed():
                await say(uuid5(turn.id, f"failed {number}"), event.sentence)
    if cards:  # a tool brought something and nobody said a word about it
        await say(uuid5(session.id, f"cards {cards}"), "", cards)


async def show_work(agent: str = "", doing: str = "") -> None:
    """One quiet line at the composer (public/adroom/around.js); the page waits a moment, so fast work shows nothing."""
    await cl.context.emitter.send_window_message({"adroom": {"agent": author(agent) if agent else "", "doing": doing}})


async def _show_work_later(agent: str, doing: str) -> None:
    await asyncio.sleep(SHOW_AFTER)
    await show_work(agent, doing)


async def show_changes() -> None:
    """Cards that are on the page already read their truth anew."""
    await cl.context.emitter.send_window_message({"adroom": {"changed": TOPICS}})


def _message(turn_id: UUID, number: int, agent: str) -> cl.Message:
    return cl.Message(id=str(message_id(turn_id, number)), content="", author=author(agent))


def message_id(turn_id: UUID, number: int) -> UUID:
    return uuid5(turn_id, f"message {number}")


async def _show(shown: cl.Message, id: UUID, text: str, agent: str, cards: list[Card]) -> None:
    """Finish a message on the page, and have it in the thread before the turn goes on."""
    shown.content = plain(text)
    shown.elements = elements(id, cards)
    await shown.send()
    await keep_message(room().store, cl.context.session.thread_id, id, text, agent=agent, cards=cards)


def _typed(piece: str) -> str:
    return plain(piece)
