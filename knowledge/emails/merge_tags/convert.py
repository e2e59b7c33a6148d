"""Merge tags from one service's dialect to another's, keeping what every person sees.

Handlebars and Mailchimp know one test a condition: ``and`` and ``or`` become conditions in conditions. What the other
dialect has no words for is said, tag by tag, and nothing is converted: half a conversion would be sent to people.
"""

from dataclasses import dataclass, replace

from knowledge.emails.merge_tags import handlebars, liquid, mailchimp
from knowledge.emails.merge_tags.model import (
    Branch,
    Condition,
    Dialect,
    Each,
    Fault,
    If,
    Inexpressible,
    Node,
    Operator,
    Parsed,
    Test,
    Text,
    Value,
)

#: conditions in conditions repeat their else; a text that would grow beyond this is refused
MOST_CHARACTERS = 500_000
_WRITERS = {"liquid": liquid.write, "handlebars": handlebars.write, "mailchimp": mailchimp.write}
_PARSERS = {"liquid": liquid.parse, "handlebars": handlebars.parse, "mailchimp": mailchimp.parse}


def parse(text: str, dialect: Dialect) -> Parsed:
    return _PARSERS[dialect](text)


def convert(text: str, given: Dialect, wanted: Dialect) -> tuple[str | None, list[Fault]]:
    """``text`` in the other dialect; None with every reason when that cannot be done."""
    parsed = parse(text, given)
    if parsed.faults:
        return None, list(parsed.faults)
    if given == wanted:
        return text, []
    faults = [fault for node in parsed.nodes for fault in _inexpressible(node, wanted)]
    if faults:
        return None, faults
    written = write(parsed.nodes, wanted)
    again = parse(written, wanted)
    # text that stood there as text and would be a tag in the other dialect
    return (None, list(again.faults)) if again.faults else (written, [])


def write(nodes: tuple[Node, ...], wanted: Dialect) -> str:
    """Raises Inexpressible."""
    single = tuple(_single(node, wanted) for node in nodes)
    if _size(single) > MOST_CHARACTERS:
        raise Inexpressible("Its conditions are too many to be written out one in the other.", "", 0)
    return _WRITERS[wanted](single)


def _inexpressible(node: Node, wanted: Dialect) -> list[Fault]:
    try:
        write((node,), wanted)
    except Inexpressible as error:
        return [Fault(error.message, error.source, error.start, "Say it without, or choose another service.")]
    return []


def _single(node: Node, wanted: Dialect) -> Node:
    """The same with one test a condition, of those that the dialect has."""
    match node:
        case Text() | Value():
            return node
        case Each():
            return replace(node, nodes=_singles(node.nodes, wanted))
        case If():
            return _single_if(node, wanted)


def _singles(nodes: tuple[Node, ...], wanted: Dialect) -> tuple[Node, ...]:
    return tuple(_single(inner, wanted) for inner in nodes)


def _single_if(node: If, wanted: Dialect) -> If:
    otherwise = None if node.otherwise is None else _singles(node.otherwise, wanted)
    tests = [test for branch in node.branches for test in branch.condition.tests]
    if wanted == "liquid" and not any(test.negated and test.operator in _PARTIAL for test in tests):
        branches = tuple(Branch(one.condition, _singles(one.nodes, wanted)) for one in node.branches)
        return replace(node, branches=branches, otherwise=otherwise)
    rest: tuple[Node, ...] | None = otherwise
    for branch in reversed(node.branches):
        rest = _decided(branch.condition, _singles(branch.nodes, wanted), rest, _Place(node, wanted))
    assert rest is not None and isinstance(rest[0], If)  # noqa: S101 - a condition has at least one branch
    return rest[0]


@dataclass(frozen=True, slots=True)
class _Place:
    """The condition that is being rewritten, and for whom."""

    node: If
    wanted: Dialect


def _decided(
    condition: Condition, body: tuple[Node, ...], rest: tuple[Node, ...] | None, place: _Place
) -> tuple[Node, ...]:
    """``body`` where the condition holds, else ``rest``, from its last test to its first."""
    found: tuple[Node, ...] = ()
    for number, test in enumerate(reversed(condition.tests)):
        if number == 0:
            found = (_asked(test, body, rest, place),)
        else:
            found = (_asked(test, body, found, place) if condition.any else _asked(test, found, rest, place),)
    return found


def _asked(test: Test, yes: tuple[Node, ...], no: tuple[Node, ...] | None, place: _Place) -> If:
    start, source = place.node.start, place.node.source
    if test.negated and test.operator in _OPPOSITE:
        test = replace(test, operator=_OPPOSITE[test.operator], negated=False)
    if test.negated and test.operator in _PARTIAL:
        return _asked(replace(test, negated=False), no or (), yes, place)
    if place.wanted == "handlebars" and test.operator in (">=", "<="):
        more: Operator = ">" if test.operator == ">=" else "<"
        equal = _asked(replace(test, operator="="), yes, no, place)
        return _asked(replace(test, operator=more), yes, (equal,), place)
    branch = Branch(Condition((test,)), yes)
    if no is not None and len(no) == 1 and isinstance(no[0], If) and no[0].source == source and _chains(no[0]):
        return If((branch, *no[0].branches), no[0].otherwise, start, source)
    return If((branch,), no, start, source)


def _chains(node: If) -> bool:
    """Whether its branches may follow another's as else-ifs."""
    return not any(branch.condition.tests[0].negated for branch in node.branches)


#: what is true of a missing field's opposite too: neither ``x > 2`` nor ``x <= 2`` holds without an x
_PARTIAL = frozenset({">", "<", ">=", "<=", "contains"})
_OPPOSITE: dict[Operator, Operator] = {"=": "!=", "!=": "="}


def _size(nodes: tuple[Node, ...]) -> int:
    total = 0
    for node in nodes:
        match node:
            case Text(text):
                total += len(text)
            case Value():
                total += 60
            case Each():
                total += 40 + _size(node.nodes)
            case If():
                total += sum(40 + _size(branch.nodes) for branch in node.branches) + _size(node.otherwise or ())
    return total
