"""What a run has to say to its thread: a document to approve, a finished piece, a question about money, an end.

Read from the run's log; each announcement has an id made from the run and the event's number, is written before it
is shown, and so appears exactly once: live, after a reload, and after a restart in the middle.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid5

import chainlit as cl
from chainlit.context import init_ws_context
from chainlit.session import WebsocketSession, ws_sessions_id

from assistant.chat.identity import LOCAL_ORG
from assistant.chat.keeping import keep_message
from assistant.chat.room import Room
from assistant.chat.showing import HOUSE, cards_of, elements, plain
from assistant.commands.answer import Answer, Card, Next, literal
from assistant.runs.bus import NIL
from knowledge.artifacts import queries as artifacts
from knowledge.artifacts.models import Artifact
from knowledge.background import end
from knowledge.db import Connection
from knowledge.ids import RunId
from knowledge.json_values import as_list, as_object
from knowledge.outages import through_outages
from knowledge.overview.queries import spend_of_runs
from knowledge.runs import queries
from knowledge.runs.models import Event, RunRow
from knowledge.sessions import queries as sessions
from tools.runs.view import finished_sentence

log = logging.getLogger(__name__)

TOLD = ("approval_requested", "run_completed", "run_failed")
#: of a document's notes, as many under one heading; the document itself holds them all
MOST_NOTES = 5
_HEADINGS = {"What became of your note:": ("answered", "unanswered"), "Worth knowing before you decide:": ("note",)}


@dataclass(frozen=True)
class Announcement:
    id: UUID
    at: datetime
    answer: Answer


class Announcer:
    """Listens to the event bus and keeps the threads of this chat up to date."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._tasks: set[asyncio.Task[None]] = set()
        self._locks: dict[RunId, asyncio.Lock] = {}
        self._catching_up = False

    async def start(self) -> None:
        for type in TOLD:
            self._room.services.events.on(type, self._soon)
        await self._announce_recent()

    async def _announce_recent(self) -> None:
        async with self._room.services.db.org(LOCAL_ORG) as conn:
            recent = await queries.list_runs(conn, limit=100)
        for run in recent:
            await self.announce(run.id)

    async def stop(self) -> None:
        await end(*self._tasks)

    def _soon(self, run_id: RunId) -> None:
        if run_id == NIL and self._catching_up:
            return
        task = asyncio.create_task(
            self._catch_up() if run_id == NIL else through_outages(partial(self.announce, run_id))
        )
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def _catch_up(self) -> None:
        """After a break of the connection nobody knows of which runs something was missed."""
        self._catching_up = True
        try:
            await through_outages(self._announce_recent)
        finally:
            self._catching_up = False

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("an announcement failed; the next one or a restart makes up for it", exc_info=task.exception())

    async def announce(self, run_id: RunId) -> None:
        """Write and show whatever this run has said and its thread does not have yet."""
        async with self._locks.setdefault(run_id, asyncio.Lock()):
            async with self._room.services.db.org(LOCAL_ORG) as conn:
                run = await queries.find_run(conn, run_id)
                session = await sessions.get(conn, run.session_id) if run and run.session_id else None
                if run is None or session is None or session.channel != "chat":
                    return
                happened = [event for event in await queries.list_events(conn, run_id) if event.type in TOLD]
                said = [await _announcement(conn, run, event) for event in happened]
            for announcement in said:
                if not await self._room.store.has_message(str(announcement.id)):
                    await self._tell(session.external_thread, announcement)

    async def _tell(self, thread_id: str, said: Announcement) -> None:
        cards = cards_of(said.answer)
        await keep_message(self._room.store, thread_id, said.id, said.answer.text, cards=cards, at=said.at)
        for live in list(ws_sessions_id.values()):
            if live.thread_id == thread_id:
                await asyncio.create_task(_show(live, said, cards))


async def _show(session: WebsocketSession, said: Announcement, cards: list[Card]) -> None:
    init_ws_context(session)
    await cl.Message(
        id=str(said.id), content=plain(said.answer.text), author=HOUSE, elements=elements(said.id, cards)
    ).send()


async def _announcement(conn: Connection, run: RunRow, event: Event) -> Announcement:
    match event.type:
        case "approval_requested":
            answer = await _asked(conn, run, event.data)
        case "run_failed":
            why = str(event.data.get("error") or "Everything finished before is kept.")
            text = f"**{literal(run.title)}** ended early. {literal(why)}"
            answer = Answer(text, (Card("RunCard", {"runId": str(run.id)}),))
        case _:
            spent = (await spend_of_runs(conn, [run.id])).get(run.id, Decimal(0))
            answer = _finished(run, spent)
    return Announcement(uuid5(run.id, f"event {event.seq}"), event.at, answer)


async def _asked(conn: Connection, run: RunRow, data: dict[str, Any]) -> Answer:
    sentence = data.get("sentence") or f"{run.title} waits for your decision."
    subject_id = str(data["subjectId"])
    if data["subjectType"] == "asset":
        return Answer(str(sentence), (Card("AssetCard", {"assetId": subject_id}),))
    if data["subjectType"] != "artifact":
        return Answer(str(sentence), (Card("RunCard", {"runId": str(run.id)}),))
    artifact = await artifacts.get(conn, UUID(subject_id))
    told = _notes(artifact) if artifact else ""
    return Answer(f"{sentence}{told}", (Card("DocumentCard", {"artifactId": subject_id}),))


def _notes(artifact: Artifact) -> str:
    """What was done with a reviewer's note, and what to know before approving."""
    told = ""
    for heading, kinds in _HEADINGS.items():
        texts = [note.text for note in artifact.notes if note.kind in kinds]
        if texts:
            told += f"\n\n{heading}\n\n" + "\n".join(f"- {literal(text)}" for text in texts[:MOST_NOTES])
    return told


def _finished(run: RunRow, spent: Decimal) -> Answer:
    output = run.output or {}
    what, _, facts = finished_sentence(run, spent).partition(":")
    said = f"**{literal(what)}**:{facts}."
    if isinstance(output.get("rejected"), str):  # of many, those that were rejected are a list
        return Answer(f"{said} Start it again any time.")
    if run.kind == "test_campaign":
        lines = "\n".join(_check(as_object(check)) for check in as_list(output.get("checks")))
        return Answer(f"{said}\n\n{lines}")
    series_id = output.get("series_id")
    if series_id:
        return Answer(said, (Card("SeriesCard", {"seriesId": str(series_id)}),))
    if output.get("proposal_id"):
        return Answer(said, (Card("ProposalCard", {"proposalId": str(output["proposal_id"])}),))
    asset_id = output.get("asset_id")
    if asset_id:
        return Answer(said, (Card("AssetCard", {"assetId": str(asset_id)}),))
    research_id = output.get("research_id")
    if research_id:
        return Answer(said, (Card("ResearchCard", {"researchId": str(research_id)}),))
    return Answer(said, (), _NEXT.get(run.kind, ()))


def _check(check: dict[str, Any]) -> str:
    """A line of the self-test: whether it holds as a word too, for who sees no colour."""
    mark = "✓" if check.get("ok") else "✗ **failed**"
    return f"- {mark} {literal(str(check.get('name')).replace('_', ' '))}: {literal(str(check.get('seen')))}"


_NEXT = {
    "client_onboarding": (Next("Plan a campaign", "/strategy"), Next("Write an article", "/write")),
    "campaign_planning": (
        Next("Write an article", "/write"),
        Next("Write an email", "/create-email"),
        Next("Design experiments", "/experiments"),
    ),
    "experiment_design": (Next("Write the briefs", "/briefs"), Next("Make the variants", "/assets")),
}
