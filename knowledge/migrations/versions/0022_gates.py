"""A run that waits for people finds its answer in the row itself."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0022"
down_revision = "0020"


def upgrade() -> None:
    run_sql_file("0022_gates.sql")
