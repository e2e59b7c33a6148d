"""Calls written down: who said what, and when.

Understood are subtitles (WebVTT with ``<v Anna>`` or "Anna:", SRT), "Anna (00:01:23): …", "[00:12] Anna: …",
"00:12 Anna: …", "Anna: …" and a line "Anna  0:12" above what she said. What one speaker says without a break is one turn,
cut at a line when it gets longer than ``LONGEST_TURN``; a row is a turn.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from knowledge.imports.options import Options
from knowledge.imports.readers.plain_text import lines_of
from knowledge.imports.readers.source import open_text
from knowledge.imports.readers.values import LONGEST_TEXT, excerpt
from knowledge.imports.records import Item, QuoteRecord, Rejected

#: letters of one turn
LONGEST_TURN = 20_000

_PLAIN_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:[0-5]\d(?:[.,]\d{1,3})?"
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):([0-5]\d)(?:[.,](\d{1,3}))?")
_CUE = re.compile(rf"(?P<at>{_PLAIN_CLOCK})\s*-->\s*{_PLAIN_CLOCK}.*")
_NAME = r"[^\W\d_][\w.'’&()/\- ]{0,58}?"
_AT = rf"[\[(]?\s?{_PLAIN_CLOCK}\s?[\])]?"
_SAID = re.compile(rf"(?:(?P<at>{_AT})\s?[-–—|]?\s?)?(?P<name>{_NAME})\s?(?P<after>{_AT})?\s?:\s+(?P<text>\S.*)")
_HEAD = re.compile(
    rf"(?P<name>{_NAME})\s{{0,9}}[-–—|·,]?\s{{0,9}}(?P<after>{_AT}):?"
    rf"|(?P<at>{_AT})\s{{0,9}}[-–—|]?\s{{0,9}}(?P<named>{_NAME}):?"
)
_NAME_ALONE = re.compile(rf"(?P<name>{_NAME})\s?:")
_TIMED = re.compile(
    rf"(?:[\[(]\s?(?P<at>{_PLAIN_CLOCK})\s?[\])]|(?P<long>\d{{1,3}}:\d\d:\d\d))\s?[-–—|:]?\s+(?P<text>\S.*)"
)
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?\s+([^<>]{1,100})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,100}>|<\d[\d:.]{0,20}>")


@dataclass(slots=True)
class Line:
    """Something said; None for speaker or time: as before."""

    text: str
    speaker: str | None = None
    at: float | None = None


def read(path: Path, options: Options) -> Iterator[Item]:
    left_out = {name.strip().casefold() for name in options.leave_out_speakers}
    with open_text(path, options.encoding) as text:
        for row, turn in enumerate(_turns(_Said()(lines_of(text))), start=1):
            if turn.speaker and turn.speaker.casefold() in left_out:
                continue
            if len(turn.text) > LONGEST_TEXT:
                size = f"{len(turn.text) / 1e6:.1f} million characters"
                yield Rejected(
                    row, "text", f"is {size} long; the limit is {LONGEST_TEXT // 1_000_000} million", excerpt(turn.text)
                )
            elif any(map(str.isalnum, turn.text)):
                yield QuoteRecord(row, turn.text, turn.speaker, None, None, options.language, [], turn.speaker, turn.at)


def share_said(lines: list[str]) -> tuple[float, int]:
    """How many of the lines belong to a named speaker (0–1), and how many names there are: for telling what a file is."""
    filled = [line.strip() for line in lines if line.strip()]
    names = [name for line in filled if (found := _SAID.fullmatch(line)) and (name := _speaker(found["name"]))]
    heads = [name for line in filled if (found := _HEAD.fullmatch(line)) and (name := _head_name(found))]
    return (len(names) + 2 * len(heads)) / max(len(filled), 1), len({*names, *heads})


def _turns(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines of one speaker after another joined."""
    turn: Line | None = None
    parts: list[str] = []
    letters = 0
    for line in lines:
        same = turn is not None and (line.speaker or turn.speaker) == turn.speaker
        if turn is not None and (not same or letters + len(line.text) > LONGEST_TURN):
            turn.text = " ".join(parts)
            yield turn
            turn, parts, letters = Line("", line.speaker or turn.speaker, line.at), [], 0
        elif turn is None:
            turn = Line("", line.speaker, line.at)
        parts.append(line.text)
        letters += len(line.text) + 1
    if turn is not None:
        turn.text = " ".join(parts)
        yield turn


class _Said:
    """What is said, line by line, in whichever way it is written."""

    def __init__(self) -> None:
        self._speaker: str | None = None
        self._at: float | None = None
        self._number: str | None = None  # a line of digits alone: of a subtitle, when its times follow
        self._skipping = False

    def __call__(self, lines: Iterable[str]) -> Iterator[Line]:
        for given in chain(lines, ("",)):
            line = given.strip()
            before, self._number = self._number, None
            cue = _CUE.fullmatch(line)
            if before is not None and cue is None:
                yield Line(before, self._speaker, self._at)
            if cue is not None:
                self._at = _seconds(cue["at"])
            elif not line:
                self._skipping = False
            elif self._skipping or self._is_setting(line):
                continue
            elif line.isdigit():
                self._number = line
            elif said := self._words(line):
                yield Line(said, self._speaker, self._at)

    def _is_setting(self, line: str) -> bool:
        """A header or a block that nobody says; a block goes to the next blank line."""
        if line.startswith("WEBVTT"):
            return True
        self._skipping = line == "STYLE" or line == "NOTE" or line.startswith(("NOTE ", "REGION"))
        return self._skipping

    def _words(self, line: str) -> str:
        """What is said in the line; "" when it only says who speaks."""
        if voice := _VOICE.search(line):
            self._speaker = voice[1].strip()
            return _TAG.sub("", line).strip()
        if (found := _SAID.fullmatch(line)) and (name := _speaker(found["name"])):
            self._is_now(name, found["at"] or found["after"])
            return _TAG.sub("", found["text"]).strip()
        if (head := _HEAD.fullmatch(line)) and (name := _head_name(head)):
            self._is_now(name, head["after"] or head["at"])
            return ""
        if (alone := _NAME_ALONE.fullmatch(line)) and (name := _speaker(alone["name"])):
            self._is_now(name, None)
            return ""
        if timed := _TIMED.fullmatch(line):
            self._at, line = _seconds(timed["at"] or timed["long"]), timed["text"]
        return _TAG.sub("", line).strip() if "<" in line else line

    def _is_now(self, name: str, clock: str | None) -> None:
        self._speaker = name
        if clock is not None:
            self._at = _seconds(clock)


#: words that stand small in names, and small names that speakers go by
_SMALL = frozenset(
    ["de", "da", "do", "dos", "das", "von", "van", "der", "den", "zu", "of", "the", "el", "la", "y", "e", "und", "and"]
)
_ROLES = frozenset(
    [
        "agent",
        "customer",
        "client",
        "interviewer",
        "interviewee",
        "rep",
        "sales",
        "moderator",
        "host",
        "guest",
        "speaker",
        "support",
        "operator",
        "caller",
        "kunde",
        "kundin",
        "berater",
        "beraterin",
        "verkäufer",
        "interviewerin",
        "sprecher",
        "cliente",
        "vendedor",
        "vendedora",
        "atendente",
        "entrevistador",
        "entrevistadora",
        "entrevistado",
        "agente",
        "asesor",
        "asesora",
    ]
)


def _speaker(name: str) -> str | None:
    """The name, when it can be one: a few words with capitals, or a role. "One more thing: …" is no speaker."""
    plain = name.strip(" ()[]-–—|·,")
    words = plain.split()
    if not 0 < len(words) <= 5 or len(plain) > 50:
        return None
    if words[0].casefold() in _ROLES:
        return plain
    return plain if all(not word[0].isalpha() or word[0].isupper() or word in _SMALL for word in words) else None


def _head_name(found: "re.Match[str]") -> str | None:
    return _speaker(found["name"] or found["named"])


def _seconds(clock: str) -> float | None:
    found = _CLOCK.search(clock)
    if found is None:
        return None
    hours, minutes, seconds, parts = found.groups()
    fraction = int(parts) / 10 ** len(parts) if parts else 0.0
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + fraction
