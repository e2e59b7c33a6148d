"""Reads one file in a process of its own and prints what it cost: ``python -m … <path> <format>``."""

import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from knowledge.imports.options import Options
from knowledge.imports.preview import preview
from knowledge.imports.reading import read
from knowledge.imports.records import Rejected


def most_memory() -> float:
    """MB. What getrusage says also counts the process this one was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main(path: Path, format: str) -> None:
    """Prints the records, the rejected rows, the first of their reasons, seconds, and the most memory it had (MB)."""
    started = time.perf_counter()
    preview(path, format, Options())
    previewed = time.perf_counter()
    seen: Counter[str] = Counter()
    reasons: list[str] = []
    for item in read(path, format, Options()):
        rejected = isinstance(item, Rejected) and not item.kept
        seen["rejected" if rejected else "told" if isinstance(item, Rejected) else "records"] += 1
        if isinstance(item, Rejected) and len(reasons) < 3:
            reasons.append(f"{item.row}: {item.reason}")
    told = {
        **seen, "reasons": reasons, "preview": previewed - started, "seconds": time.perf_counter() - previewed,
        "memory": most_memory(),
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
