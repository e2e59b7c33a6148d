"""The entries of a JSON file, one at a time: a list, one object, one a line, or a list inside an object.

What always holds: at most one entry and one piece of the file are in memory; where the file is broken, the break is
told once, with the place, and reading goes on at the next thing that looks like the entries before it.

The C scanner of the standard library finds where an entry ends and parses it in the same go; that is faster than a
parser of events (about 250 MB/s against 100), and it can start anywhere, which going on after a break needs.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO, cast

from knowledge.imports.readers.source import Unreadable

#: letters of one entry; of the piece read at a time
LONGEST_ENTRY, PIECE = 12_000_000, 1 << 18
#: places tried after breaks, for the file and for each row in it so far, before the rest is given up
MOST_TRIES, MOST_TRIES_A_ROW = 50_000, 50
#: entries without an end after one break before the rest is given up; lists around the entries
MOST_ENDLESS, DEEPEST = 3, 20
#: lists of entries go by these names inside an object
LISTS = frozenset({"data", "ads", "results", "items", "records", "reviews", "rows", "entries", "hits", "creatives"})

CUT_OFF = "the file ends"

_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_BETWEEN = re.compile(r"[ \t\r\n,\ufeff\x1e]*")
_OBJECT = re.compile(r'\{\s*["}]')
#: encodings without their mark, and how long the mark is
_PLAIN = {"utf-8-sig": ("utf-8", 3), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_decoder = json.JSONDecoder(strict=False, parse_constant=lambda _: None)


@dataclass(slots=True)
class Entry:
    """An entry that could be parsed: nearly always a dict. ``letters``: about how long it was."""

    row: int
    value: Any
    letters: int = 0


@dataclass(slots=True)
class Broken:
    """A place that is no JSON; ``byte`` counts from 0."""

    row: int
    byte: int
    problem: str
    excerpt: str
    went_on: bool = False

    @property
    def reason(self) -> str:
        if self.problem.startswith(CUT_OFF):
            return f"The JSON is broken at byte {self.byte:,}: {self.problem}."
        after = "reading went on at the next entry" if self.went_on else "nothing after it could be read"
        return f"The JSON is broken at byte {self.byte:,}: {self.problem}; {after}."


class _Incomplete(Exception):
    """What was read so far ends inside a value; ``otherwise``: what is wrong with it when nothing comes after it."""

    def __init__(self, otherwise: "_Wrong | None" = None) -> None:
        super().__init__()
        self.otherwise = otherwise


class _Wrong(Exception):
    """This is no JSON value."""

    def __init__(self, place: int, problem: str) -> None:
        super().__init__(problem)
        self.place, self.problem = place, problem


class _Window:
    """The piece of the file that is in memory; ``at`` is where reading stands in it."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._encoding, self._before = _PLAIN.get(text.encoding, (text.encoding, 0))
        self.letters, self.at, self.length = "", 0, 0  # length: of the value read last
        self.held: int | None = None
        self.ended = False

    def more(self) -> bool:
        """Read on, dropping what is behind ``at`` (``held``, while something is); False at the end of the file.

        A long entry is read in ever bigger pieces, so that parsing it again from its start stays cheap.
        """
        if self.ended:
            return False
        keep = self.at if self.held is None else self.held
        kept = self.letters[keep:]
        piece = self._text.read(max(PIECE, min(len(kept), LONGEST_ENTRY + PIECE - len(kept))))
        self._before += len(self.letters[:keep].encode(self._encoding, "replace"))
        self.ended = not piece
        self.letters, self.at = kept + (piece.replace("\x00", "") if "\x00" in piece else piece), self.at - keep
        self.held = None if self.held is None else 0
        return not self.ended

    def next_letter(self, passing: "re.Pattern[str]" = _SPACE) -> str:
        """The next one that is not blank (and no comma, when ``_BETWEEN``), without taking it; "" at the end."""
        while True:
            blank = passing.match(self.letters, self.at)
            self.at = blank.end() if blank else self.at
            if self.at < len(self.letters):
                return self.letters[self.at]
            if not self.more():
                return ""

    def value(self) -> Any:
        """The value that starts here. Raises ``_Wrong``; nothing is taken then."""
        while True:
            start = self.at
            try:
                found, self.at = parse(self.letters, start)
            except _Incomplete as incomplete:
                if len(self.letters) - (self.at if self.held is None else self.held) > LONGEST_ENTRY:
                    raise _Wrong(self.at, f"an entry is longer than {LONGEST_ENTRY // 1_000_000} MB") from None
                if not self.more():
                    raise self._ended(incomplete.otherwise, start) from None
                continue
            self.length = self.at - start
            return found

    def _ended(self, otherwise: "_Wrong | None", start: int) -> "_Wrong":
        """What is wrong with the value that nothing comes after; ``start`` is where it began before dropping."""
        if otherwise is None:
            return _Wrong(len(self.letters), f"{CUT_OFF} inside this entry")
        return _Wrong(otherwise.place - start + self.at, otherwise.problem)

    def byte(self, place: int) -> int:
        return self._before + len(self.letters[:place].encode(self._encoding, "replace"))

    def around(self, place: int) -> str:
        return " ".join(self.letters[max(0, place - 60) : place + 60].split())


def parse(letters: str, at: int) -> tuple[Any, int]:
    """The value at ``at`` and where it ends. Raises ``_Incomplete`` or ``_Wrong``."""
    try:
        found, end = _decoder.raw_decode(letters, at)
    except json.JSONDecodeError as wrong:
        here = _Wrong(wrong.pos, _in_words(wrong.msg))
        if not _cut_off(wrong, letters):
            raise here from None
        at_the_end = wrong.msg.startswith("Unterminated string") or wrong.pos >= len(letters.rstrip())
        raise _Incomplete(None if at_the_end else here) from None
    except RecursionError:
        raise _Wrong(at, "it is nested too deeply") from None
    except ValueError:  # a number of thousands of digits
        raise _Wrong(at, "a number in it is too long") from None
    if end == len(letters) and letters[end - 1] not in '}]"':
        raise _Incomplete  # a number may go on
    return found, end


def _cut_off(wrong: json.JSONDecodeError, letters: str) -> bool:
    """The letters may only have ended too early."""
    if wrong.msg.startswith("Unterminated string"):
        return True
    return len(letters.rstrip()) - wrong.pos < 12  # "-Infinity", "\ud83d\ude00"


def _in_words(problem: str) -> str:
    words = {
        "Expecting ',' delimiter": "a comma or a closing bracket is missing",
        "Expecting ':' delimiter": "a colon is missing",
        "Expecting property name enclosed in double quotes": "a name in quotation marks is missing",
        "Expecting value": "a value is missing",
        "Illegal trailing comma before end of object": "there is a comma too many",
        "Illegal trailing comma before end of array": "there is a comma too many",
    }
    if problem.startswith("Invalid"):
        return "there is a backslash where none belongs"
    return words.get(problem, "it cannot be read")


class Entries:
    """Reads a text from its start. ``expected``: names that only entries have; two of them are enough to know one."""

    def __init__(self, text: TextIO, expected: frozenset[str]) -> None:
        self._window = _Window(text)
        self._expected = expected
        self._names: frozenset[str] = frozenset()  # of the entry before
        self._row = self._tries = 0
        self._around: list[str] = []  # the brackets around the entries that are open
        self._lost = False  # the last thing met was a break

    def __iter__(self) -> Iterator[Entry | Broken]:
        try:
            while letter := self._window.next_letter(_BETWEEN):
                yield from self._next(letter)
        except Unreadable as wrong:
            yield self._broken(self._window.at, str(wrong).rstrip("."))
            return
        if self._around and not self._lost:
            end = len(self._window.letters)
            yield self._broken(end, f"{CUT_OFF} before its list is closed; it may have been cut off")

    def _next(self, letter: str) -> Iterator[Entry | Broken]:
        window, inside = self._window, self._around[-1:] or [""]
        if letter in "]}":
            window.at += 1
            del self._around[-1:]
        elif inside == ["{"]:
            yield from self._member()
        elif letter == "[" and len(self._around) < DEEPEST:
            window.at += 1
            self._around.append("[")
        elif letter == "[":
            yield self._after(_Wrong(window.at, "lists are nested too deeply"))
        elif letter == "{" and not self._around and not self._names and self._enter():
            return
        else:
            yield from self._entry()

    def _entry(self) -> Iterator[Entry | Broken]:
        try:
            value = self._window.value()
        except _Wrong as wrong:
            yield self._after(wrong)
            return
        self._lost = False
        page = self._page(value)
        for one in page:
            self._row += 1
            if isinstance(one, dict):
                self._names = frozenset(cast("dict[str, Any]", one))
            yield Entry(self._row, one, self._window.length // len(page))

    def _page(self, value: Any) -> list[Any]:
        """The entries in an object that holds a list of them; anything else is one entry."""
        if isinstance(value, dict) and len(self._expected.intersection(cast("dict[str, Any]", value))) < 2:
            for name, inner in cast("dict[str, Any]", value).items():
                if name.lower() not in LISTS:
                    continue
                if isinstance(inner, list) and inner and isinstance(inner[0], dict):
                    return cast("list[Any]", inner)
                if isinstance(inner, dict) and len(self._expected.intersection(cast("dict[str, Any]", inner))) > 1:
                    return [inner]
        return [value]

    # ------------------------------------------------------------ objects around the entries

    def _enter(self) -> bool:
        """Go into the object here when it holds a list of entries, passing over what comes before the list.

        False, and nothing taken, when it holds none: then it is an entry itself.
        """
        window = self._window
        window.held = window.at
        window.at += 1
        opened = ["{"]
        try:
            while (letter := window.next_letter(_BETWEEN)) == '"':
                name = self._name()
                letter = window.next_letter()
                if letter in "[{" and name.lower() in LISTS:
                    window.at += 1
                    opened.append(letter)
                    if letter == "[" and window.next_letter() in "{]":
                        self._around = opened
                        return True
                    if letter == "[":
                        break
                else:
                    window.value()
        except _Wrong:
            pass
        finally:
            start, window.held = window.held, None
            if not self._around:
                window.at = start or 0
        return False

    def _name(self) -> str:
        """A member's name and the colon after it."""
        name = self._window.value()
        if not isinstance(name, str) or self._window.next_letter() != ":":
            raise _Wrong(self._window.at, "a colon is missing")
        self._window.at += 1
        return name

    def _member(self) -> Iterator[Broken]:
        """What comes after the list in the object around it: another list of entries, or something to pass over."""
        window = self._window
        try:
            name = self._name()
            letter = window.next_letter()
            if name.lower() in LISTS and letter == "[":
                window.at += 1
                self._around.append("[")
            else:
                window.value()
        except _Wrong as wrong:
            yield self._after(wrong)

    # ------------------------------------------------------------ breaks

    def _after(self, wrong: _Wrong) -> Broken:
        """The break, with reading gone on to the next entry."""
        broken = self._broken(wrong.place, wrong.problem)
        self._window.at += 1
        broken.went_on = self._find_next()
        return broken

    def _broken(self, place: int, problem: str) -> Broken:
        self._row += 1
        self._lost = True
        return Broken(self._row, self._window.byte(place), problem, self._window.around(place))

    def _find_next(self) -> bool:
        """Stand at the next thing that is like the entries before; at the end of the file when there is none."""
        window, endless = self._window, 0
        while endless < MOST_ENDLESS and self._tries < MOST_TRIES + MOST_TRIES_A_ROW * self._row:
            self._tries += 1
            if not self._stand_at_object():
                return False
            try:
                value, end = parse(window.letters, window.at)
            except _Wrong:
                window.at += 1
            except _Incomplete:
                if len(window.letters) - window.at > LONGEST_ENTRY or not window.more():
                    endless += 1
                    window.at += 1
            else:
                if self._is_like_an_entry(value) or self._is_page(value):
                    if self._around[-1:] == ["{"]:
                        self._around.append("[")
                    return True
                window.at = end
        self._give_up()
        return False

    def _stand_at_object(self) -> bool:
        window = self._window
        while (found := _OBJECT.search(window.letters, window.at)) is None:
            last = window.letters.rfind("{", max(window.at, len(window.letters) - 1000))
            window.at = len(window.letters) if last < 0 else last
            if not window.more():
                window.at = len(window.letters)
                return False
        window.at = found.start()
        return True

    def _give_up(self) -> None:
        window = self._window
        window.at = len(window.letters)
        while window.more():
            window.at = len(window.letters)

    def _is_page(self, value: Any) -> bool:
        page = self._page(value)
        return page[0] is not value and self._is_like_an_entry(page[0])

    def _is_like_an_entry(self, value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        names = cast("dict[str, Any]", value).keys()
        shared = len(self._names.intersection(names))
        return (shared > 1 and shared * 2 >= len(self._names)) or len(self._expected.intersection(names)) >= 2
