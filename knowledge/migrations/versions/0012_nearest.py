"""The nearest passages in one look."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_sql_file("0012_nearest.sql")
