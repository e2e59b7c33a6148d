# pyright: reportUnknownMemberType=false
# (Chainlit's decorators carry no types)
"""Chainlit's callbacks: translate and decide nothing. What is said goes to commands or to a turn."""

import contextlib
import logging
from collections.abc import AsyncGenerator
from typing import Any, cast
from uuid import UUID, uuid4

import chainlit as cl
from chainlit.config import config
from chainlit.types import ThreadDict

from assistant.chat import files
from assistant.chat.answering import answer_turn, say, show_changes
from assistant.chat.data_layer import GLIMPSE
from assistant.chat.identity import chat_user
from assistant.chat.keeping import keep_message
from assistant.chat.lost import lost_message, own_up, put_back, said_at, said_to
from assistant.chat.room import Room, room
from assistant.chat.showing import cards_of
from assistant.commands import COMMANDS, read_command, run_command
from assistant.commands.answer import Answer, Card, sentence
from assistant.commands.desk import Desk
from assistant.turns.runner import LONGEST_MESSAGE, as_failure, check_message
from knowledge.errors import AdroomError
from knowledge.ids import UserId
from knowledge.money.models import State
from knowledge.outages import is_outage
from knowledge.people.models import Caller

log = logging.getLogger(__name__)

STARTERS = (
    ("Try it with a demo client", "/demo", "demo"),
    ("Set up a client", "/client", "client"),
    ("Fill in the intake", "/intake", "intake"),
    ("Plan a campaign", "/strategy", "strategy"),
    ("Write an article", "/write", "article"),
    ("What waits for me?", "/inbox", "inbox"),
)


def register(login: bool) -> None:
    """Tell Chainlit who may come in: with a login the password decides, without one everybody on this machine may."""
    if login:
        cl.password_auth_callback(_by_password)
    else:
        cl.header_auth_callback(_local)


async def _by_password(username: str, password: str) -> cl.User | None:
    return chat_user() if await room().door.opens(password) else None


async def _local(headers: Any) -> cl.User | None:
    return chat_user()


@cl.data_layer
def threads() -> Any:
    return room().store


@cl.set_starters
async def starters(user: cl.User | None) -> list[cl.Starter]:
    return [cl.Starter(label=label, message=text, icon=f"/public/icons/{icon}.svg") for label, text, icon in STARTERS]


@cl.on_chat_start
async def start() -> None:
    await _offer_commands()


@cl.on_chat_resume
async def resume(thread: ThreadDict) -> None:
    await _offer_commands()
    await _own_up_to_lost(thread)


async def message(said: cl.Message) -> None:
    """One message: its files first, then a command or plain talk."""
    here = room()
    async with _errors_as_words():
        thread_id = cl.context.session.thread_id
        arrived = await here.arrive(_user_id(), thread_id)
        caller, session = arrived.caller, arrived.session
        await _check_length(said)
        if said.elements:
            told = bool(said.content.strip())
            await files.take(here, caller, thread_id, cast("list[Any]", said.elements))
            await show_changes()
            if not told:
                await _name_files(said)
                return
        command = _command(said)
        if command is not None:
            await _show_back(said, f"/{' '.join(command)}".strip())
            await _command_answer(here, caller, thread_id, *command)
        else:
            await answer_turn(here, caller, session, said.content)
            await _warn_of_budget(session.id, arrived.budget, await here.budget_state(caller, session.id))


# Chainlit's own decorator would put a step of its own around every message: a row, two frames and a page drawn anew,
# for something that nobody is shown
config.code.on_message = message


async def _command_answer(here: Room, caller: Caller, thread_id: str, name: str, words: str) -> None:
    desk = await here.desk(caller, thread_id)
    answer = await run_command(desk, name, words)
    # before it is shown: what the page keeps of it is written a moment later, and may be lost with the process
    await here.remember(await desk.session(), f"/{name} {words}".strip(), answer.text)
    await say(uuid4(), answer.text, cards_of(answer))
    if words:
        await show_changes()
    await _name_thread(here, thread_id, desk, f"/{name} {words}".strip())


async def _name_thread(here: Room, thread_id: str, desk: Desk, typed: str) -> None:
    """A thread that began with a command is called after the client it is about, once there is one."""
    client = await desk.client()
    names_client = typed.startswith(("/client ", "/demo"))
    name = typed if client is None else client.name if names_client else f"{client.name} · {typed}"
    if await here.store.name_thread(thread_id, name):
        await cl.context.emitter.emit("first_interaction", {"interaction": name, "thread_id": thread_id})


async def _warn_of_budget(session_id: UUID, before: State, now: State) -> None:
    """Say it once, when this message crossed the mark."""
    if now == before or now == "ok":
        return
    used = "used up" if now == "reached" else "at 80 %"
    text = f"This conversation's budget is {used}. `/budget 20` sets another limit."
    await say(uuid4(), text, [Card("Meter", {"sessionId": str(session_id)})])


async def _check_length(said: cl.Message) -> None:
    """Raises Invalid for a message as long as a book; the page then shows the beginning, as the thread keeps it."""
    if len(said.content) <= LONGEST_MESSAGE:
        return
    whole = said.content
    said.content = f"{whole[:GLIMPSE]} …"
    await said.update()
    check_message(whole)
    said.content = whole  # it was blanks that made it long


async def _name_files(said: cl.Message) -> None:
    """A file leaves nothing behind in the thread after a reload: its name stays."""
    said.content = f"(Files: {', '.join(str(file.name) for file in cast('list[Any]', said.elements))})"
    await said.update()


async def _show_back(said: cl.Message, typed: str) -> None:
    """A command chosen from the menu leaves an empty message with a badge that a reload loses: write it out."""
    if not said.command:
        return
    said.content, said.command = typed, None
    await said.update()


def _command(said: cl.Message) -> tuple[str, str] | None:
    """The command chosen from the menu, or typed by hand."""
    if said.command:
        typed = read_command(said.content)
        return typed if typed and typed[0] == said.command else (said.command, said.content.strip())
    return read_command(said.content.strip())


async def _own_up_to_lost(thread: ThreadDict) -> None:
    """Say of a message that nobody got to that it is so, with a button that sends it again; an answer that was given and
    that the page has lost is put back."""
    here = room()
    lost = lost_message(cast("list[dict[str, Any]]", thread.get("steps") or []), here.store.process)
    if lost is None or await here.is_answering(thread["id"], said_to(lost)):
        return
    given = await here.answered(thread["id"], str(lost.get("output") or "").strip(), said_at(lost))
    message_id, answer = (put_back(lost), Answer(given)) if given else own_up(lost)
    await keep_message(here.store, thread["id"], message_id, answer.text, cards=cards_of(answer))
    thread.update(await here.store.get_thread(thread["id"]))  # it is drawn from this


async def _offer_commands() -> None:
    commands: list[Any] = [
        {"id": command.name, "description": command.does, "icon": command.icon, "button": False, "persistent": False}
        for command in COMMANDS.values()
    ]
    await cl.context.emitter.set_commands(commands)


def _user_id() -> UserId:
    user = cl.context.session.user
    assert user is not None  # noqa: S101 - Chainlit lets nobody in without one
    return UserId(UUID(user.identifier))


@contextlib.asynccontextmanager
async def _errors_as_words() -> AsyncGenerator[None]:
    """What a person may meet is one sentence in the chat; of a bug the traceback is in the log."""
    try:
        yield
    except AdroomError as error:
        await say(uuid4(), sentence(error))
    except Exception as error:
        log.error("a message could not be answered: %s", error, exc_info=not is_outage(error))
        await say(uuid4(), as_failure(error).sentence)
