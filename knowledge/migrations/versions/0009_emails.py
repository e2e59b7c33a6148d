"""Email series and their schedules."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql_file("0009_emails.sql")
