"""What one person gets: the tree with their fields put in."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any, cast

from knowledge.emails.merge_tags.model import Case, Condition, Each, If, Node, Test, Text, Value

Person = Mapping[str, Any]
#: how many entries of a list a preview goes through
MOST_ENTRIES = 50


def fill(nodes: tuple[Node, ...], person: Person, in_html: bool = False) -> str:
    """The text for ``person``; a field they do not have is empty, as at every service. ``in_html``: what stands around
    is HTML, so that their own words must not be."""
    return "".join(_fill(node, person, in_html) for node in nodes)


def _fill(node: Node, person: Person, in_html: bool) -> str:
    match node:
        case Text(text):
            return text
        case Value():
            value = shown(look_up(person, node.field))
            said = _cased(value or node.fallback or "", node.case)
            return escape(said) if in_html else said
        case If():
            for branch in node.branches:
                if holds(branch.condition, person):
                    return fill(branch.nodes, person, in_html)
            return fill(node.otherwise or (), person, in_html)
        case Each():
            entries = look_up(person, node.field)
            listed = cast("list[Any]", entries)[:MOST_ENTRIES] if isinstance(entries, list) else []
            return "".join(fill(node.nodes, {**person, node.name: entry}, in_html) for entry in listed)


def look_up(person: Person, name: str) -> Any:
    """``a.b`` in a person: an entry of that whole name, else ``b`` of what ``a`` is."""
    if name in person:
        return person[name]
    found: Any = person
    for part in re.split(r"[.\[\]]+", name.rstrip("]")):
        found = cast("Person", found).get(part) if isinstance(found, Mapping) else None
    return found


def shown(value: Any) -> str:
    if value is None or value is False:
        return ""
    return "true" if value is True else str(value)


def holds(condition: Condition, person: Person) -> bool:
    results = [test_holds(test, person) for test in condition.tests]
    return any(results) if condition.any else all(results)


def test_holds(test: Test, person: Person) -> bool:
    value = look_up(person, test.field)
    return _compare(test, value) != test.negated


test_holds.__test__ = False  # type: ignore[attr-defined] - no test of pytest's


def _compare(test: Test, value: Any) -> bool:
    if test.operator == "is":
        return bool(value)
    if test.operator == "contains":
        return test.value in (cast("list[Any]", value) if isinstance(value, list) else shown(value))
    if test.operator in ("=", "!="):
        same = shown(value) == test.value or (_number(value) is not None and _number(value) == _number(test.value))
        return same == (test.operator == "=")
    mine, theirs = _number(value), _number(test.value)
    if mine is None or theirs is None:
        return False
    return {">": mine > theirs, "<": mine < theirs, ">=": mine >= theirs, "<=": mine <= theirs}[test.operator]


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _cased(text: str, case: Case) -> str:
    return {"": text, "upper": text.upper(), "lower": text.lower(), "title": text.title()}[case]
