"""What the migrations make of an empty database is what was committed."""

import difflib

import psycopg

from knowledge.migrate import head, migrate
from tests.conftest import TestDatabase
from tests.knowledge.schema_snapshot import SNAPSHOT, read_schema


def test_an_empty_database_taken_to_head_is_the_committed_schema(database: TestDatabase) -> None:
    found, committed = read_schema(database.owner_url), SNAPSHOT.read_text()
    difference = "\n".join(difflib.unified_diff(committed.splitlines(), found.splitlines(), "committed", "found", n=1))
    assert not difference, f"run python -m tests.knowledge.schema_snapshot and commit what it writes:\n{difference}"


def test_migrating_again_changes_nothing(database: TestDatabase) -> None:
    assert migrate(database.owner_url) is False
    with psycopg.connect(database.owner_url) as conn:
        assert conn.execute("select version_num from alembic_version").fetchall() == [(head(),)]


def test_the_application_owns_nothing_and_cannot_pass_row_level_security(database: TestDatabase) -> None:
    with psycopg.connect(database.owner_url) as conn:
        owned = conn.execute("select count(*) from pg_class where relowner = 'adroom_app'::regrole").fetchone()
        role = conn.execute(
            "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = 'adroom_app'"
        ).fetchone()
    assert owned == (0,)
    assert role == (False, False, False, False)
