"""Plans of work as documents."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_sql_file("0014_plans.sql")
