"""Reading a brief that is prose: headings, "Label: value" lines, bullet lists and two-column tables.

A line is only ever taken as words about the field it stands under; what it says is never acted on.
"""

import re
from dataclasses import dataclass

from knowledge.artifacts.brief_answers import Answers
from knowledge.artifacts.brief_labels import is_section, path_of, path_within

#: more lines than any brief has
MOST_LINES = 10_000

_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*")
_BULLET = re.compile(r"(?:[-*+•‣◦–]|\d{1,2}[.)]|\[[ xX]?\])\s+(.+)")
_LABELLED = re.compile(r"([^:：]{1,80}?)\s*[:：]\s*(.*)")
_ROW = re.compile(r"\|?([^|]+)\|([^|]+)\|?")
_RULE = re.compile(r"[-=_*|:\s]{3,}")
_MARKS = re.compile(r"\*\*|__|`")


@dataclass(slots=True)
class _Open:
    """The field whose lines are being read, and whether its value began beside its label."""

    path: str
    lines: list[str]
    beside: bool
    gap: bool = False


class LineReader:
    """Reads lines one by one into ``answers``; call ``finish`` after the last."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._open: _Open | None = None

    def read(self, line: str) -> None:
        """Take the next line."""
        text = line.strip()
        if not text:
            self._blank()
            return
        if _RULE.fullmatch(text):
            return
        heading = len(text) <= 300 and (
            _HEADING.fullmatch(text) or re.fullmatch(r"(?:\*\*|__)([^*_]{1,80}?):?(?:\*\*|__):?", text)
        )
        if heading:
            self._heading(_MARKS.sub("", heading[1]))
            return
        bullet = _BULLET.fullmatch(text)
        words = _MARKS.sub("", bullet[1] if bullet else text).strip()
        if not self._labelled(words, bool(bullet)) and not self._row(words):
            self._words(words, bool(bullet))

    def finish(self) -> None:
        """Hand over the field that is open."""
        if self._open:
            self._answers.add(self._open.path, self._open.lines)
        self._open = None

    def _heading(self, label: str) -> None:
        self.finish()
        labelled = _LABELLED.fullmatch(label)
        if labelled and labelled[2] and (path := path_of(labelled[1])):
            self._open = _Open(path, [labelled[2]], beside=True)
        elif is_section(label):
            return
        elif path := path_of(label) or path_within(label):
            self._open = _Open(path, [], beside=False)
        else:
            self._answers.leave(label)

    def _labelled(self, words: str, bullet: bool) -> bool:
        """Take "Label: value"; inside a list under a heading, only a label that is known and exact starts a field."""
        found = _LABELLED.fullmatch(words)
        if found is None or words.lower().startswith(("http:", "https:")):
            return self._bare_label(words, bullet)
        label, value = found[1], found[2].strip()
        path = path_of(label) or (None if self._open and bullet else path_within(label))
        if path:
            self.finish()
            self._open = _Open(path, [value] if value else [], beside=bool(value))
            return True
        if not value and is_section(label):
            self.finish()
            return True
        if self._open and self._open.beside and not bullet:
            self.finish()
        return False

    def _bare_label(self, words: str, bullet: bool) -> bool:
        """Take a line that is nothing but a known label, as headings come out of PDFs."""
        if bullet or len(words) > 60 or words.endswith((".", ",", ";")):
            return False
        if is_section(words):
            self.finish()
            return True
        path = path_of(words)
        if path is None or (self._open and self._open.path == path):
            return False
        if self._open and not self._open.lines:
            return False  # an answer of one word, such as "Sales" under "Objective"
        self.finish()
        self._open = _Open(path, [], beside=False)
        return True

    def _row(self, words: str) -> bool:
        row = _ROW.fullmatch(words)
        path = path_of(row[1]) if row else None
        if row is None or path is None:
            return False
        self.finish()
        self._answers.add(path, row[2].strip())
        return True

    def _blank(self) -> None:
        if self._open and self._open.beside and self._open.lines:
            self.finish()
        elif self._open:
            self._open.gap = True

    def _words(self, words: str, bullet: bool) -> None:
        field = self._open
        if field is None:
            self._answers.leave(words)
            return
        if not bullet and not field.gap and field.lines and _goes_on(field.lines[-1], words):
            field.lines[-1] += f" {words}"
        else:
            field.lines.append(words)
        field.gap = False


def _goes_on(line: str, words: str) -> bool:
    """Tell whether a line is the rest of the one before it, broken only by the width of the page."""
    return not line.endswith((".", "!", "?", ";")) and (words[:1].islower() or len(line.split("\n")[-1]) > 60)


def read_lines(text: str, answers: Answers) -> None:
    """Read every line of a text into the answers."""
    reader = LineReader(answers)
    lines = text.splitlines()
    for line in lines[:MOST_LINES]:
        reader.read(line)
    if len(lines) > MOST_LINES:
        answers.note(f"The file is very long; only its first {MOST_LINES:,} lines were read.")
    reader.finish()
