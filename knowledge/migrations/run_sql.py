"""Runs one plain .sql file as a migration. Forward only: there is no way down."""

from pathlib import Path
from typing import cast

import psycopg
from alembic import op

HERE = Path(__file__).parent


def run_sql_file(name: str) -> None:
    """Run every statement of ``name`` in the migration's transaction, with short lock and long statement limits."""
    connection = cast("psycopg.Connection", op.get_bind().connection.dbapi_connection)
    connection.execute("set local lock_timeout = '5s'")
    connection.execute("set local statement_timeout = '10min'")
    connection.execute((HERE / name).read_bytes())
