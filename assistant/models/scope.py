"""Who asks, and the tape of what was answered before.

A ``CallScope`` is one attempt at a step or a turn. A new attempt (after a crash, or a retry) is a new ``CallScope``
with the same ``journal_id``: it asks the same questions in the same order and finds their answers on the tape.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from knowledge.db import Connection, Database
from knowledge.ids import OrgId, RunId, SessionId, UserId
from knowledge.journal import queries
from knowledge.journal.models import Kind
from knowledge.money.models import ScopeKeys
from knowledge.outages import through_outages


@dataclass(frozen=True)
class Slot:
    """The place of one question on the tape: what it is, and how often the attempt asked it before."""

    kind: Kind
    key: str
    occurrence: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}:{self.occurrence}"


class Tape:
    """The answers kept for one attempt, read from the journal once, when the first question is asked."""

    def __init__(self) -> None:
        self._kept: dict[Slot, Any] | None = None
        self._asked: Counter[tuple[Kind, str]] = Counter()
        self._reading = asyncio.Lock()

    @classmethod
    def blank(cls) -> "Tape":
        """The tape of something never attempted before, whose id was made just now: there is nothing to read."""
        tape = cls()
        tape._kept = {}
        return tape

    async def read(self, db: Database, org_id: OrgId, journal_id: UUID) -> None:
        if self._kept is not None:
            return
        async with self._reading:
            if self._kept is None:
                entries = await queries.read(db, org_id, journal_id)
                self._kept = {Slot(entry.kind, entry.key, entry.occurrence): entry.result for entry in entries}

    def next(self, kind: Kind, key: str) -> Slot:
        """The slot of a question asked now; the same question asked again gets the next one."""
        slot = Slot(kind, key, self._asked[kind, key])
        self._asked[kind, key] += 1
        return slot

    def kept(self, slot: Slot) -> Any | None:
        """The answer, when there is one. ``read`` comes first."""
        if self._kept is None:
            raise RuntimeError("the tape was not read yet")
        return self._kept.get(slot)


@dataclass(frozen=True)
class CallScope:
    """Whose budgets pay, under which agent's name, and whose answers count as given.

    ``journal_id`` is the step's or turn's, stable over its attempts. Agents of one attempt share it through
    ``for_agent``, so that equal questions of theirs are told apart.
    """

    org_id: OrgId
    user_id: UserId
    session_id: SessionId | None
    run_id: RunId | None
    agent: str
    journal_id: UUID
    tape: Tape = field(default_factory=Tape, repr=False, compare=False)

    def for_agent(self, agent: str) -> "CallScope":
        """The same attempt, another agent."""
        return replace(self, agent=agent)

    @property
    def keys(self) -> ScopeKeys:
        return ScopeKeys(self.org_id, self.user_id, self.session_id, self.run_id)

    async def open_tape(self, db: Database) -> Tape:
        await through_outages(lambda: self.tape.read(db, self.org_id, self.journal_id))
        return self.tape

    async def keep(self, conn: Connection, slot: Slot, result: Any) -> None:
        """Keep an answer (a JSON value) for the attempts after this one, in the caller's transaction."""
        await queries.record(conn, self.org_id, self.journal_id, slot.kind, slot.key, slot.occurrence, result)
