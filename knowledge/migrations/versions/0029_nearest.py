"""The nearest passages: a row for each tag of a passage, and less work around every question."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    run_sql_file("0029_nearest.sql")
