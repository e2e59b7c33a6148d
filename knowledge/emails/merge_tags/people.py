"""Sample people, and for every branch of a tree somebody who sees it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.emails.merge_tags.filling import Person, holds, look_up
from knowledge.emails.merge_tags.model import Condition, Each, If, Node, Test, Value

_SERVICE: dict[str, Any] = {
    "email": "anna.berg@example.com",
    "unsubscribe_url": "https://example.com/unsubscribe",
    "preferences_url": "https://example.com/preferences",
    "web_version_url": "https://example.com/view",
    "postal_address": "1 Sample Street, 10115 Berlin",
    "company_name": "Sample Ltd",
    "current_year": "2026",
    "subject": "A sample subject",
}
#: fields that are often filled in, with something to show
KNOWN: dict[str, Any] = {
    **_SERVICE,
    "first_name": "Anna",
    "last_name": "Berg",
    "name": "Anna Berg",
    "company": "Berg & Sons",
    "city": "Hamburg",
    "country": "Germany",
    "language": "en",
    "plan": "Standard",
    "product_name": "The sample product",
    "order_number": "10042",
    "cart_url": "https://example.com/cart",
    "items": [{"name": "First item", "price": "10.00"}, {"name": "Second item", "price": "20.00"}],
}


@dataclass(frozen=True, slots=True)
class Sample:
    """``why``: what this person shows, in words."""

    why: str
    person: Person


@dataclass(frozen=True, slots=True)
class BranchSample:
    """Somebody who sees one branch; ``person`` is None when nobody can. ``start``: of the condition's first tag."""

    why: str
    person: Person | None
    start: int
    source: str


def everybody(nodes: tuple[Node, ...]) -> list[Sample]:
    """People of all kinds: all fields filled, none, long, foreign, with characters that HTML would read as its own."""
    fields = fields_of(nodes)
    full = {**KNOWN, **{name: _sample(name) for name in fields if look_up(KNOWN, name) is None}}
    return [
        Sample("with every field filled", full),
        Sample("of whom nothing is known but the address", dict(_SERVICE)),
        Sample(
            "with a long name", {**full, "first_name": "Maximiliane-Theresia", "last_name": "von Hohenstein-Auerberg"}
        ),
        Sample("whose name is written from right to left", {**full, "first_name": "מרים", "last_name": "لیلا"}),
        Sample("with an ampersand and quotation marks", {**full, "first_name": 'Jo "J" <b>', "company": "A & B"}),
    ]


def fields_of(nodes: tuple[Node, ...]) -> list[str]:
    """Every field that is asked for, in order, once; those of a list's entries by their list."""
    return list(dict.fromkeys(_fields(nodes, frozenset())))


def _fields(nodes: tuple[Node, ...], entries: frozenset[str]) -> Iterator[str]:
    for node in nodes:
        names: list[str] = []
        if isinstance(node, Value):
            names = [node.field]
        elif isinstance(node, If):
            names = [test.field for branch in node.branches for test in branch.condition.tests]
        elif isinstance(node, Each):
            names = [node.field]
        yield from (name for name in names if name.split(".")[0] not in entries and not name.startswith("@"))
        if isinstance(node, If):
            for branch in node.branches:
                yield from _fields(branch.nodes, entries)
            yield from _fields(node.otherwise or (), entries)
        elif isinstance(node, Each):
            yield from _fields(node.nodes, entries | {node.name})


def branch_samples(nodes: tuple[Node, ...]) -> list[BranchSample]:
    """For every branch of every condition, else and missing else included, a person who sees it."""
    base = everybody(nodes)[0].person
    return list(_branches(nodes, dict(base), ()))


#: a condition on the way to a branch, and whether it holds there
_Path = tuple[tuple[Condition, bool], ...]


def _branches(nodes: tuple[Node, ...], base: dict[str, Any], path: _Path) -> Iterator[BranchSample]:
    for node in nodes:
        if isinstance(node, Each):
            yield from _branches(node.nodes, base, path)
        if not isinstance(node, If):
            continue
        passed = path
        for number, branch in enumerate(node.branches):
            here = (*passed, (branch.condition, True))
            yield _reached(f"{node.source}, branch {number + 1}", here, base, node)
            yield from _branches(branch.nodes, base, here)
            passed = (*passed, (branch.condition, False))
        yield _reached(f"{node.source}, {'else' if node.otherwise is not None else 'none of it'}", passed, base, node)
        yield from _branches(node.otherwise or (), base, passed)


def _reached(why: str, path: _Path, base: dict[str, Any], node: If) -> BranchSample:
    person = dict(base)
    for _ in range(2):  # a later condition may undo what an earlier one needed: once more settles it, or nothing does
        for condition, wanted in path:
            _satisfy(person, condition, wanted)
        if all(holds(condition, person) == wanted for condition, wanted in path):
            return BranchSample(why, person, node.start, node.source)
    return BranchSample(why, None, node.start, node.source)


def _satisfy(person: dict[str, Any], condition: Condition, wanted: bool) -> None:
    """Change as few fields as make ``condition`` come out as wanted."""
    if not condition.tests or holds(condition, person) == wanted:
        return
    # "all hold" and "none holds" need every test changed, "one holds" and "one fails" need one
    every = condition.any != wanted
    for test in condition.tests if every else condition.tests[:1]:
        _put(person, test.field, _value_for(test, wanted))


def _value_for(test: Test, wanted: bool) -> Any:
    holds_plainly = wanted != test.negated
    number = _as_number(test.value)
    match test.operator:
        case "is":
            return _sample(test.field) if holds_plainly else ""
        case "=":
            return test.value if holds_plainly else f"not {test.value}"
        case "!=":
            return f"not {test.value}" if holds_plainly else test.value
        case ">" | ">=":
            return number + 1 if holds_plainly else number - 1
        case "<" | "<=":
            return number - 1 if holds_plainly else number + 1
        case "contains":
            return [test.value] if holds_plainly else []


def _as_number(text: str) -> float | int:
    try:
        value = float(text)
    except ValueError:
        return 0
    return int(value) if value.is_integer() else value


def _put(person: dict[str, Any], name: str, value: Any) -> None:
    person[name] = value


def _sample(name: str) -> Any:
    known = look_up(KNOWN, name)
    if known:
        return known
    last = name.rsplit(".", 1)[-1]
    if last in KNOWN:
        return KNOWN[last]
    if last.endswith(("url", "link")):
        return f"https://example.com/{last}"
    if last.startswith(("is_", "has_")):
        return True
    return last.replace("_", " ").replace("-", " ").strip().capitalize() or "Sample"
