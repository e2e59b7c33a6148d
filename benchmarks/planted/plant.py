"""One plant, and what several share."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.planted.pieces import LANGUAGES, Given

Change = Callable[[Given], None]


@dataclass(frozen=True)
class Plant:
    """``break_it`` breaks ``rule`` in a clean piece of ``kind``; ``twin`` changes it alike and breaks nothing."""

    rule: str
    kind: str
    break_it: Change
    twin: Change | None = None
    also: tuple[str, ...] = ()
    languages: tuple[str, ...] = LANGUAGES


def put(key: str, value: object) -> Change:
    def change(given: Given) -> None:
        given.content[key] = value

    return change


def swap(key: str, old: str, new: str) -> Change:
    """Replace the first ``old`` in a part, which must be there."""

    def change(given: Given) -> None:
        assert old in given.content[key], (key, old, given.language)
        given.content[key] = given.content[key].replace(old, new, 1)

    return change


def body(edit: Callable[[str], str]) -> Change:
    """Change the body, Markdown of an article or an email."""

    def change(given: Given) -> None:
        key = "markdown" if "markdown" in given.content else "bodyMarkdown"
        before = given.content[key]
        given.content[key] = edit(before)
        assert given.content[key] != before, given.language

    return change


def both(*changes: Change) -> Change:
    def change(given: Given) -> None:
        for one in changes:
            one(given)

    return change
