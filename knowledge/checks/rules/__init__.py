"""The rules as data: one file a family, each rule with its severity, what it is for, its limits, its source and its date.

A threshold stands here and nowhere else. Who doubts one changes it here, with the date and the source.
"""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.checks.models import Kind, Severity

HERE = Path(__file__).parent
FAMILIES = ("seo", "email", "ads", "brand", "compliance")


@dataclass(frozen=True)
class Rule:
    """``says``: the rule in words. ``kinds``: which pieces it is for; empty means all. ``limits``: its thresholds."""

    id: str
    group: str
    severity: Severity
    says: str
    kinds: tuple[Kind, ...]
    source: str
    dated: str
    limits: dict[str, Any] = field(default_factory=dict[str, Any])

    def covers(self, kind: Kind) -> bool:
        return not self.kinds or kind in self.kinds

    def limit(self, name: str) -> float:
        return self.limits[name]


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id, in the order of the files."""
    found: dict[str, Rule] = {}
    for family in FAMILIES:
        table = tomllib.loads((HERE / f"{family}.toml").read_text("utf-8"))
        common = {"dated": table["dated"], "kinds": table.get("kinds", []), "source": table.get("source", "")}
        for given in table["rule"]:
            values: dict[str, Any] = {**common, **given}
            values["kinds"] = tuple(values["kinds"])
            rule = Rule(**values)
            assert rule.id not in found, rule.id  # noqa: S101 - a mistake in the data, seen by every test
            found[rule.id] = rule
    return found


@cache
def newest() -> str:
    return max(rule.dated for rule in rules().values())


@cache
def weights() -> dict[str, float]:
    """Groups of the content score and what each weighs; they add up to 1."""
    return tomllib.loads((HERE / "score.toml").read_text("utf-8"))["weights"]
