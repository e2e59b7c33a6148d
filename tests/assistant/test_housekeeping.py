"""Housekeeping: what nobody can ask for again goes, everything else stays, and one process at a time does it."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from assistant.housekeeping import Housekeeping
from assistant.runs.protocol import step_key
from assistant.workflows.ask import journal_of
from knowledge.db import Database, alone
from knowledge.errors import Conflict, NotFound
from knowledge.files import uploads
from knowledge.files.store import Files
from knowledge.idempotency import queries as keys
from knowledge.ids import RunId, TurnId
from knowledge.imports import service as imports
from knowledge.journal import queries as journal
from knowledge.people.models import Caller
from knowledge.runs import events
from knowledge.runs import queries as runs
from knowledge.runs.models import NewEvent, NewRun
from knowledge.sessions import queries as sessions
from tests.conftest import People, TestDatabase, make_people


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(str(tmp_path / "files"), tmp_path / "scratch")


async def add_run(conn: Any, people: People, status: str) -> UUID:
    """A run with one step that was begun; the step's place in the journal."""
    new = NewRun(
        id=RunId(uuid4()),
        org_id=people.org_id,
        kind="toy",
        title="Toy",
        input={},
        engine="dbos",
        started_by=people["partner"],
    )
    assert await runs.insert_run(conn, new)
    await events.append(conn, new.id, [NewEvent(type="step_started", step="write#2")])
    await runs.update_status(conn, new.id, status)
    return journal_of(step_key(new.id, "write#2"))


async def add_turn(conn: Any, people: People, status: str) -> UUID:
    thread = {"org_id": people.org_id, "user_id": people["partner"], "channel": "chat", "thread": str(uuid4())}
    session = await sessions.insert(conn, thread)
    assert session is not None
    values = {"id": TurnId(uuid4()), "org_id": people.org_id, "session_id": session.id, "user_id": people["partner"]}
    turn = await sessions.insert_turn(conn, {**values, "input": "Hi", "command": None, "context": {}})
    assert turn is not None
    if status != "running":
        await sessions.finish_turn(conn, turn.id, status=status)
    return turn.id


async def keep_answers(conn: Any, people: People, *scopes: UUID, days_ago: float = 2) -> None:
    for scope in scopes:
        await journal.record(conn, people.org_id, scope, "model", "k", 0, "an answer that was paid for")
    await conn.execute(
        "update journal set created_at = now() - %s * interval '1 day' where scope_id = any(%s)",
        (days_ago, list(scopes)),
    )


async def kept(db: Database, people: People) -> set[UUID]:
    async with db.org(people.org_id) as conn:
        return {row[0] for row in await (await conn.execute("select scope_id from journal")).fetchall()}


@pytest.mark.parametrize("status", ["queued", "running", "waiting", "stopped"])
async def test_answers_are_kept_as_long_as_who_asked_can_be_taken_up_again(
    db: Database, database: TestDatabase, people: People, files: Files, status: str
) -> None:
    async with db.org(people.org_id) as conn:
        wanted = {await add_run(conn, people, status), await add_turn(conn, people, "running")}
        await keep_answers(conn, people, *wanted)
    assert await Housekeeping(db, database.owner_url, files).tidy() == 0
    assert await kept(db, people) == wanted


async def test_answers_of_what_has_ended_go_in_every_organisation_a_day_later(
    db: Database, database: TestDatabase, people: People, files: Files
) -> None:
    other = await make_people(db, "Other")
    for someone in (people, other):
        async with db.org(someone.org_id) as conn:
            ended = [await add_run(conn, someone, status) for status in ("completed", "failed", "cancelled")]
            ended += [await add_turn(conn, someone, status) for status in ("completed", "failed")]
            await keep_answers(conn, someone, *ended, uuid4())
            fresh = await add_run(conn, someone, "completed")
            await keep_answers(conn, someone, fresh, days_ago=0.9)
    assert await Housekeeping(db, database.owner_url, files).tidy() == 12
    assert len(await kept(db, people)) == len(await kept(db, other)) == 1


async def test_old_keys_and_expired_holds_go(
    db: Database, database: TestDatabase, people: People, files: Files
) -> None:
    async with db.org(people.org_id) as conn:
        for key in ("old", "new"):
            assert await keys.claim(conn, people.org_id, key, "print")
            await conn.execute(
                "insert into budget_reservations (org_id, user_id, call_key, amount, expires_at) "
                "values (%s, %s, %s, 1, now() + interval '1 hour')",
                (people.org_id, people["partner"], key),
            )
        await conn.execute("update idempotency_keys set created_at = now() - interval '8 days' where key = 'old'")
        await conn.execute(
            "update budget_reservations set expires_at = now() - interval '2 days' where call_key = 'old'"
        )
    assert await Housekeeping(db, database.owner_url, files).tidy() == 2
    async with db.org(people.org_id) as conn:
        held = await (await conn.execute("select call_key from budget_reservations")).fetchall()
        assert held == [("new",)]
        assert await keys.find(conn, "old") is None and await keys.find(conn, "new") is not None


async def test_a_file_that_nothing_was_made_of_goes_after_a_week(
    db: Database, database: TestDatabase, people: People, files: Files
) -> None:
    mine = files.of(people.org_id)
    stored = {name: await mine.put_bytes(name.encode()) for name in ("left", "fresh", "a document")}
    async with db.org(people.org_id) as conn:
        for name, file in stored.items():
            row = await uploads.record(conn, Caller(people.org_id, people["partner"], "partner"), name, file)
            age = 6 if name == "fresh" else 8
            await conn.execute(
                "update uploads set created_at = now() - %s * interval '1 day' where id = %s", (age, row.id)
            )
        await conn.execute(
            "insert into documents (org_id, client_id, kind, title, text, content_hash, storage_key) "
            "values (%s, %s, 'brand_doc', 'Book', 'x', 'h', %s)",
            (people.org_id, people.client_id, stored["a document"].key),
        )
    assert await Housekeeping(db, database.owner_url, files).tidy() == 1
    with pytest.raises(NotFound):
        await mine.get(stored["left"].key)
    assert await mine.get(stored["fresh"].key) == b"fresh"
    assert await mine.get(stored["a document"].key) == b"a document"
    assert await Housekeeping(db, database.owner_url, files).tidy() == 0


async def test_an_import_that_was_never_started_expires_after_a_week_and_says_how_to_go_on(
    db: Database, database: TestDatabase, people: People, files: Files
) -> None:
    mine, caller = files.of(people.org_id), Caller(people.org_id, people["partner"], "partner")
    opened: dict[str, UUID] = {}
    keys_of: dict[str, str] = {}
    for name in ("left", "looked at again", "stopped", "fresh"):
        stored = await mine.put_bytes(name.encode())
        keys_of[name] = stored.key
        async with db.org(people.org_id) as conn:
            await uploads.record(conn, caller, name, stored)
            row = await imports.open_import(
                conn, caller, client_id=None, kind="swipes", filename=name, storage_key=stored.key, bytes=stored.bytes,
                sha256=stored.sha256, format="ad_json", options={},
            )  # fmt: skip
            opened[name] = row.id
            if name == "stopped":
                await conn.execute("update imports set status = 'stopped' where id = %s", (row.id,))
            days = 6 if name == "fresh" else 8
            looked = 1 if name == "looked at again" else days
            age = "now() - %s * interval '1 day'"
            await conn.execute(f"update uploads set created_at = {age} where storage_key = %s", (days, stored.key))
            await conn.execute(
                f"update imports set created_at = {age}, updated_at = {age} where id = %s", (days, looked, row.id)
            )
    assert await Housekeeping(db, database.owner_url, files).tidy() == 2  # the import, and what was brought
    with pytest.raises(NotFound):
        await mine.get(keys_of["left"])
    async with db.org(people.org_id) as conn:
        states = {name: (await imports.get(conn, id)).status for name, id in opened.items()}
        assert states == {
            "left": "expired", "looked at again": "preview", "stopped": "stopped", "fresh": "preview",
        }  # fmt: skip
        for refused in (imports.claim(conn, opened["left"]), imports.set_mapping(conn, opened["left"], kind="voc")):
            with pytest.raises(Conflict, match="Drop it again"):
                await refused
        assert (await imports.get(conn, opened["left"])).error == imports.EXPIRED
    for name in ("looked at again", "stopped", "fresh"):
        assert await mine.get(keys_of[name]) == name.encode()
    assert await Housekeeping(db, database.owner_url, files).tidy() == 0


async def test_a_file_that_cannot_go_now_is_tried_again_and_holds_nothing_else_up(
    db: Database, database: TestDatabase, people: People, files: Files
) -> None:
    async with db.org(people.org_id) as conn:
        stored = await files.of(people.org_id).put_bytes(b"left")
        row = await uploads.record(conn, Caller(people.org_id, people["partner"], "partner"), "left", stored)
        await conn.execute("update uploads set created_at = now() - interval '8 days' where id = %s", (row.id,))
        await keep_answers(conn, people, uuid4())
    in_the_way = Path(files.place, stored.key)
    in_the_way.rename(in_the_way.with_suffix(".away"))
    in_the_way.mkdir()
    assert await Housekeeping(db, database.owner_url, files).tidy() == 1
    assert await kept(db, people) == set()
    in_the_way.rmdir()
    assert await Housekeeping(db, database.owner_url, files).tidy() == 1


async def test_one_process_at_a_time_and_the_next_one_when_that_is_done(
    db: Database, database: TestDatabase, people: People, files: Files
) -> None:
    async with db.org(people.org_id) as conn:
        await keep_answers(conn, people, uuid4())
    housekeeping = Housekeeping(db, database.owner_url, files)
    async with alone(database.owner_url, "housekeeping") as ours:
        assert ours
        assert await housekeeping.tidy() is None
        assert len(await kept(db, people)) == 1
    assert await housekeeping.tidy() == 1


async def test_it_goes_on_when_the_database_does_not_answer(
    db: Database, database: TestDatabase, people: People, files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    async with db.org(people.org_id) as conn:
        await keep_answers(conn, people, uuid4())
    housekeeping = Housekeeping(db, f"{database.owner_url} port=1", files, first=0, every=0.02)
    housekeeping.start()
    while "does not answer" not in caplog.text:
        await asyncio.sleep(0.02)
    housekeeping.owner_url = database.owner_url
    while await kept(db, people):
        await asyncio.sleep(0.02)
    await housekeeping.stop()
