"""Taking runs that wait: a process that does runs claims a few at a time and begins them.

What always holds: a claim of which nobody knows whether it came about (the database went away in between), and a claimed
run that could not be begun here, are given back, so that no run is in the hands of a process that knows nothing of it.
"""

import asyncio
import logging
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
from dbos._core import execute_dequeued_workflow
from psycopg_pool import PoolTimeout
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as EnginePoolTimeout

from knowledge.background import happens
from knowledge.ids import RunId

if TYPE_CHECKING:
    from assistant.runs.dbos_engine import DbosEngine

logger = logging.getLogger(__name__)

#: what the database says, or does not say, to us and to the engine
_FAULTS = (psycopg.OperationalError, PoolTimeout, DBAPIError, EnginePoolTimeout)


class Taking:
    """One for an engine."""

    def __init__(self, engine: "DbosEngine") -> None:
        self.engine = engine
        self._told = asyncio.Event()
        #: tokens of claims that may have come about, or were not begun to the end
        self._unsure: set[str] = set()

    def nudge(self, _run: RunId, _about: str) -> None:
        """There is something to be taken."""
        self._told.set()

    async def forever(self) -> None:
        """Take what waits, whenever told of it and every ``poll_seconds``."""
        while True:
            await happens(self._told, self.engine.options.poll_seconds)
            self._told.clear()
            try:
                more = True
                while more:
                    more = await self._some()
            except _FAULTS as error:
                logger.warning("runs wait to be taken, the database does not answer: %s", error)
                await asyncio.sleep(1)

    async def _some(self) -> bool:
        """True when there may be more."""
        engine = self.engine
        await self._give_back()
        most, owner = engine.options.take_at_once, str(uuid4())
        self._unsure.add(owner)
        taken = await engine.rows.claim(owner, engine.peers.id, engine.options.version, list(engine.workflows), most)
        if taken:
            await asyncio.to_thread(self._begin, owner, taken)
        self._unsure.discard(owner)
        return len(taken) == most

    async def _give_back(self) -> None:
        if self._unsure:
            begun = [str(run_id) for run_id in self.engine.executions]
            await self.engine.rows.give_back(self._unsure, begun)
            self._unsure.clear()

    def _begin(self, owner: str, taken: list[str]) -> None:
        for run_id in taken:
            status = self.engine.instance._sys_db.get_workflow_status(run_id)
            if status is not None:
                execute_dequeued_workflow(self.engine.instance, status, owner)
