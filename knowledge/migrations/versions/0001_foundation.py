"""People, clients, artifacts, assets, runs, sessions, money."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_sql_file("0001_foundation.sql")
