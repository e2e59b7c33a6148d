"""An import is killed at every boundary and inside its batches, stopped and resumed: nothing lost, nothing twice.

``ADROOM_TEST_KILLS=50`` also runs that many random deaths.
"""

import asyncio
import json
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from assistant.chat.identity import LOCAL_ORG, LOCAL_USER
from assistant.workflows import knowledge_import
from knowledge.db import Database
from knowledge.files.store import Files
from knowledge.ids import ClientId
from knowledge.imports import preparing, service
from knowledge.imports.models import Import
from tests.assistant.at_work import open_house
from tests.assistant.runs.crash import Case, Outcome, check, live_through
from tests.assistant.workflows.dying_import import BATCH_ROWS
from tests.conftest import People, TestDatabase, make_people
from tests.knowledge.imports import files
from tests.knowledge.imports.coming_in import Shelf, ads_json, many

#: boundaries of the run, and moments inside of it (dying_import.py), in the order in which they are come to
POINTS = ["started", "begun", "entered load", "read", "known 1", "written 1", "advanced 1", "told 1", "stored 1",
          "written 81", "stored 121", "told 161", "left load", "completed load", "linked", "left link near duplicates",
          "completed link near duplicates", "finished", "left finish", "completed finish", "ended"]  # fmt: skip
INSIDE = ("read", "known", "written", "advanced", "told", "stored", "linked", "finished")


def a_file(rows: int) -> bytes:
    """Ads, some of them said again, some nearly the same, some unusable."""
    entries: list[Any] = many(rows)
    text = (
        "Three calm minutes every morning, one good blade and no cuts at all, whatever the day brings you, number {}."
    )
    entries[5]["body"], entries[rows - 5]["body"] = text.format("one"), text.format("one")
    entries[rows // 2 : rows // 2] = [{"title": "nobody's"}, files.ad(3, body="Said again later."), "no ad"]
    return ads_json([*entries, {**entries[0], "title": "The last word"}])


class Desk:
    """The local organisation's file, and another one that brings the same in without dying."""

    def __init__(self, made: TestDatabase, db: Database, folder: Path, control: Shelf) -> None:
        self.made, self.folder, self.control = made, folder, control
        self.shelf = Shelf(db, People(LOCAL_ORG, {"admin": LOCAL_USER}, ClientId(LOCAL_ORG)), folder)

    async def case(self, content: bytes, points: list[str]) -> tuple[Import, Case, list[str]]:
        """An import that is about to start; how it is run; the points that are not inside of it."""
        stored = await Files(str(self.folder / "files"), self.folder).of(LOCAL_ORG).put_bytes(content)
        row = await self.shelf.open(content, storage_key=stored.key, sha256=stored.sha256, bytes=stored.bytes)
        (self.folder / "moments").write_text(
            "\n".join(point if point.split()[0] in INSIDE else "" for point in points) + "\n"
        )
        case = Case(
            self.made.owner_url,
            self.made.app_url,
            LOCAL_ORG,
            LOCAL_USER,
            self.folder / "trace",
            service.RUN_KIND,
            service.work_of(row),
            "tests.assistant.workflows.dying_import:open_dying",
            {"moments": str(self.folder / "moments"), "home": self.folder},
        )
        return row, case, ["" if point.split()[0] in INSIDE else point for point in points]

    async def check_whole(self, row: Import, content: bytes) -> None:
        """The same rows, counts and links as an import that nobody disturbed."""
        whole = await self.control.bring(content)
        async with self.shelf.db.org(LOCAL_ORG) as conn:
            ours = await service.get(conn, row.id)
            rejects = await service.rejects(conn, row.id)
        async with self.control.db.org(whole.org_id) as conn:
            assert rejects == await service.rejects(conn, whole.id)
        counted = ("status", "position", "rows_total", "rows_new", "rows_changed", "rows_unchanged", "rows_merged",
                   "rows_rejected", "near_duplicates")  # fmt: skip
        assert {name: getattr(ours, name) for name in counted} == {name: getattr(whole, name) for name in counted}
        assert await self.shelf.content() == await self.control.content()


@pytest.fixture
async def desk(briefed: TestDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    db = Database(briefed.app_url, min_size=1, max_size=4)
    await db.open()
    control = Shelf(db, await make_people(db, "Undisturbed"), tmp_path)
    yield Desk(briefed, db, tmp_path, control)
    await db.close()


def check_told(outcome: Outcome) -> None:
    """Each position once, only forward, and one word at the end."""
    rows = [event.data["rows"] for event in outcome.log if event.type == "progress" and "importId" in event.data]
    assert rows == sorted(set(rows)), rows
    said = [event.data for event in outcome.log if event.type == "message"]
    assert len(said) == 1 and "ads" in said[0]["text"]


@pytest.mark.process
async def test_an_import_lives_through_a_death_at_every_boundary_and_inside_its_batches(desk: Desk) -> None:
    content = a_file(200)
    row, case, points = await desk.case(content, POINTS)
    outcome = await live_through(case, points, within=110)
    check(outcome)
    assert outcome.lives == len(POINTS) + 1, "it died at every one of them"
    check_told(outcome)
    await desk.check_whole(row, content)


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.skipif("ADROOM_TEST_KILLS" not in os.environ, reason="set ADROOM_TEST_KILLS to a number of deaths")
@pytest.mark.timeout(3600)
async def test_an_import_lives_through_deaths_at_random_moments(desk: Desk) -> None:
    kills = int(os.environ["ADROOM_TEST_KILLS"])
    chance = random.Random(kills)
    content = a_file(40 * kills + 200)
    row, case, _ = await desk.case(content, [])
    outcome = await live_through(
        case, [f"after {chance.uniform(0.0, 0.6):.3f}" for _ in range(kills)], within=3000, until_done=True
    )
    check(outcome)
    check_told(outcome)
    await desk.check_whole(row, content)


async def test_an_import_is_stopped_between_batches_keeps_what_is_in_and_goes_on_from_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "BATCH_ROWS", BATCH_ROWS)
    monkeypatch.setattr(knowledge_import, "PACE", 0.0)
    content = a_file(1000)
    row, case, _ = await desk.case(content, [])
    async with open_house(case.owner_url, case.app_url, home=desk.folder) as at_work:
        run = await at_work.runs.start(at_work.caller, case.kind, case.input)
        while (await desk.shelf.rows("select position from imports where id = %s", row.id))[0][0] < 100:
            await asyncio.sleep(0.02)
        await at_work.runs.stop(at_work.caller, run.id)
        await at_work.until(run.id, "stopped")
        async with desk.shelf.db.org(LOCAL_ORG) as conn:
            halted = await service.get(conn, row.id)
        assert halted.status == "stopped" and 100 <= halted.position < 1000
        kept = await desk.shelf.rows("select count(*) from company_swipe_assets")
        assert kept == [(halted.rows_new,)]
        before = await desk.shelf.versions()
        await at_work.runs.resume(at_work.caller, run.id)
        ended = await at_work.until(run.id, "completed", "failed")
        assert ended.status == "completed", ended.error
    assert set(before["company_swipe_media"]) <= set((await desk.shelf.versions())["company_swipe_media"])
    await desk.check_whole(row, content)


async def test_progress_says_what_became_of_the_rows_so_far(desk: Desk) -> None:
    content = a_file(50)
    row, case, _ = await desk.case(content, [])
    async with open_house(case.owner_url, case.app_url, home=desk.folder) as at_work:
        run = await at_work.runs.start(at_work.caller, case.kind, case.input)
        await at_work.until(run.id, "completed", "failed")
        found = await at_work.rows("select data from run_events where run_id = %s and type = 'progress'", run.id)
        again = await at_work.rows("select count(*) from usage_ledger where run_id = %s", run.id)
    last = [data for (data,) in found if "importId" in data][-1]
    assert last == {"importId": str(row.id), "rows": 54, "total": 54, "new": 50, "changed": 0, "unchanged": 0,
                    "merged": 2, "rejected": 2}, json.dumps(last)  # fmt: skip
    assert again == [(0,)], "no call was paid"
