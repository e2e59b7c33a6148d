"""The list of runs by agent has an index."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run_sql_file("0019_agents_of_runs.sql")
