"""What a chat thread looks like."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql_file("0002_chat.sql")
