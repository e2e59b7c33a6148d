"""What a content system did not keep of a page."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0018"
down_revision = "0014"


def upgrade() -> None:
    run_sql_file("0018_lost.sql")
