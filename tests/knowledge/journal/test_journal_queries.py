"""The first answer kept stays, as it was, for its own organisation only."""

from typing import Any
from uuid import uuid4

import pytest

from knowledge.db import Database
from knowledge.journal import queries
from tests.conftest import People, make_people


async def test_the_first_answer_kept_for_a_question_stays(db: Database, people: People) -> None:
    scope = uuid4()
    for answer in ("first", "second"):
        async with db.org(people.org_id) as conn:
            await queries.record(conn, people.org_id, scope, "model", "k", 0, answer)
    async with db.org(people.org_id) as conn:
        await queries.record(conn, people.org_id, scope, "tool", "k", 0, "a tool's")
        await queries.record(conn, people.org_id, scope, "model", "k", 1, "asked again")
        entries = await queries.load(conn, people.org_id, scope)
    found = {(entry.kind, entry.occurrence): entry.result for entry in entries}
    assert found == {("model", 0): "first", ("tool", 0): "a tool's", ("model", 1): "asked again"}


@pytest.mark.parametrize(
    "answer",
    [None, "", "zero \x00", "half \ud83d", "whole 😀", 'back\\u0000slash "quoted"', {"a": ["\x00", 1.5, None]}, [], {}],
)
async def test_every_json_value_comes_back_as_it_was(db: Database, people: People, answer: Any) -> None:
    scope = uuid4()
    async with db.org(people.org_id) as conn:
        await queries.record(conn, people.org_id, scope, "tool", "k", 0, answer)
        (entry,) = await queries.load(conn, people.org_id, scope)
    assert entry.result == answer


async def test_what_is_done_for_good_can_be_forgotten(db: Database, people: People) -> None:
    done, running = uuid4(), uuid4()
    async with db.org(people.org_id) as conn:
        for scope in (done, running):
            await queries.record(conn, people.org_id, scope, "model", "k", 0, "answer")
        assert await queries.forget(conn, people.org_id, done) == 1
        assert await queries.load(conn, people.org_id, done) == []
        assert len(await queries.load(conn, people.org_id, running)) == 1


async def test_another_organisation_finds_nothing(db: Database, people: People) -> None:
    other, scope = await make_people(db, "Other"), uuid4()
    async with db.org(people.org_id) as conn:
        await queries.record(conn, people.org_id, scope, "model", "k", 0, "secret")
    async with db.org(other.org_id) as conn:
        assert await queries.load(conn, other.org_id, scope) == []
        assert await queries.load(conn, people.org_id, scope) == []
