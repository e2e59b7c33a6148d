"""Remarks stay with their document over its versions, and are resolved once."""

from typing import Any

import psycopg
import pytest

from knowledge.comments import queries
from knowledge.comments.models import Comment
from knowledge.db import Database
from tests.conftest import make_people
from tests.knowledge.desk import Desk


async def remark(desk: Desk, body: str, role: str = "legal", **on: Any) -> Comment:
    async with desk.db.org(desk.people.org_id) as conn:
        author = desk.people[role]
        return await queries.insert(conn, {"org_id": desk.people.org_id, "author": author, "body": body, **on})


async def test_a_documents_remarks_are_those_on_any_of_its_versions(desk: Desk, db: Database) -> None:
    first = await desk.write("intake")
    second = await desk.write("intake")
    other = await desk.write("qa_report", key="a")
    await remark(desk, "On the first", artifact_id=first.id)
    await remark(desk, "On the second", "ops", artifact_id=second.id)
    await remark(desk, "On another", artifact_id=other.id)
    async with db.org(desk.people.org_id) as conn:
        for version in (first, second):
            found = await queries.of_document(conn, version.id)
            assert [(c.body, c.author_name) for c in found] == [("On the first", "Legal"), ("On the second", "Ops")]
    strangers = await make_people(db, "Strangers")
    async with db.org(strangers.org_id) as conn:
        assert await queries.of_document(conn, first.id) == []


async def test_a_remark_is_resolved_once_and_keeps_when(desk: Desk, db: Database) -> None:
    comment = await remark(desk, "Shorter", artifact_id=(await desk.write("intake")).id)
    assert comment.resolved_at is None
    async with db.org(desk.people.org_id) as conn:
        resolved = await queries.resolve(conn, comment.id)
    async with db.org(desk.people.org_id) as conn:
        again = await queries.resolve(conn, comment.id)
    assert resolved is not None and again is not None
    assert resolved.resolved_at == again.resolved_at is not None
    strangers = await make_people(db, "Strangers")
    async with db.org(strangers.org_id) as conn:
        assert await queries.resolve(conn, comment.id) is None


@pytest.mark.parametrize("body", ["", "x" * 20_001])
async def test_the_database_keeps_no_empty_and_no_endless_remark(desk: Desk, body: str) -> None:
    intake = await desk.write("intake")
    with pytest.raises(psycopg.errors.CheckViolation):
        await remark(desk, body, artifact_id=intake.id)


async def test_a_remark_is_on_one_thing(desk: Desk) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        await remark(desk, "On nothing")
