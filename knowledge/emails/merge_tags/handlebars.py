"""Handlebars, as SendGrid, Mailgun, Postmark-like services and others take it.

Known: ``{{field}}``, ``{{{field}}}``, ``#if``/``#unless``/``else if``/``else``, ``#each``, and SendGrid's
``#equals``, ``#notEquals``, ``#greaterThan``, ``#lessThan``, ``#and``, ``#or`` and ``insert``.
Sources: handlebarsjs.com/guide and SendGrid's "Using Handlebars", read November 2026.
"""

import re
from dataclasses import replace

from knowledge.emails.merge_tags.building import Tag, build, loose_ends
from knowledge.emails.merge_tags.model import (
    Branch,
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

_TAG = re.compile(r"\{\{\{(?:[^{}\n]|\n(?!\n))*\}\}\}|\{\{!--.*?--\}\}|\{\{(?!\{)(?:[^{}\n]|\n(?!\n))*\}\}", re.S)
_FIELD = r"(?:\.\./)*@?[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*"
#: what an entry of a list is called in the tree; Handlebars has no name for it but ``this``
_ENTRY = "item"
_QUOTED = r"\"[^\"]*\"|'[^']*'"
_PLAIN = re.compile(rf"{_FIELD}\Z")
_WORDS = re.compile(rf"{_QUOTED}|\S+")
_INSERT = re.compile(rf"insert\s+({_FIELD})\s+(?:\"default=([^\"]*)\"|'default=([^']*)')\Z")
_COMPARING: dict[str, Operator] = {"equals": "=", "notEquals": "!=", "greaterThan": ">", "lessThan": "<"}


def parse(text: str) -> Parsed:
    parsed = build(text, _TAG, _read)
    broken = loose_ends(text, parsed.spans, (("{{", "}}"),))
    faults = tuple(sorted((*parsed.faults, *broken), key=lambda fault: fault.start))
    return Parsed(tuple(_renamed(node, 0) for node in parsed.nodes), faults, parsed.spans)


def _renamed(node: Node, depth: int) -> Node:
    """Inside ``#each`` a bare name is one of the entry: ``name`` → ``item.name``, ``../name`` → ``name``."""
    match node:
        case Text():
            return node
        case Value():
            return replace(node, field=_field(node.field, depth))
        case If():
            branches = tuple(
                Branch(
                    replace(
                        one.condition,
                        tests=tuple(replace(t, field=_field(t.field, depth)) for t in one.condition.tests),
                    ),
                    tuple(_renamed(inner, depth) for inner in one.nodes),
                )
                for one in node.branches
            )
            otherwise = node.otherwise and tuple(_renamed(inner, depth) for inner in node.otherwise)
            return replace(node, branches=branches, otherwise=otherwise)
        case Each():
            inside = tuple(_renamed(inner, depth + 1) for inner in node.nodes)
            return replace(node, field=_field(node.field, depth), name=_entry(depth + 1), nodes=inside)


def _entry(depth: int) -> str:
    return _ENTRY if depth == 1 else f"{_ENTRY}_{depth}"


def _field(name: str, depth: int) -> str:
    while name.startswith("../"):
        name, depth = name[3:], depth - 1
    if depth <= 0 or name.startswith("@"):
        return name
    return _entry(depth) if name == "this" else f"{_entry(depth)}.{name.removeprefix('this.')}"


def _read(source: str, start: int) -> Tag:
    raw = source.startswith("{{{")
    inside = source.strip("{}").strip("~").strip()
    if inside.startswith("!"):
        return Tag("nothing")
    if inside.startswith("#"):
        return _opening(inside[1:].strip(), source)
    if inside.startswith("/"):
        word = inside[1:].strip()
        return Tag("endeach" if word == "each" else "endif", word=word)
    if inside == "else" or inside == "^":
        return Tag("else")
    if inside.startswith("else "):
        opened = _opening(inside[5:].strip(), source)
        return Tag("elseif", condition=opened.condition, message=opened.message, fix=opened.fix)
    if found := _INSERT.match(inside):
        fallback = found[2] if found[2] is not None else found[3]
        return Tag("value", Value(found[1], fallback, start=start, source=source))
    if _PLAIN.match(inside):
        return Tag("value", Value(inside, raw=raw, start=start, source=source))
    fix = "Write a field's name alone, such as {{first_name}}."
    return Tag("unknown", message=f"{source} cannot be read.", fix=fix)


def _opening(inside: str, source: str) -> Tag:
    words = _WORDS.findall(inside)
    word, given = (words[0], words[1:]) if words else ("", [])
    fields = [one for one in given if _PLAIN.match(one)]
    if word in ("if", "unless"):
        wrong = "" if len(given) == 1 and fields else f"{source} needs exactly one field."
        test = Test(given[0] if given else "", negated=word == "unless")
        return Tag("if", condition=Condition((test,) if fields else ()), word=word, message=wrong)
    if word == "each":
        wrong = "" if len(given) == 1 and fields else f"{source} needs exactly one list."
        return Tag("each", field=given[0] if given else "", name="this", word="each", message=wrong)
    if word in _COMPARING:
        wrong = "" if len(given) == 2 and _PLAIN.match(given[0]) else f"{source} needs a field and a value."
        tests = () if wrong else (Test(given[0], _COMPARING[word], _unquoted(given[1])),)
        return Tag("if", condition=Condition(tests), word=word, message=wrong)
    if word in ("and", "or"):
        wrong = "" if len(fields) == len(given) >= 2 else f"{source} needs two fields or more."
        return Tag("if", condition=Condition(tuple(map(Test, fields)), any=word == "or"), word=word, message=wrong)
    known = ", ".join(("if", "unless", "each", *_COMPARING, "and", "or"))
    return Tag("if", condition=Condition(()), word=word, message=f"There is no block “{word}”.", fix=f"Known: {known}.")


def _unquoted(text: str) -> str:
    return text[1:-1] if text[:1] in "\"'" and len(text) >= 2 else text


def write(nodes: tuple[Node, ...], within: str = "") -> str:
    """Conditions must have one test each (see convert.py). ``within``: what an entry of the list around is called.

    Raises Inexpressible for what Handlebars has no words for.
    """
    return "".join(_write(node, within) for node in nodes)


def _write(node: Node, within: str) -> str:
    match node:
        case Text(text):
            return text
        case Value():
            name = _named(node.field, within)
            shown = f"{{{{{{{name}}}}}}}" if node.raw else f"{{{{{name}}}}}"
            if node.case:
                raise Inexpressible("Handlebars cannot change small and capital letters.", node.source, node.start)
            # a fallback as any Handlebars knows it; SendGrid's own "insert" is not everybody's
            return (
                shown if node.fallback is None else f"{{{{#if {name}}}}}{shown}{{{{else}}}}{node.fallback}{{{{/if}}}}"
            )
        case If():
            return _written_if(node, within)
        case Each():
            name = _named(node.field, within)
            return f"{{{{#each {name}}}}}{write(node.nodes, node.name)}{{{{/each}}}}"


def _written_if(node: If, within: str) -> str:
    branch, others = node.branches[0], node.branches[1:]
    word, given = _helper(branch.condition.tests[0], node, within)
    body = write(branch.nodes, within)
    rest = _written_if(If(others, node.otherwise), within) if others else write(node.otherwise or (), within)
    return f"{{{{#{word} {given}}}}}{body}{f'{{{{else}}}}{rest}' if rest else ''}{{{{/{word}}}}}"


_HELPERS: dict[Operator, str] = {"=": "equals", "!=": "notEquals", ">": "greaterThan", "<": "lessThan"}


def _helper(test: Test, node: If, within: str) -> tuple[str, str]:
    """The block's word and what follows it."""
    name = _named(test.field, within)
    if test.operator == "is":
        return "unless" if test.negated else "if", name
    if test.operator == "contains":
        raise Inexpressible("Handlebars cannot ask what a text contains.", node.source, node.start)
    number = re.fullmatch(r"-?\d+(\.\d+)?", test.value)
    shown = test.value if number else f"'{test.value}'" if '"' in test.value else f'"{test.value}"'
    return _HELPERS[test.operator], f"{name} {shown}"


def _named(name: str, within: str) -> str:
    if not within:
        return name
    if name == within:
        return "this"
    return f"this.{name.removeprefix(f'{within}.')}" if name.startswith(f"{within}.") else f"../{name}"
