"""One clock for all processes of a machine, and its moments as words that can be told apart in any text."""

import re
import time

#: a tenth of a millisecond, in nine digits: unambiguous for 27 hours
_WIDTH, _PER_SECOND = 9, 10_000
STAMP = re.compile(rf"\b\d{{{_WIDTH}}}\b")


def now() -> float:
    """Seconds since some moment that is the same for every process (CLOCK_MONOTONIC)."""
    return time.monotonic()


def stamp(moment: float) -> str:
    return f"{int(moment * _PER_SECOND) % 10**_WIDTH:0{_WIDTH}d}"


def ago(stamped: str, at: float) -> float:
    """Seconds from the stamped moment until ``at``."""
    return ((int(at * _PER_SECOND) - int(stamped)) % 10**_WIDTH) / _PER_SECOND
