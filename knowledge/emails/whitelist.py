"""Checks MJML against what it allows: misspelled tags and attributes, bad nesting, tags left open, missing texts.

The renderer does none of it. The reader here stops at nothing: every fault is found in one pass, with its place.
"""

import difflib
from html.parser import HTMLParser
from typing import NamedTuple

from knowledge.emails import mjml_rules as rules
from knowledge.emails.models import EmailProblem, Severity


class _Open(NamedTuple):
    tag: str
    start: int


def check_mjml(source: str) -> list[EmailProblem]:
    """Every fault of an MJML document, in order of its place."""
    reader = _Reader(source)
    reader.feed(source)
    reader.finish()
    return sorted(reader.found, key=lambda problem: problem.start)


class _Reader(HTMLParser):
    """``stack``: the tags open at this place. Inside an ending tag only HTML may stand."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[EmailProblem] = []
        self._source = source
        self._stack: list[_Open] = []
        self._line_starts = [0]
        for line in source.split("\n"):
            self._line_starts.append(self._line_starts[-1] + len(line) + 1)
        self._roots = 0

    def set_cdata_mode(self, elem: str, *, escapable: bool = False) -> None:
        """A ``<script>`` hides nothing here."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._opened(tag, attrs)
        if tag not in rules.VOID:
            self._stack.append(_Open(tag, self._place()))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._opened(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in rules.VOID:
            return
        if not any(opened.tag == tag for opened in self._stack):
            self._tell("stray_end", "major", f"</{tag}> closes nothing.", "Remove it, or open the tag before.")
            return
        while (opened := self._stack.pop()).tag != tag:
            self._tell(
                "left_open",
                "critical" if opened.tag.startswith("mj") else "major",
                f"<{opened.tag}> is still open where </{tag}> stands.",
                f"Close it with </{opened.tag}> first.",
                opened.start,
            )

    def handle_data(self, data: str) -> None:
        parent = self._stack[-1].tag if self._stack else ""
        if data.strip() and parent in rules.PARENTS and parent not in rules.ENDING:
            text = " ".join(data.split())[:60]
            fix = "Put it into <mj-text> or <mj-raw>."
            message = f"Text stands directly in <{parent}>, where it is not drawn: “{text}”."
            at = self._source.find(data.strip()[:60], self._place())
            self._tell("loose_text", "critical", message, fix, max(at, self._place()))

    def finish(self) -> None:
        self.close()
        for opened in reversed(self._stack):
            severity: Severity = "critical" if opened.tag.startswith("mj") else "major"
            self._tell("left_open", severity, f"<{opened.tag}> is never closed.", f"Add </{opened.tag}>.", opened.start)
        if not self._roots:
            self._tell("no_root", "critical", "There is no <mjml> around the email.", "Begin with <mjml>.", 0)

    def _opened(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._roots += tag == "mjml"
        within = next((opened.tag for opened in reversed(self._stack) if opened.tag in rules.ENDING), None)
        if tag in rules.PARENTS:
            self._check_place(tag, within)
            self._check_attributes(tag, attrs)
        elif tag.startswith("mj"):
            self._tell("unknown_tag", "critical", f"There is no tag <{tag}> in MJML.", _meant(tag, rules.PARENTS))
        elif within is None:
            parent = self._stack[-1].tag if self._stack else ""
            message = f"<{tag}> stands in <{parent}>, where only MJML can." if parent else f"<{tag}> is no MJML."
            self._tell("html_outside_text", "critical", message, "Put HTML into <mj-text>, <mj-table> or <mj-raw>.")
        elif tag in rules.FORBIDDEN_HTML and not (tag == "link" and within == "mj-raw"):
            self._tell("forbidden_html", "critical", f"<{tag}> is removed or blocked by mail programs.", "Remove it.")
        given = dict(attrs)
        if self._in_defaults():
            return
        if tag in rules.NEEDS_ALT and given.get("alt") is None:
            fix = 'Say what it shows in alt="…"; alt="" if it is only decoration.'
            self._tell("missing_alt", "major", f"A picture (<{tag}>) has no alternative text.", fix)
        if tag == "mj-button" and not (given.get("href") or "").strip():
            self._tell("button_without_link", "major", "A button leads nowhere.", 'Give its address in href="…".')

    def _check_place(self, tag: str, within: str | None) -> None:
        parent = self._stack[-1].tag if self._stack else ""
        if self._in_defaults() and tag not in ("mjml", "mj-head", "mj-body", "mj-attributes"):
            return  # defaults for a tag are written as the tag itself
        if parent.startswith("mj-") and parent not in rules.PARENTS:
            return  # told already, as a tag that is not there
        if within is not None:
            message = f"<{tag}> stands in <{within}>, which holds text and HTML only."
            self._tell("bad_nesting", "critical", message, f"Close <{within}> first.")
        elif parent not in rules.PARENTS[tag]:
            wanted = " or ".join(f"<{name}>" if name else "the beginning" for name in sorted(rules.PARENTS[tag]))
            where = f"<{parent}>" if parent else "the beginning"
            self._tell("bad_nesting", "critical", f"<{tag}> stands in {where}.", f"It belongs in {wanted}.")

    def _check_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = rules.ATTRIBUTES.get(tag, rules.ANY_ATTRIBUTE)
        for name, _ in attrs:
            if name not in allowed:
                message = f"<{tag}> knows no attribute “{name}”."
                self._tell("unknown_attribute", "major", message, _meant(name, allowed, "Remove it."))
        names = [name for name, _ in attrs]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._tell("repeated_attribute", "major", f"<{tag}> has “{name}” twice.", "Keep one.")
        for name in () if self._in_defaults() else rules.NEEDED.get(tag, ()):
            if not (dict(attrs).get(name) or "").strip():
                self._tell("missing_attribute", "critical", f"<{tag}> has no {name}.", f'Add {name}="…".')

    def _in_defaults(self) -> bool:
        return bool(self._stack) and self._stack[-1].tag in ("mj-attributes", "mj-class")

    def _place(self) -> int:
        line, column = self.getpos()
        return self._line_starts[min(line, len(self._line_starts)) - 1] + column

    def _tell(self, rule: str, severity: Severity, message: str, fix: str, start: int | None = None) -> None:
        at = self._place() if start is None else start
        end = self._source.find(">", at)
        span = (
            self._source[at : end + 1] if self._source[at : at + 1] == "<" and end > 0 else self._source[at : at + 60]
        )
        self.found.append(EmailProblem(f"email.mjml.{rule}", severity, message, "mjml", span[:200], at, fix))


def _meant(name: str, known: "frozenset[str] | dict[str, frozenset[str]]", otherwise: str = "Remove it.") -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Did you mean “{near[0]}”?" if near else otherwise
