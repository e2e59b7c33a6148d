"""Research, and the pages that were opened for it."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_sql_file("0010_research.sql")
