"""Brings a database to the newest schema, forward only.

The owner of the database runs this at every start; when nothing is to be done it costs one query. The role the
application works as is made here, so that the first migration can grant to it.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from knowledge.db import APP_ROLE, SEARCH_ROLE

if TYPE_CHECKING:
    from sqlalchemy import URL

MIGRATIONS = Path(__file__).parent / "migrations"


def head() -> str:
    """The newest revision's number, read from the file names (``0001`` …)."""
    return max(path.name.split("_")[0] for path in MIGRATIONS.glob("[0-9]*.sql"))


def migrate(owner_url: str) -> bool:
    """Take the database at ``owner_url`` to head; True when something was changed.

    Raises ``psycopg.OperationalError`` when the database cannot be reached.
    """
    with psycopg.connect(owner_url, autocommit=True) as conn:
        _ensure_role(conn, APP_ROLE, "login")
        _ensure_role(conn, SEARCH_ROLE, "nologin")
        if _current(conn) == head():
            return False
    _run_alembic(owner_url)
    return True


def _current(conn: psycopg.Connection) -> str | None:
    exists = conn.execute("select to_regclass('public.alembic_version')").fetchone()
    if not exists or exists[0] is None:
        return None
    row = conn.execute("select version_num from public.alembic_version").fetchone()
    return str(row[0]) if row else None


def _ensure_role(conn: psycopg.Connection, name: str, login: str) -> None:
    role = sql.Identifier(name)
    if not conn.execute("select 1 from pg_roles where rolname = %s", (name,)).fetchone():
        making = sql.SQL("create role {} {} nosuperuser nobypassrls nocreatedb nocreaterole")
        try:
            conn.execute(making.format(role, sql.SQL(login)))  # pyright: ignore[reportArgumentType] - login or nologin
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            return  # another process made it between the look and the attempt: the role is there, as wanted
    is_member = conn.execute("select pg_has_role(current_user, %s, 'member')", (name,)).fetchone()
    if not (is_member and is_member[0]):
        conn.execute(sql.SQL("grant {} to current_user").format(role))


def _run_alembic(owner_url: str) -> None:
    # imported here: half a second that a start with nothing to do need not pay. Meanwhile another thread may be importing
    # SQLAlchemy: its packages refer to each other in circles, and who enters by a module inside does not wait for the rest
    for front_door in ("sqlalchemy", "sqlalchemy.orm", "sqlalchemy.dialects.postgresql"):
        import_module(front_door)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = sqlalchemy_url(owner_url)
    command.upgrade(config, "head")


def sqlalchemy_url(conninfo: str) -> "URL":
    """The same address in SQLAlchemy's words, for the libraries that bring it (Alembic, the run engine)."""
    from psycopg.conninfo import conninfo_to_dict
    from sqlalchemy import URL

    parts = {key: str(value) for key, value in conninfo_to_dict(conninfo).items() if value is not None}
    named = {"username": "user", "password": "password", "database": "dbname"}
    basics = {ours: parts.pop(theirs, None) for ours, theirs in named.items()}
    port = parts.pop("port", None)
    host = parts.get("host", "")
    if not host.startswith("/"):
        parts.pop("host", None)
    return URL.create(
        "postgresql+psycopg",
        **basics,
        host=None if host.startswith("/") else host or None,
        port=int(port) if port else None,
        query=parts,
    )
