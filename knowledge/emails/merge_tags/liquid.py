"""Liquid, as Klaviyo, Customer.io, Braze, Shopify and others take it.

Known: ``{{ field | filters }}``, ``if``/``unless``/``elsif``/``else``, ``for … in``, ``comment`` tags one by one.
Source: shopify.github.io/liquid, read November 2026.
"""

import re

from knowledge.emails.merge_tags.building import Tag, build, loose_ends
from knowledge.emails.merge_tags.model import (
    Case,
    Condition,
    Each,
    If,
    Node,
    Operator,
    Parsed,
    Test,
    Text,
    Value,
)

_TAG = re.compile(r"\{\{-?(?:[^{}\n]|\n(?!\n))*-?\}\}|\{%-?(?:[^{}%\n]|%(?!\})|\n(?!\n))*-?%\}")
_FIELD = r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[\d+\])*"
_QUOTED = r"\"[^\"]*\"|'[^']*'"
_VALUE = re.compile(rf"({_FIELD})\s*(.*)\Z", re.S)
_FILTER = re.compile(rf"\|\s*([a-z_]+)\s*(?::\s*({_QUOTED}|-?\d+(?:\.\d+)?|true|false|{_FIELD}))?\s*")
_TEST = re.compile(
    rf"({_FIELD})(?:\s*(==|!=|<>|>=|<=|>|<|\bcontains\b)\s*({_QUOTED}|-?\d+(?:\.\d+)?|true|false|nil|null|blank|empty))?\Z"
)
_FOR = re.compile(rf"([A-Za-z_]\w*)\s+in\s+({_FIELD})(?:\s+(?:limit|offset):\s*\d+|\s+reversed)*\Z")
_CASES: dict[str, Case] = {"upcase": "upper", "downcase": "lower", "capitalize": "title"}
#: filters that change nothing a sample person could show
_HARMLESS = frozenset({"strip", "escape", "escape_once", "url_encode", "strip_html", "newline_to_br", "truncate", "date",
                       "money", "round", "append", "prepend", "replace", "first", "last", "join", "size"})  # fmt: skip


def parse(text: str) -> Parsed:
    parsed = build(text, _TAG, _read)
    broken = loose_ends(text, parsed.spans, (("{{", "}}"), ("{%", "%}")))
    faults = tuple(sorted((*parsed.faults, *broken), key=lambda fault: fault.start))
    return Parsed(parsed.nodes, faults, parsed.spans)


def _read(source: str, start: int) -> Tag:
    inside = source[2:-2].strip("-").strip()
    return _value(inside, source, start) if source.startswith("{{") else _block(inside)


def _value(inside: str, source: str, start: int) -> Tag:
    found = _VALUE.match(inside)
    if found is None:
        return Tag(
            "unknown", message=f"{source} names no field.", fix="Write a field's name, such as {{ first_name }}."
        )
    fallback: str | None = None
    case: Case = ""
    at, rest = 0, found[2]
    message = ""
    while at < len(rest):
        one = _FILTER.match(rest, at)
        if one is None:
            return Tag("unknown", message=f"{source} is broken after “{found[1]}”.", fix="Filters follow a |, each.")
        name = one[1]
        if name == "default":
            fallback = _unquoted(one[2] or "")
        elif name in _CASES:
            case = _CASES[name]
        elif name not in _HARMLESS:
            message = f"There is no filter “{name}” in Liquid."
        at = one.end()
    return Tag("value", Value(found[1], fallback, case, start=start, source=source), message=message)


def _block(inside: str) -> Tag:
    word, _, rest = inside.partition(" ")
    rest = rest.strip()
    if word in ("if", "elsif", "unless"):
        condition, message = _condition(rest)
        if word == "unless":
            flipped = tuple(Test(t.field, t.operator, t.value, not t.negated) for t in condition.tests)
            condition = Condition(flipped, any=not condition.any if len(flipped) > 1 else False)
        return Tag("elseif" if word == "elsif" else "if", condition=condition, word=word, message=message)
    if word in ("endif", "endunless"):
        return Tag("endif", word=word.removeprefix("end"))
    if word == "else" and not rest:
        return Tag("else")
    if word == "elseif" or (word == "else" and rest.startswith("if")):
        condition, _ = _condition(rest.removeprefix("if").strip())
        return Tag(
            "elseif", condition=condition, message="Liquid's word for this is elsif.", fix="Write {% elsif … %}."
        )
    if word == "for":
        found = _FOR.match(rest)
        if found is None:
            return Tag("each", word="for", message="A for needs a name and a list: {% for item in items %}.")
        return Tag("each", field=found[2], name=found[1], word="for")
    if word == "endfor":
        return Tag("endeach", word="for")
    return Tag(
        "unknown", message=f"There is no tag “{word}” in Liquid that an email needs.", fix="Use if, unless or for."
    )


def _condition(text: str) -> tuple[Condition, str]:
    if not text:
        return Condition(()), "The condition is empty."
    parts = re.split(r"\s+(and|or)\s+", text)
    joins = set(parts[1::2])
    tests: list[Test] = []
    for part in parts[::2]:
        found = _TEST.match(part.strip())
        if found is None:
            return Condition(tuple(tests)), f"The condition “{part.strip()}” cannot be read."
        tests.append(_test(found[1], found[2], found[3]))
    if len(joins) > 1:
        return Condition(tuple(tests)), "“and” and “or” in one condition are read from right to left: split it."
    return Condition(tuple(tests), any="or" in joins), ""


def _test(name: str, operator: str | None, value: str | None) -> Test:
    if operator is None or value is None:
        return Test(name)
    if value in ("nil", "null", "blank", "empty"):
        return Test(name, negated=operator == "==")
    if value in ("true", "false"):
        return Test(name, negated=(value == "true") != (operator == "=="))
    known: dict[str, Operator] = {"==": "=", "<>": "!="}
    plain: Operator = known.get(operator, operator)  # pyright: ignore[reportAssignmentType] - the pattern's own words
    return Test(name, plain, _unquoted(value))


def _unquoted(text: str) -> str:
    return text[1:-1] if text[:1] in "\"'" and len(text) >= 2 else text


def write(nodes: tuple[Node, ...]) -> str:
    """Everything in the tree has words in Liquid."""
    return "".join(_write(node) for node in nodes)


def _write(node: Node) -> str:
    match node:
        case Text(text):
            return text
        case Value():
            filters = "" if node.fallback is None else f" | default: {quoted(node.fallback)}"
            names = {"upper": "upcase", "lower": "downcase", "title": "capitalize"}
            return f"{{{{ {node.field}{filters}{f' | {names[node.case]}' if node.case else ''} }}}}"
        case If():
            parts: list[str] = []
            for number, branch in enumerate(node.branches):
                parts.append(f"{{% {'elsif' if number else 'if'} {_condition_text(branch.condition)} %}}")
                parts.append(write(branch.nodes))
            if node.otherwise is not None:
                parts += ["{% else %}", write(node.otherwise)]
            return "".join([*parts, "{% endif %}"])
        case Each():
            return f"{{% for {node.name or 'item'} in {node.field} %}}{write(node.nodes)}{{% endfor %}}"


def _condition_text(condition: Condition) -> str:
    return (" or " if condition.any else " and ").join(_test_text(test) for test in condition.tests)


def _test_text(test: Test) -> str:
    if test.operator == "is":
        return f"{test.field} == blank" if test.negated else test.field
    word = {"=": "!=", "!=": "="}.get(test.operator, test.operator) if test.negated else test.operator
    shown = test.value if re.fullmatch(r"-?\d+(\.\d+)?", test.value) else quoted(test.value)
    return f"{test.field} {'==' if word == '=' else word} {shown}"


def quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'
