"""The words of passages, and the functions that search them."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql_file("0004_search.sql")
