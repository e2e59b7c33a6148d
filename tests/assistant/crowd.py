"""The people of a storm: they run errands, answer what is asked in every way there is, stop and resume at any moment.

What they do at the wrong moment is refused with a sentence (``AdroomError``), never with anything else.
"""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge.errors import AdroomError, Conflict
from knowledge.ids import RunId
from knowledge.runs.models import FINAL, RunRow
from tests.assistant.at_work import AtWork
from tests.assistant.errands import ERRANDS, WIDTH

#: gates at which people turn things down too, one by one
SINGLY = ("experiment_spec", "asset")
#: times that one run is sent back with a note
MOST_NOTES = 2


@dataclass
class Doings:
    """``broken``: by run, calls that may have been under way when its worker was struck or it was stopped."""

    errands: Counter[str] = field(default_factory=Counter[str])
    runs: Counter[str] = field(default_factory=Counter[str])
    broken: Counter[RunId] = field(default_factory=Counter[RunId])
    answers: Counter[str] = field(default_factory=Counter[str])
    stops: int = 0
    resumes: int = 0

    def break_off(self, run_id: RunId, kind: str) -> None:
        self.broken[run_id] += WIDTH.get(kind, 1)


class Person:
    """Runs one errand after another, taking the next from all that are to be run."""

    def __init__(
        self,
        at_work: AtWork,
        chance: random.Random,
        doings: Doings,
        stopped: Callable[[RunId], None],
        *,
        stuck: float,
        stops: float = 0.02,
    ) -> None:
        self.at_work, self.chance, self.doings, self.stopped = at_work, chance, doings, stopped
        self.stuck, self.stops = stuck, stops
        self.going_home = False
        self._notes: Counter[RunId] = Counter()

    async def keep_busy(self, errands: Iterator[str]) -> None:
        """Until there are no more, or it is time to go home."""
        for number, name in enumerate(errands):
            mark = f"mark{id(self) % 1000:03d}{number:04d}"
            await ERRANDS[name](self, f"{mark}{self.chance.randrange(1000):03d}")
            self.doings.errands[name] += 1

    async def done(self, kind: str, start: Callable[[], Awaitable[RunId]]) -> RunRow:
        while True:
            try:
                run_id = await start()
                break
            except Conflict:  # the one place of its kind is taken
                await asyncio.sleep(0.05)
        self.doings.runs[kind] += 1
        run = await self._see_through(run_id)
        assert run.status == "completed", f"{run.kind} {run_id} is {run.status}: {run.error}"
        return run

    async def _see_through(self, run_id: RunId) -> RunRow:
        last, moved = None, time.monotonic()
        while True:
            run = await self.at_work.runs.get(self.at_work.org_id, run_id)
            if run.status in FINAL:
                return run
            part = await self._part_of(run)
            now = (run.status, run.last_seq, part.status, part.last_seq)
            if now != last:
                last, moved = now, time.monotonic()
            assert time.monotonic() - moved < self.stuck, f"run {run_id} ({run.kind}) is stuck: {run}"
            with contextlib.suppress(AdroomError):
                await self._do_something(run, part)
            await asyncio.sleep(self.chance.uniform(0.02, 0.15))

    async def _part_of(self, run: RunRow) -> RunRow:
        """A run that this one waits for, if there is one; it gets its share of stops."""
        if run.kind != "plan_then_do":
            return run
        found = await self.at_work.rows(
            "select id from runs where parent_id = %s and status in ('queued', 'running', 'waiting')", run.id
        )
        return await self.at_work.runs.get(self.at_work.org_id, found[0][0]) if found else run

    async def _do_something(self, run: RunRow, part: RunRow) -> None:
        who, runs = self.at_work.caller, self.at_work.runs
        if run.status == "stopped":
            await runs.resume(who, run.id)
            self.doings.resumes += 1
        elif self.chance.random() < (0 if self.going_home else self.stops):
            await self._stop(self.chance.choice((run, part)))
        elif run.status == "waiting":
            await self._answer(run)

    async def _stop(self, run: RunRow) -> None:
        parts = await self.at_work.rows("select id, kind from runs where parent_id = %s", run.id)
        for run_id, kind in [(run.id, run.kind), *parts]:
            self.doings.break_off(RunId(run_id), kind)
            self.stopped(RunId(run_id))
        await self.at_work.runs.stop(self.at_work.caller, run.id)
        self.doings.stops += 1

    # ---------------------------------------------------------------- answers

    async def _answer(self, run: RunRow) -> None:
        """What it waits on, or, where things are decided singly, any other that is open."""
        view = await self.at_work.use("get_run", runId=str(run.id))
        asked = view.get("run", view)["waitingFor"]
        if asked is None:
            return
        gate = asked["gate"].partition("#")[0]
        if gate in SINGLY and self.chance.random() < 0.3 and await self._answer_another(run, asked):
            return
        decision, more = await self._decide(run, gate, asked)
        await self._click(asked, decision, more)

    async def _click(self, asked: Mapping[str, Any], decision: str, more: Mapping[str, Any]) -> None:
        """At times two people click at once: one of them decides."""
        clicks = [self.at_work.click(dict(asked), decision, **more)]
        if self.chance.random() < 0.15:
            clicks.append(self.at_work.click(dict(asked), decision, **more))
        came = await asyncio.gather(*clicks, return_exceptions=True)
        for fault in came:
            if isinstance(fault, BaseException) and not isinstance(fault, AdroomError):
                raise fault
        taken = sum(fault is None for fault in came)
        assert taken <= 1, f"{asked['sentence']} was decided twice"
        if taken:
            self.doings.answers[decision] += 1
        elif decision == "approved" and asked["subjectType"] == "asset":  # a check stands against it
            await self.at_work.click(dict(asked), "rejected", notes="Not like this.")
            self.doings.answers["rejected"] += 1

    async def _decide(self, run: RunRow, gate: str, asked: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        drawn = self.chance.random()
        if gate == "stopped part":
            return ("approved" if drawn < 0.7 else "rejected"), {}
        if asked["subjectType"] not in ("artifact", "asset"):
            return "approved", {}
        if drawn < 0.25 and self._notes[run.id] < MOST_NOTES:
            self._notes[run.id] += 1
            note = f"Say it in fewer words ({self._notes[run.id]})."
            if asked["subjectType"] == "artifact":
                await self.at_work.use("add_comment", artifactId=asked["subjectId"], body=f"Is this so? {note}")
            return "changes_requested", {"notes": note}
        if (gate in SINGLY and drawn > 0.7) or (gate == "plan" and drawn > 0.95):
            return "rejected", {"notes": "Not this one."}
        return "approved", {}

    async def _answer_another(self, run: RunRow, asked: Mapping[str, Any]) -> bool:
        """One of the same campaign that the run has not come to yet."""
        subject = asked["subjectType"]
        table = "artifacts" if subject == "artifact" else "assets"
        open_ones = await self.at_work.rows(
            f"select p.subject_id, p.subject_hash from approvals p join {table} s on s.id = p.subject_id "
            "where p.decision is null and p.subject_type = %s and s.campaign_id = %s and p.id <> %s",
            subject, run.campaign_id, asked["approvalId"],
        )  # fmt: skip
        if not open_ones:
            return False
        subject_id, shown = self.chance.choice(open_ones)
        tool, name = ("decide_artifact", "artifactId") if subject == "artifact" else ("decide_asset", "assetId")
        decision = self.chance.choice(("approved", "rejected"))
        notes = {"notes": "Not this one."} if decision == "rejected" else {}
        await self.at_work.use(tool, **{name: str(subject_id)}, decision=decision, contentHash=shown, **notes)
        self.doings.answers[decision] += 1
        return True
