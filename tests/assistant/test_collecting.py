"""What is there when a process is ready is not looked through again, and what comes and goes still goes."""

import subprocess
import sys

WORDS = """
import gc, weakref
from assistant.collecting import hold, settle

class Thing: ...

hold()
for _ in range(100_000):
    thing = Thing()
    thing.itself = thing
settle()
assert 1000 < gc.get_freeze_count() < 100_000, "what was of no use when it settled has gone"
gone = []
for number in range(2_000_000):
    thing = Thing()
    thing.itself = thing
    if number % 100_000 == 0:
        gone.append(weakref.ref(thing))
assert sum(one() is not None for one in gone) <= 5, "rings of things are found without being asked for"
"""


def test_what_stays_is_left_alone_and_what_goes_is_found() -> None:
    subprocess.run([sys.executable, "-c", WORDS], check=True, timeout=60)
