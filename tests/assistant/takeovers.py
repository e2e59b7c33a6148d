"""How long it takes until another worker has the run of one that was killed or frozen, and what a long wait was due to.

Counted from the blow until another worker begins with the run (``runs.holder``). All runs that wait are looked at in one
query every ``LOOK`` seconds, so that looking costs little; a run that a person stops meanwhile is not counted. Frozen
workers (SIGSTOP) are counted apart: they keep their lock, so only their silence tells of them.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Literal

import psycopg

from knowledge.ids import RunId
from knowledge.runs.models import ACTIVE

LOOK = 0.01
#: a look that comes so much later than it should means that the machine had no time for anybody
LAG = 0.25
#: who had taken it up was killed or frozen too; no worker that takes runs was alive and awake; the machine had no time
#: for the one who measures either; none of these
Cause = Literal["struck again", "nobody well", "machine busy", "unexplained"]

STANDS = """
select r.id::text, r.status, r.holder, s.executor_id, s.status
from runs r left join dbos.workflow_status s on s.workflow_uuid = r.id::text where r.id::text = any(%s)
"""
ENDED = "select executor_id from workers where executor_id = any(%s) and ended_at is not null"


@dataclass
class Takeover:
    """Seconds from the blow: until the victim was known to be dead, until another claimed the run, until it began."""

    run_id: RunId
    kind: str
    victim: str
    began: float
    frozen: bool = False
    noticed: float | None = None
    claimed: float | None = None
    took: float = 0.0
    claimants: set[str] = field(default_factory=set[str])
    nobody_well: bool = False
    #: the longest that whoever measures was not called when he should have been
    lag: float = 0.0
    by: str = ""

    @property
    def cause(self) -> Cause:
        if self.claimants - {self.by}:
            return "struck again"
        if self.nobody_well:
            return "nobody well"
        return "machine busy" if self.lag > LAG else "unexplained"

    @property
    def one_blow(self) -> bool:
        return self.cause in ("machine busy", "unexplained")

    @property
    def parts(self) -> tuple[float, float, float]:
        """Seconds until the victim was known to be dead, from then until another claimed the run, until it began."""
        claimed = self.claimed if self.claimed is not None else self.took
        noticed = min(self.noticed if self.noticed is not None else claimed, claimed)
        return noticed, claimed - noticed, self.took - claimed


@dataclass
class Takeovers:
    """``struck``: processes (by pid) that were killed or frozen, and so do not count as well until they are gone."""

    owner_url: str
    struck: set[int] = field(default_factory=set[int])
    #: workers that take runs, as the storm last saw them
    ready: set[int] = field(default_factory=set[int])
    done: list[Takeover] = field(default_factory=list[Takeover])
    _waiting: dict[RunId, Takeover] = field(default_factory=dict[RunId, Takeover])

    def wait_for(self, run_id: RunId, kind: str, victim: str, *, frozen: bool = False) -> None:
        self._waiting[run_id] = Takeover(run_id, kind, victim, time.monotonic(), frozen)

    def forget(self, run_id: RunId) -> None:
        """Somebody has stopped it."""
        self._waiting.pop(run_id, None)

    async def watch(self) -> None:
        """Until cancelled."""
        async with await psycopg.AsyncConnection.connect(self.owner_url, autocommit=True) as conn:
            last = time.monotonic()
            while True:
                await asyncio.sleep(LOOK)
                now = time.monotonic()
                lag, last = now - last - LOOK, now
                if self._waiting:
                    await self._look(conn, lag)

    async def _look(self, conn: psycopg.AsyncConnection[Any], lag: float) -> None:
        waiting = dict(self._waiting)
        ended = {
            name
            for (name,) in await (await conn.execute(ENDED, ([one.victim for one in waiting.values()],))).fetchall()
        }
        found = await (await conn.execute(STANDS, ([str(run_id) for run_id in waiting],))).fetchall()
        now, by_id = time.monotonic(), {str(run_id): one for run_id, one in waiting.items()}
        for run_id, status, holder, executor, state in found:
            one = by_id[run_id]
            one.lag = max(one.lag, lag)
            one.nobody_well |= not (self.ready - self.struck)
            if one.noticed is None and one.victim in ended:
                one.noticed = now - one.began
            if state == "PENDING" and executor != one.victim:
                one.claimants.add(executor)
                one.claimed = one.claimed or now - one.began
            if status not in ACTIVE:
                self._waiting.pop(one.run_id, None)
            elif holder is not None and holder != one.victim and self._waiting.pop(one.run_id, None):
                one.took, one.by = now - one.began, holder
                self.done.append(one)

    # ---------------------------------------------------------------- what came of it

    def seconds(self, *, one_blow: bool = False, frozen: bool = False) -> list[float]:
        """Shortest first; ``one_blow``: without those whose next worker was struck too, or where none was left;
        ``frozen``: from frozen workers, else from killed ones."""
        return sorted(one.took for one in self._of(frozen) if one.one_blow or not one_blow)

    def _of(self, frozen: bool) -> list[Takeover]:
        return [one for one in self.done if one.frozen == frozen]

    def parts(self, *, frozen: bool = False) -> dict[str, list[float]]:
        """Where the time of the undisturbed ones went, each shortest first."""
        split = [one.parts for one in self._of(frozen) if one.one_blow]
        names = ("until it was known to be dead", "until another took the run", "until that one began")
        return {name: sorted(one[at] for one in split) for at, name in enumerate(names)}

    def late(self, bar: float, *, frozen: bool = False) -> list[Takeover]:
        """Those over the bar."""
        return [one for one in self._of(frozen) if one.took > bar]


def quantile(ranked: list[float], share: float) -> float:
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0
