"""The difference between two texts as hunks that can be taken one by one.

What always holds: taking no hunk gives the old text, taking all gives the new one, and hunks never touch each other, so
any choice of them makes a text. A hunk is made of whole sentences, list entries, headings and blank lines.
"""

import re
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

#: a line, or a sentence of one with the space after it
_SENTENCE = re.compile(r"[^\n]*?(?:[.!?…。！？]+[\"'”’»)\]*_]*(?=\s)[ \t]*|\n|$)")
#: above this many units times units the frequent ones are set aside
_MANY = 4_000_000


class Hunk(BaseModel):
    """One change: characters ``start`` to ``end`` of ``part`` read ``before`` and would read ``after``.

    ``why``: what it is for, when who proposed it said so.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)

    id: str
    part: str
    start: int
    end: int
    before: str
    after: str
    why: str = ""


def units(text: str) -> list[str]:
    """The text in sentences and lines; joined they are the text."""
    return [unit for unit in _SENTENCE.findall(text) if unit]


def hunks(before: str, after: str, part: str = "markdown") -> list[Hunk]:
    """What has to change in ``before`` to read ``after``, in its order."""
    old, new = units(before), units(after)
    starts = _starts(old)
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > _MANY)
    found = [
        Hunk(id="", part=part, start=starts[i], end=starts[j], before="".join(old[i:j]), after="".join(new[k:m]))
        for tag, i, j, k, m in matcher.get_opcodes()
        if tag != "equal"
    ]
    return [hunk.model_copy(update={"id": f"{part}-{number}"}) for number, hunk in enumerate(_parted(found), 1)]


def _parted(found: list[Hunk]) -> Iterator[Hunk]:
    """A hunk of several sentences whose counts are equal is one hunk a sentence, but for white space between them."""
    for hunk in found:
        old, new = units(hunk.before), units(hunk.after)
        if (
            len(old) != len(new)
            or len(old) < 2
            or any(_is_space(a) != _is_space(b) for a, b in zip(old, new, strict=True))
        ):
            yield hunk
            continue
        at = hunk.start
        for was, becomes in zip(old, new, strict=True):
            if was != becomes:
                yield hunk.model_copy(update={"start": at, "end": at + len(was), "before": was, "after": becomes})
            at += len(was)


def taken(before: str, found: Collection[Hunk], ids: Collection[str]) -> str:
    """``before`` with the hunks of these ids in it. ``found``: those of one part. Raises ValueError when they do not fit."""
    wanted = sorted((hunk for hunk in found if hunk.id in ids), key=lambda hunk: (hunk.start, hunk.end))
    text, at = "", 0
    for hunk in wanted:
        if hunk.start < at or before[hunk.start : hunk.end] != hunk.before:
            raise ValueError(f"hunk {hunk.id} does not fit")
        text += before[at : hunk.start] + hunk.after
        at = hunk.end
    return text + before[at:]


def _starts(parts: list[str]) -> list[int]:
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part))
    return starts


def _is_space(text: str) -> bool:
    return not text.strip()
