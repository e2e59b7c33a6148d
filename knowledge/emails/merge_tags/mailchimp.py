"""Mailchimp's merge tags: ``*|FNAME|*``, ``*|IF:FNAME|* … *|ELSEIF:X|* … *|ELSE:|* … *|END:IF|*``, ``*|UPPER:X|*``.

Field names are capitals, digits and underscores, ten characters at most. It has no lists, no ``and`` and no ``or``.
Source: mailchimp.com/help, "All the merge tags" and "Use conditional merge tag blocks", read November 2026.
"""

import re

from knowledge.emails.merge_tags.building import Tag, build, loose_ends
from knowledge.emails.merge_tags.model import (
    FROM_MAILCHIMP,
    MAILCHIMP_NAMES,
    Case,
    Condition,
    Each,
    If,
    Inexpressible,
    Node,
    Operator,
    Parsed,
    Test,
    Text,
    Value,
)

LONGEST_NAME = 10
_TAG = re.compile(r"\*\|(?:[^|*\n]|\*(?!\|)|\|(?!\*))*\|\*")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*(?::[A-Z0-9_ ,/+-]+)?\Z", re.IGNORECASE)
_TEST = re.compile(r"\s*([A-Za-z][\w:]*)\s*(?:(!=|>=|<=|=|>|<)\s*(.*?)\s*)?\Z", re.S)
_CASES: dict[str, Case] = {"UPPER": "upper", "LOWER": "lower", "TITLE": "title"}
#: tags of the service with a colon in them, and words that are no fields of a person
_SYSTEM = re.compile(r"(?:LIST|MC|DATE|HTML|REWARDS|SURVEY|RSS|FEED|ARCHIVE|POLL|TWITTER|FACEBOOK|USER)(?::.*)?\Z")


def parse(text: str) -> Parsed:
    parsed = build(text, _TAG, _read)
    broken = loose_ends(text, parsed.spans, (("*|", "|*"),))
    faults = tuple(sorted((*parsed.faults, *broken), key=lambda fault: fault.start))
    return Parsed(parsed.nodes, faults, parsed.spans)


def _read(source: str, start: int) -> Tag:
    inside = source[2:-2].strip()
    word, colon, rest = inside.partition(":")
    word = word.upper()
    if word in ("IF", "IFNOT", "ELSEIF"):
        condition, message = _condition(rest, negated=word == "IFNOT")
        return Tag("elseif" if word == "ELSEIF" else "if", condition=condition, word="IF", message=message)
    if word == "ELSE":
        fix = "" if colon else "Write *|ELSE:|*, with the colon."
        return Tag("else", message="" if colon else f"{source} needs a colon.", fix=fix)
    if word == "END":
        wrong = rest.strip().upper() != "IF"
        return Tag("endif", word="IF", message=f"{source} should read *|END:IF|*." if wrong else "")
    if word in _CASES and colon:
        return _value(rest, _CASES[word], source, start)
    return _value(inside, "", source, start)


def _value(name: str, case: Case, source: str, start: int) -> Tag:
    name = name.strip()
    if not _NAME.match(name):
        return Tag("unknown", message=f"{source} names no field.", fix="Write a field's tag, such as *|FNAME|*.")
    message = fix = ""
    if name != name.upper():
        message, fix = f"{source}: Mailchimp's tags are written in capitals.", f"Write *|{name.upper()}|*."
    elif not _SYSTEM.match(name) and name not in FROM_MAILCHIMP and len(name) > LONGEST_NAME:
        message = f"{source}: a field's tag has at most {LONGEST_NAME} characters."
    return Tag("value", Value(field_of(name), case=case, start=start, source=source), message=message, fix=fix)


def _condition(text: str, negated: bool) -> tuple[Condition, str]:
    found = _TEST.match(text)
    if found is None or not text.strip():
        return Condition(()), f"The condition “{text.strip()}” cannot be read."
    operator: Operator = found[2] or "is"  # pyright: ignore[reportAssignmentType] - the pattern's own words
    value = (found[3] or "").strip("\"'")
    return Condition((Test(field_of(found[1]), operator, value, negated),)), ""


def field_of(name: str) -> str:
    return FROM_MAILCHIMP.get(name.upper()) or name.lower()


def name_of(field: str) -> str:
    return MAILCHIMP_NAMES.get(field) or field.upper()


def write(nodes: tuple[Node, ...]) -> str:
    """Conditions must have one test each (see convert.py). Raises Inexpressible for what Mailchimp has no words for."""
    return "".join(_write(node) for node in nodes)


def _write(node: Node) -> str:
    match node:
        case Text(text):
            return text
        case Value():
            name = _checked_name(node.field, node.source, node.start)
            case = f"{node.case.upper()}:" if node.case else ""
            if node.fallback is None:
                return f"*|{case}{name}|*"
            return f"*|IF:{name}|**|{case}{name}|**|ELSE:|*{node.fallback}*|END:IF|*"
        case If():
            return _written_if(node)
        case Each():
            raise Inexpressible("Mailchimp has no lists to go through in an email.", node.source, node.start)


def _written_if(node: If) -> str:
    parts: list[str] = []
    for number, branch in enumerate(node.branches):
        test = branch.condition.tests[0]
        parts.append(_opening(test, node, first=number == 0))
        parts.append(write(branch.nodes))
    if node.otherwise is not None:
        parts += ["*|ELSE:|*", write(node.otherwise)]
    return "".join([*parts, "*|END:IF|*"])


def _opening(test: Test, node: If, first: bool) -> str:
    name = _checked_name(test.field, node.source, node.start)
    if test.operator == "contains":
        raise Inexpressible("Mailchimp cannot ask what a text contains.", node.source, node.start)
    if test.operator == "is":
        if test.negated and not first:
            raise Inexpressible(
                "Mailchimp cannot ask in an ELSEIF whether a field is missing.", node.source, node.start
            )
        return f"*|IFNOT:{name}|*" if test.negated else f"*|{'IF' if first else 'ELSEIF'}:{name}|*"
    return f"*|{'IF' if first else 'ELSEIF'}:{name} {test.operator} {test.value}|*"


def _checked_name(field: str, source: str, start: int) -> str:
    name = name_of(field)
    if field not in MAILCHIMP_NAMES and not (len(name) <= LONGEST_NAME and re.fullmatch(r"[A-Z][A-Z0-9_]*", name)):
        if _SYSTEM.match(name):
            return name
        raise Inexpressible(f"“{field}” cannot be a field in Mailchimp: ten capitals at most.", source, start)
    return name
