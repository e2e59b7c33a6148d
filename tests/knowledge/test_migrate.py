"""The first start makes the tables while the rest of the product is still being imported."""

import subprocess
import sys

import pytest

BESIDE = """
import sys, threading, time
from knowledge import migrate

sys.setswitchinterval(0.0005)
faults = []

def make():
    time.sleep(float(sys.argv[1]))
    try:
        migrate._run_alembic("host=/nowhere")
    except Exception as fault:
        faults.append(fault)

making = threading.Thread(target=make)
making.start()
import dbos
making.join()
print(*(type(fault).__name__ for fault in faults))
"""


@pytest.mark.parametrize("later", [0.0, 0.04, 0.08, 0.12, 0.16, 0.2, 0.24, 0.28])
def test_what_makes_the_tables_and_what_runs_on_them_are_imported_side_by_side(later: float) -> None:
    done = subprocess.run([sys.executable, "-c", BESIDE, str(later)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "OperationalError"), done.stderr or "nobody is there"
