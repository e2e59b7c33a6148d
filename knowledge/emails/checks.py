"""What only a rendered email shows: merge tags in every branch, for sample people, and the size of the HTML.

Limit: Gmail shows the first 102 KB of a message and hides the rest, the unsubscribe link with it (notes/standards,
Email; warning from 90 KB). Words, links and pictures are the preflight's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.emails.merge_tags import Dialect, branch_samples, everybody, fill, parse
from knowledge.emails.merge_tags.model import ALWAYS_THERE, Each, If, Node, Parsed, Text, Value
from knowledge.emails.mjml_rules import VOID
from knowledge.emails.models import EmailProblem, Severity

CLIPPED_AT, WARN_AT = 102_000, 90_000
SUBJECT_MOST = 50
#: faults of one kind that are named one by one; more are counted
MOST_NAMED = 50
_PART_WORDS = {"callToAction.label": "button", "callToAction.url": "button’s address", "body": "body"}
_FOREIGN: dict[Dialect, re.Pattern[str]] = {
    "liquid": re.compile(r"\*\|[A-Z][^|*\n]{0,60}\|\*"),
    "handlebars": re.compile(r"\*\|[A-Z][^|*\n]{0,60}\|\*|\{%[^%\n]{0,80}%\}"),
    "mailchimp": re.compile(r"\{\{[^{}\n]{1,80}\}\}|\{%[^%\n]{0,80}%\}"),
}
_NAMES = {"liquid": "Liquid", "handlebars": "Handlebars", "mailchimp": "Mailchimp"}
_HTML_TAG = re.compile(r"<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*?(/?)>", re.S)


@dataclass(frozen=True, slots=True)
class Checked:
    """``parsed``: each part of the email as a tree. ``fields``: those the service has, when somebody said."""

    dialect: Dialect
    parsed: dict[str, Parsed]
    html: str
    fields: frozenset[str] | None
    subjects: list[str]


def check_email(email: Checked) -> list[EmailProblem]:
    return [*check_tags(email), *_size(email.html)]


def check_tags(email: Checked) -> list[EmailProblem]:
    """Merge tags alone, part by part, branch by branch."""
    parts = {**email.parsed, **{f"subjects.{at}": parse(text, email.dialect) for at, text in enumerate(email.subjects)}}
    found: list[EmailProblem] = []
    for part, parsed in parts.items():
        found += _faults(part, parsed, email)
        if parsed.spans and not parsed.faults:
            found += [*_never_shown(part, parsed), *_holes(part, parsed.nodes, frozenset())]
            found += _unknown(part, parsed.nodes, email.fields)
        if part == "subject" or part.startswith("subjects."):
            found += _subject(part, parsed)
    body = email.parsed["body"]
    if not body.faults and any(isinstance(node, (If, Each)) for node in body.nodes):
        found += _torn(parse(email.html, email.dialect).nodes)
    return list(_not_too_many(found))


def _not_too_many(found: list[EmailProblem]) -> Iterator[EmailProblem]:
    """Of one kind in one part, the first ones; the rest as a number."""
    seen: dict[tuple[str, str], list[EmailProblem]] = {}
    for problem in found:
        alike = seen.setdefault((problem.rule, problem.part), [])
        alike.append(problem)
        if len(alike) <= MOST_NAMED:
            yield problem
    for (rule, part), alike in seen.items():
        if len(alike) > MOST_NAMED:
            message = f"{len(alike) - MOST_NAMED} more of the same in the {_PART_WORDS.get(part, part)}."
            yield EmailProblem(rule, alike[0].severity, message, part)


def _faults(part: str, parsed: Parsed, email: Checked) -> Iterator[EmailProblem]:
    for fault in parsed.faults:
        yield _problem("merge.broken", "critical", fault.message, part, fault.text, fault.start, fault.fix)
    for text in _texts(parsed.nodes):
        for found in _FOREIGN[email.dialect].finditer(text):
            message = f"{found[0]} is no tag of {_NAMES[email.dialect]}: people would read it as it stands."
            fix = "Convert the email to the service’s dialect."
            yield _problem("merge.other_dialect", "critical", message, part, found[0], fix=fix)


def _texts(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Text(text):
                yield text
            case If():
                for branch in node.branches:
                    yield from _texts(branch.nodes)
                yield from _texts(node.otherwise or ())
            case Each():
                yield from _texts(node.nodes)
            case Value():
                pass


def _never_shown(part: str, parsed: Parsed) -> Iterator[EmailProblem]:
    for sample in branch_samples(parsed.nodes):
        if sample.person is None:
            message = f"Nobody can ever see this: {sample.why}."
            fix = "Its conditions contradict each other: change one."
            yield _problem("merge.never_shown", "major", message, part, sample.source, sample.start, fix)


def _holes(part: str, nodes: tuple[Node, ...], asked: frozenset[str]) -> Iterator[EmailProblem]:
    """Fields that leave a hole for whoever does not have them: no fallback, and no condition that asks first."""
    for at, node in enumerate(nodes):
        match node:
            case Value() if node.fallback is None and node.field not in asked and node.field not in ALWAYS_THERE:
                around = f"{_tail(nodes, at)}{_head(nodes, at)}".strip()
                message = f"{node.source} is empty for whoever has no {node.field.replace('_', ' ')}: “{around}”."
                fix = "Give it a fallback, or ask for it in a condition."
                yield _problem("merge.no_fallback", "minor", message, part, node.source, node.start, fix)
            case If():
                for branch in node.branches:
                    sure = branch.condition.tests[:1] if branch.condition.any else branch.condition.tests
                    known = frozenset(test.field for test in sure if not test.negated and test.operator != "!=")
                    yield from _holes(part, branch.nodes, asked | known)
                missing = [one.condition.tests[0] for one in node.branches if len(one.condition.tests) == 1]
                there = frozenset(test.field for test in missing if test.negated and test.operator == "is")
                yield from _holes(part, node.otherwise or (), asked | there)
            case Each():
                yield from _holes(part, node.nodes, asked | _entry_fields(node))
            case Text() | Value():
                pass


def _entry_fields(node: Each) -> frozenset[str]:
    """An entry of a list is taken to be whole: what is in it, its sender decides."""
    return frozenset(
        inner.field for inner in node.nodes if isinstance(inner, Value) and inner.field.split(".")[0] == node.name
    )


def _tail(nodes: tuple[Node, ...], at: int) -> str:
    before = nodes[at - 1] if at else None
    return before.text[-24:].rsplit("\n", 1)[-1] if isinstance(before, Text) else ""


def _head(nodes: tuple[Node, ...], at: int) -> str:
    after = nodes[at + 1] if at + 1 < len(nodes) else None
    return after.text[:24].split("\n", 1)[0] if isinstance(after, Text) else ""


def _unknown(part: str, nodes: tuple[Node, ...], fields: frozenset[str] | None) -> Iterator[EmailProblem]:
    if fields is None:
        return
    for node in _values(nodes):
        if node.field not in fields and node.field not in ALWAYS_THERE:
            message = f"The sending service has no field “{node.field}”."
            fix = f"It has: {', '.join(sorted(fields)[:12])}."
            yield _problem("merge.unknown_field", "major", message, part, node.source, node.start, fix)


def _values(nodes: tuple[Node, ...]) -> Iterator[Value]:
    for node in nodes:
        match node:
            case Value():
                yield node
            case If():
                for branch in node.branches:
                    yield from _values(branch.nodes)
                yield from _values(node.otherwise or ())
            case Each() | Text():
                pass


def _subject(part: str, parsed: Parsed) -> Iterator[EmailProblem]:
    """A subject with tags, as each sample person and each branch would get it."""
    if not parsed.spans or parsed.faults:
        return
    people = [(sample.why, sample.person) for sample in everybody(parsed.nodes)[:2]]
    people += [(sample.why, sample.person) for sample in branch_samples(parsed.nodes) if sample.person is not None]
    told: set[str] = set()
    for why, person in people:
        said = " ".join(fill(parsed.nodes, person).split())
        if not said and "empty" not in told:
            told.add("empty")
            yield _problem("merge.empty_subject", "critical", f"Somebody gets no subject at all: {why}.", part)
        if len(said) > SUBJECT_MOST and "long" not in told:
            told.add("long")
            message = f"Somebody gets a subject of {len(said)} characters ({why}): “{said}”."
            yield _problem("merge.subject_length", "minor", message, part, fix=f"At most {SUBJECT_MOST}.")


def _torn(nodes: tuple[Node, ...]) -> Iterator[EmailProblem]:
    """Conditions that open an HTML element they do not close, or the other way round."""
    for node in nodes:
        match node:
            case If():
                bodies = [*(branch.nodes for branch in node.branches), node.otherwise or ()]
            case Each():
                bodies = [node.nodes]
            case Text() | Value():
                continue
        if not all(_balanced(_own_text(body)) for body in bodies):
            message = f"{node.source} begins in one part of the layout and ends in another, so that a branch breaks it."
            fix = "Put the tag and its end each on a line of its own, with empty lines around, or both into one paragraph."
            yield _problem("merge.tears_layout", "critical", message, "body", node.source, -1, fix)
        for body in bodies:
            yield from _torn(body)


def _own_text(nodes: tuple[Node, ...]) -> str:
    return "".join(node.text for node in nodes if isinstance(node, Text))


def _balanced(html: str) -> bool:
    stack: list[str] = []
    for found in _HTML_TAG.finditer(html):
        name = (found[2] or "").lower()
        if not name or found[3] or name in VOID:
            continue
        if not found[1]:
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    return not stack


def _size(html: str) -> Iterator[EmailProblem]:
    size = len(html.encode())
    if size > WARN_AT:
        over = size > CLIPPED_AT
        message = f"The HTML has {size // 1000} KB" + (
            ": Gmail hides the end." if over else ", close to what Gmail shows."
        )
        fix = "Shorten the email, or put part of it on a page."
        yield _problem("size", "critical" if over else "minor", message, "html", fix=fix)


def _problem(
    rule: str, severity: Severity, message: str, part: str, text: str = "", start: int = -1, fix: str = ""
) -> EmailProblem:
    return EmailProblem(f"email.{rule}", severity, message, part, text, start, fix)
