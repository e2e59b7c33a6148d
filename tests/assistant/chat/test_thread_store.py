"""What the chat's page is drawn from after a reload: gathered behind the first words, and there before anybody reads."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from chainlit.context import init_http_context

from assistant.chat import data_layer
from assistant.chat.data_layer import ThreadStore
from tests.conftest import TestDatabase

AT = "2026-11-21T10:00:00.000000Z"
NOW = datetime(2026, 11, 21, 10)


@pytest.fixture
async def store(database: TestDatabase) -> AsyncIterator[ThreadStore]:
    made = ThreadStore(database.app_url, "box:7:abc")
    await made.connect()
    yield made
    await made.close()


def step(thread: str, said: str = "Hello", **more: Any) -> dict[str, Any]:
    told = {"id": str(uuid4()), "threadId": thread, "type": "user_message", "name": "You", "output": said}
    return {**told, "createdAt": AT, **more}


async def steps_of(store: ThreadStore, thread: str) -> list[dict[str, Any]]:
    return await store.execute_query('select * from "Step" where "threadId" = $1 order by id', {"thread": thread})


async def test_a_step_is_there_before_anybody_reads_whoever_wrote_it_last(store: ThreadStore) -> None:
    thread = str(uuid4())
    init_http_context(thread_id=thread)
    writing = asyncio.create_task(store.create_step(step(thread)))
    await asyncio.sleep(0)
    assert not writing.done()
    assert [row["output"] for row in await steps_of(store, thread)] == ["Hello"]
    await writing


async def test_steps_given_together_keep_their_order_and_the_last_word(store: ThreadStore) -> None:
    thread = str(uuid4())
    init_http_context(thread_id=thread)
    said = step(thread, "First", command="write", metadata={"kept": 1})
    later = {**said, "output": "", "metadata": {}, "isError": True, "command": None}
    await asyncio.gather(store.create_step(said), store.update_step(later), store.create_step(step(thread, "Second")))
    rows = {row["id"]: row for row in await steps_of(store, thread)}
    assert len(rows) == 2
    first = rows[said["id"]]
    assert (first["output"], first["isError"]) == ("First", True)
    assert json.loads(first["metadata"]) == {"kept": 1, "command": "write", "process": "box:7:abc"}


async def test_letters_that_cannot_be_stored_cost_nobody_elses_steps(store: ThreadStore) -> None:
    thread = str(uuid4())
    init_http_context(thread_id=thread)
    odd = step(thread, "A\x00B \ud83d", metadata={"said": "\x00"})
    await asyncio.gather(store.create_step(odd), store.create_step(step(thread, "Hello")))
    assert sorted(row["output"] for row in await steps_of(store, thread)) == ["AB \ufffd", "Hello"]


async def test_what_was_given_is_written_when_the_product_is_stopped(
    store: ThreadStore, database: TestDatabase
) -> None:
    thread = str(uuid4())
    init_http_context(thread_id=thread)
    writing = asyncio.create_task(store.create_step(step(thread)))
    await asyncio.sleep(0)
    await store.close()
    await writing
    after = ThreadStore(database.app_url)
    assert len(await steps_of(after, thread)) == 1
    await after.close()


async def test_a_finished_message_is_kept_once_with_its_cards(store: ThreadStore) -> None:
    thread, id = str(uuid4()), str(uuid4())
    message = {"id": id, "name": "Adroom", "output": "Done.", "createdAt": await store.get_current_timestamp()}
    cards = [{"id": str(uuid4()), "name": "Meter", "props": "{}"}, {"id": str(uuid4()), "name": "Inbox", "props": "{}"}]
    await store.save_message(thread, message, cards)
    await store.save_message(thread, {**message, "output": "Otherwise."}, cards)
    assert [row["output"] for row in await steps_of(store, thread)] == ["Done."]
    kept = await store.execute_query('select name from "Element" where "stepId" = $1 order by name', {"id": id})
    assert [row["name"] for row in kept] == ["Inbox", "Meter"]


async def test_what_could_not_be_written_while_the_database_was_away_is_written_when_it_is_back(
    store: ThreadStore, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_layer, "AWAY_PAUSE", 0.05)
    thread, connect = str(uuid4()), ThreadStore.connect
    init_http_context(thread_id=thread)
    await store.cleanup()
    away = 3

    async def refused(self: ThreadStore) -> None:
        nonlocal away
        away -= 1
        if away >= 0:
            raise ConnectionRefusedError("nobody listens there")
        await connect(self)

    monkeypatch.setattr(ThreadStore, "connect", refused)
    await store.create_step(step(thread, "First"))
    await store.save_message(thread, {"id": str(uuid4()), "name": "A", "output": "Kept", "createdAt": NOW}, [])
    assert {row["output"] for row in await steps_of(store, thread)} == {"First", "Kept"}


async def test_a_thread_that_began_with_a_command_from_the_menu_gets_a_name(store: ThreadStore) -> None:
    thread = str(uuid4())

    async def name() -> str | None:
        [row] = await store.execute_query('select name from "Thread" where id = $1', {"thread": thread})
        return row["name"]

    assert await store.name_thread(thread, "/help")
    await store.update_thread(thread_id=thread, name="", user_id=None, tags=["one"])  # what the page says of no words
    assert await name() == "/help"
    assert await store.name_thread(thread, "Nordwind Tee · /inbox")
    assert not await store.name_thread(thread, "Another")
    assert await name() == "Nordwind Tee · /inbox"
