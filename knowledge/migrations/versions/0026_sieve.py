"""Two bits for each number of a vector beside everything it is filtered by: compared first, and the best again as a whole."""

from knowledge.migrations.run_sql import run_sql_file

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    run_sql_file("0026_sieve.sql")
