"""Vectors lie beside what they are filtered by, and how they are compared is decided by what it costs."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run_sql_file("0020_beside.sql")
