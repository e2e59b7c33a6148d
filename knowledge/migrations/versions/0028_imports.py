"""What an import writes names no organisation that it would have to look up."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    run_sql_file("0028_imports.sql")
