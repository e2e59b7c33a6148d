"""Merge tags from one service's dialect to another's, keeping what every person sees.

Handlebars and Mailchimp know one test a condition: ``and`` and ``or`` become conditions in conditions. What the other
dialect has no words for is said, tag by tag, and nothing is converted: half a conversion would be sent to people.
"""

from dataclasses import replace

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
    Text,
    Value,
)

#: conditions in conditions repeat their else; a text that would grow beyond this is refused
MOST_CHARACTERS = 500_000
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
    if wanted == "liquid":
        return liquid.write(nodes)
    single = tuple(_single(node, wanted) for node in nodes)
    if _size(single) > MOST_CHARACTERS:
        raise Inexpressible("Its conditions are too many to be written out one in the other.", "", 0)
    return handlebars.write(single) if wanted == "handlebars" else mailchimp.write(single)


def _inexpressible(node: Node, wanted: Dialect) -> list[Fault]:
    try:
        write((node,), wanted)
    except Inexpressible as error:
        return [Fault(error.message, error.source, error.start, "Say it without, or choose another service.")]
    return []


def _single(node: Node, wanted: Dialect) -> Node:
    """The same with one plain test a condition."""
    match node:
        case Text() | Value():
            return node
        case Each():
            return replace(node, nodes=tuple(_single(inner, wanted) for inner in node.nodes))
        case If():
            return _single_if(node, wanted)


def _single_if(node: If, wanted: Dialect) -> If:
    otherwise: tuple[Node, ...] | None = node.otherwise and tuple(_single(inner, wanted) for inner in node.otherwise)
    result: If | None = None
    for branch in reversed(node.branches):
        body = tuple(_single(inner, wanted) for inner in branch.nodes)
        if result is not None and _chains(result):
            rest = result.branches
            result = _one(branch.condition, body, otherwise, node, rest)
        else:
            after = (result,) if result is not None else otherwise
            result = _one(branch.condition, body, after, node, ())
    assert result is not None  # noqa: S101 - a condition has at least one branch
    return result


def _chains(node: If) -> bool:
    """Whether its branches may follow another's as else-ifs."""
    return all(not (branch.condition.tests[0].operator == "is" and branch.condition.tests[0].negated)
               for branch in node.branches)  # fmt: skip


def _one(
    condition: Condition,
    body: tuple[Node, ...],
    otherwise: tuple[Node, ...] | None,
    node: If,
    rest: tuple[Branch, ...],
) -> If:
    tests = [_plain(Condition((test,))) for test in condition.tests]
    if condition.any or len(tests) == 1:
        return If((*(Branch(test, body) for test in tests), *rest), otherwise, node.start, node.source)
    after = (If(rest, otherwise, node.start, node.source),) if rest else otherwise
    inner = If((Branch(tests[-1], body),), after, node.start, node.source)
    for test in reversed(tests[:-1]):
        inner = If((Branch(test, (inner,)),), after, node.start, node.source)
    return inner


_OPPOSITE: dict[Operator, Operator] = {"=": "!=", "!=": "=", ">": "<=", "<": ">=", ">=": "<", "<=": ">"}


def _plain(condition: Condition) -> Condition:
    test = condition.tests[0]
    if test.negated and test.operator in _OPPOSITE:
        return Condition((replace(test, operator=_OPPOSITE[test.operator], negated=False),))
    return condition


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
