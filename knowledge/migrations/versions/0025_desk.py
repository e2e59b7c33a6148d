"""A model may name claims beside those that the rules read."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0025"
down_revision = "0022"


def upgrade() -> None:
    run_sql_file("0025_desk.sql")
