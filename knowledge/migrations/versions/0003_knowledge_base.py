"""Imports, searchable passages, embedding models."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql_file("0003_knowledge_base.sql")
