"""Measuring two or more ways of doing the same thing, in turns, so that a busy machine is equally unkind to all.

What always holds: sides take turns (A B C, A B C …, each time beginning with another one), what is compared was
measured in the same run, and figures are medians and 95th percentiles, in the unit of the case.
"""

import math
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Side = Callable[[], Awaitable[None]]

HEADINGS = ("benchmark", "case", "side", "median", "p95", "n", "ours / side", "bar")


class Skipped(Exception):
    """This machine lacks what the benchmark needs; the words say what."""


@dataclass(frozen=True)
class Comparison:
    """One case: ``ours`` and its peers. ``bars`` name what ours may be at most, as a multiple of that peer.

    ``at_most``: a bar of its own for ours, in ``unit``.
    """

    benchmark: str
    case: str
    ours: list[float]
    peers: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    bars: dict[str, float] = field(default_factory=dict[str, float])
    at_most: float | None = None
    unit: str = "ms"

    def rows(self) -> list[tuple[str, ...]]:
        own = f"≤ {self.at_most:g} {self.unit}: {_kept(median(self.ours) <= self.at_most)}" if self.at_most else ""
        first = (self.benchmark, self.case, "ours", *self._figures(self.ours), "", own)
        return [first, *(self._peer(name, taken) for name, taken in self.peers.items())]

    def _peer(self, name: str, taken: list[float]) -> tuple[str, ...]:
        ratio = median(self.ours) / median(taken)
        bar = f"≤ {self.bars[name]:g} ×: {_kept(ratio <= self.bars[name])}" if name in self.bars else ""
        return (self.benchmark, self.case, name, *self._figures(taken), f"{ratio:.2f} ×", bar)

    def _figures(self, taken: list[float]) -> tuple[str, str, str]:
        return f"{median(taken):.1f} {self.unit}", f"{p95(taken):.1f} {self.unit}", str(len(taken))


def median(taken: list[float]) -> float:
    return statistics.median(taken)


def p95(taken: list[float]) -> float:
    """The smallest value that 95 % of them do not exceed (nearest rank)."""
    return sorted(taken)[math.ceil(0.95 * len(taken)) - 1]


async def in_turns(sides: dict[str, Side], rounds: int, warm_up: int = 3, in_a_row: int = 1) -> dict[str, list[float]]:
    """Milliseconds of each side, ``in_a_row`` samples a round; the first ``warm_up`` rounds do not count."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    names = list(sides)
    for number in range(-warm_up, rounds):
        turn = number % len(names)
        for name in [name for name in names[turn:] + names[:turn] for _ in range(in_a_row)]:
            begun = time.perf_counter()
            await sides[name]()
            if number >= 0:
                taken[name].append((time.perf_counter() - begun) * 1000)
    return taken


def table(comparisons: list[Comparison]) -> str:
    """A Markdown table of everything measured."""
    rows = [HEADINGS, *(row for comparison in comparisons for row in comparison.rows())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _kept(kept: bool) -> str:
    return "kept" if kept else "missed"
