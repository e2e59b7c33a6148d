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
#: the least seconds between two pieces of a message; what a model sends was gathered for longer where it came in
GATHER = 0.05
#: what cards listen to (public/adroom/live.js); a run's own news reach them by themselves
TOPICS = ["artifacts", "assets", "inbox", "clients", "budgets"]


async def say(message_id: UUID, text: str, cards: list[Card] | None = None, agent: str = "") -> None:
    await _show(Said(message_id, agent), message_id, text, agent, cards or [])


async def answer_turn(here: Room, caller: Caller, session: Session, text: str) -> None:
    """Answer ``text`` in this chat, streaming; until the first words the page says who is at work on what."""
    work = WorkLine()
    work.soon(session.active_agent, "reading what you wrote")
    try:
        await _tell(here, caller, session, text, work)
    finally:
        await work.clear()


class Said(cl.Message):
    """A message of ours, empty yet, with the id it always has.

    Made without Chainlit's own maker, which holds the whole process for a millisecond so that no two are made at one
    time.
    """

    def __init__(self, id: UUID, agent: str = "") -> None:
        self.id, self.author = str(id), author(agent)
        self.actions, self.elements = [], []
        self.__post_init__()


class Writing:
    """A message that is being written: words go to the page at once, unless others went just before. Then they wait
    for those that follow, so that the page has time to show them."""

    def __init__(self, message: Said) -> None:
        self._message = message
        self._sent = 0.0
        self._gathered: list[str] = []
        self._sending: asyncio.Task[None] | None = None

    async def add(self, words: str) -> None:
        self._gathered.append(words)
        if self._sending is None:
            wait = self._sent + GATHER - asyncio.get_running_loop().time()
            if wait <= 0:
                await self._send()
            else:
                self._sending = asyncio.create_task(self._send_soon(wait))

    def whole(self) -> Said:
        """The message, to be shown as a whole: what is still gathered need not be sent."""
        if self._sending is not None:
            self._sending.cancel()
        return self._message

    async def _send_soon(self, wait: float) -> None:
        await asyncio.sleep(wait)
        self._sending = None
        await self._send()

    async def _send(self) -> None:
        words, self._gathered = "".join(self._gathered), []
        self._sent = asyncio.get_running_loop().time()
        await self._message.stream_token(plain(words))


class WorkLine:
    """The line at the composer during one turn. The page is told to clear it only when something stands there: words
    are on their way to it just then."""

    def __init__(self) -> None:
        self._shown = False
        self._waiting: asyncio.Task[None] | None = None

    def soon(self, agent: str, doing: str) -> None:
        """Show it, if nothing has happened by then."""
        self._waiting = asyncio.create_task(self._later(agent, doing))

    async def show(self, agent: str, doing: str) -> None:
        self.not_needed()
        self._shown = True
        await show_work(agent, doing)

    async def clear(self) -> None:
        self.not_needed()
        if self._shown:
            self._shown = False
            await show_work()

    def not_needed(self) -> None:
        """What was to be shown soon needs not be shown any more."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    async def _later(self, agent: str, doing: str) -> None:
        await asyncio.sleep(SHOW_AFTER)
        self._waiting = None
        await self.show(agent, doing)


async def _tell(here: Room, caller: Caller, session: Session, text: str, work: WorkLine) -> None:
    shown: Writing | None = None
    cards: list[Card] = []
    number = 0
    async for turn, event in here.turns.take(caller, session.id, text):
        work.not_needed()
        match event:
            case Typing():
                shown = shown or Writing(Said(message_id(turn.id, event.number), event.agent))
                await shown.add(event.text)
                await work.clear()  # after the words: somebody waits for those
            case Spoke():
                said = shown.whole() if shown else Said(message_id(turn.id, event.number), event.agent)
                await _show(said, message_id(turn.id, event.number), event.text, event.agent, cards)
                shown, cards, number = None, [], event.number + 1
            case Using():
                await work.show(event.agent, DOING.get(event.tool, "at work"))
            case Switched():
                await work.show(event.agent, "taking over")
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


async def show_changes() -> None:
    """Cards that are on the page already read their truth anew."""
    await cl.context.emitter.send_window_message({"adroom": {"changed": TOPICS}})


def message_id(turn_id: UUID, number: int) -> UUID:
    return uuid5(turn_id, f"message {number}")


async def _show(shown: cl.Message, id: UUID, text: str, agent: str, cards: list[Card]) -> None:
    """Finish a message on the page, and have it in the thread before the turn goes on."""
    shown.content = plain(text)
    shown.elements = elements(id, cards)
    await shown.send()
    await keep_message(room().store, cl.context.session.thread_id, id, text, agent=agent, cards=cards)
