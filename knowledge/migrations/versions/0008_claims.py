"""Claims and their evidence; what a person has accepted by name."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql_file("0008_claims.sql")
