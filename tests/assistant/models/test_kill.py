"""kill -9 in the middle of a turn: the next attempt pays and does only what was not finished."""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from knowledge.db import Database
from tests.conftest import People, TestDatabase

#: calls of an undisturbed turn: the CMO twice, the writer twice, the critic once
CALLS, PARTS = 5, 2
CHECKOUT = Path(__file__).parents[3]


class Stage:
    """A provider process, and turns that run as processes of their own."""

    def __init__(self, database: TestDatabase, people: People, folder: Path, url: str) -> None:
        self.calls_log, self.tools_log, self.facts_file = folder / "calls", folder / "tools", folder / "facts.json"
        self.facts: dict[str, Any] = {
            "database": database.app_url,
            "provider": url,
            "api": "responses",
            "org": str(people.org_id),
            "user": str(people["ops"]),
            "session": str(uuid4()),
            "run": str(uuid4()),
            "tools": str(self.tools_log),
            "tool_seconds": 0.05,
        }

    def new_turn(self, **changes: Any) -> None:
        self.facts.update(journal=str(uuid4()), **changes)
        self.facts_file.write_text(json.dumps(self.facts))
        for log in (self.calls_log, self.tools_log):
            log.write_text("")

    @property
    def calls(self) -> int:
        return len(self.calls_log.read_text().splitlines())

    @property
    def parts(self) -> list[str]:
        return self.tools_log.read_text().splitlines()

    async def start(self) -> asyncio.subprocess.Process:
        words = [sys.executable, "-m", "tests.assistant.models.victim", str(self.facts_file)]
        return await asyncio.create_subprocess_exec(*words, cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE)

    async def kill_when(self, moment: Any, pause: float) -> bool:
        """Kill the turn ``pause`` seconds after ``moment()`` holds; False when it was faster."""
        process = await self.start()
        while process.returncode is None and not moment():
            await asyncio.sleep(0.005)
        await asyncio.sleep(pause)
        alive = process.returncode is None
        if alive:
            process.send_signal(signal.SIGKILL)
        await process.wait()
        return alive

    async def finish(self) -> str:
        process = await self.start()
        out, _ = await process.communicate()
        assert process.returncode == 0
        return out.decode().strip()


@pytest.fixture
async def stage(database: TestDatabase, people: People, tmp_path: Path) -> AsyncIterator[Stage]:
    script = Path(__file__).with_name("provider_script.py")
    words = [sys.executable, "-m", "tests.model_server", "--port", "0", "--script", str(script)]
    process = await asyncio.create_subprocess_exec(
        *words, "--log", str(tmp_path / "calls"), cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    ready = (await process.stdout.readline()).decode().split()
    assert ready[0] == "ready"
    yield Stage(database, people, tmp_path, ready[1])
    process.terminate()
    await process.wait()


@pytest.mark.process
@pytest.mark.parametrize("api", ["responses", "chat_completions"])
async def test_after_kill_9_nothing_that_was_finished_is_paid_or_done_again(
    stage: Stage, db: Database, people: People, api: str
) -> None:
    rounds = int(os.environ.get("ADROOM_TEST_KILLS", "2"))
    chance = random.Random(rounds)
    for _ in range(rounds):
        stage.new_turn(api=api)
        nth, pause = chance.randint(1, CALLS), chance.random() * 0.12
        killed = await stage.kill_when(lambda nth=nth: stage.calls >= nth, pause)
        calls, parts = stage.calls, stage.parts
        kept = await journal(db, people, stage.facts["journal"])
        assert await stage.finish() == "Here is the draft."
        # exactly what the journal did not hold yet is asked and done now
        assert stage.calls - calls == CALLS - kept["model"]
        assert calls - kept["model"] <= int(killed), "one call at most was under way"
        work_done = kept["tool"] - int(kept["review"])
        assert len(stage.parts) - len(parts) == PARTS - work_done
        assert len(parts) - work_done <= 2 * int(killed), "both parts may have been under way"
    async with db.org(people.org_id) as conn:
        row = await (
            await conn.execute(
                "select (select count(*) from usage_ledger), (select coalesce(sum(cost), 0) from usage_ledger), "
                "(select count(*) from budget_reservations where settled_at is null)"
            )
        ).fetchone()
    assert row is not None
    assert row[0] == rounds * CALLS, "each answer that was used is in the ledger once"
    assert row[1] > Decimal(0) and row[2] == 0, "the holds of the killed were taken over"


async def journal(db: Database, people: People, scope: str) -> dict[str, int]:
    async with db.org(people.org_id) as conn:
        rows = await (await conn.execute("select kind, result from journal where scope_id = %s", (scope,))).fetchall()
    return {
        "model": sum(kind == "model" for kind, _ in rows),
        "tool": sum(kind == "tool" for kind, _ in rows),
        "review": sum(kind == "tool" and "On brand." in str(result) for kind, result in rows),
    }
