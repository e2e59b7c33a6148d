"""Embedding models, and a table of vectors for each."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_sql_file("0005_embeddings.sql")
