"""``python -m benchmarks [names…]``: run them all, or those that are named, and print a table of each."""

import importlib
import os
import platform
import sys
import time

from benchmarks.measure import Skipped, table

NAMES = (
    "turn",
    "call",
    "step",
    "durable_turn",
    "ready",
    "first_text",
    "search",
    "imports",
    "embedding",
    "preflight",
    "claims",
    "emails",
)


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start\n")
    for name in wanted or NAMES:
        begun = time.monotonic()
        print(f"{name} … ", end="", flush=True)
        try:
            found = importlib.import_module(f"benchmarks.{name}").run()
        except Skipped as reason:
            print(f"skipped: {reason}\n")
        else:
            print(f"{time.monotonic() - begun:.0f} s\n\n{table(found)}\n", flush=True)
    print(f"Load {os.getloadavg()[0]:.1f} at the end. Ratios are of medians, each within its own run.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
