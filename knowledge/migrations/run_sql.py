"""Runs one plain .sql file as a migration. Forward only: there is no way down."""

from pathlib import Path

from alembic import op

HERE = Path(__file__).parent


def run_sql_file(name: str) -> None:
    """Run every statement of ``name`` in the migration's transaction, with short lock and long statement limits."""
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None, "alembic runs migrations on a live connection"  # noqa: S101
    with connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = '5s'")
        cursor.execute("set local statement_timeout = '10min'")
        cursor.execute((HERE / name).read_bytes())
