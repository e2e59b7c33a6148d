"""Carrying out a reviewer's change requests on the previous version of a document, and accounting for each.

A request counts as answered only when the document is different afterwards in the way that was asked, or when it
already was that way and the account says so. Customers' words are never touched.
"""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from assistant.models.offline.compose.change_requests import Request
from assistant.models.offline.compose.intake_reading import phrase_of
from assistant.models.offline.compose.sources import Document
from assistant.models.offline.compose.wording import clip, closed, fold, sentences, slug, tidy, words
from knowledge.json_values import as_list, as_object

#: parts that hold customers' own words or identifiers, and stay as they are
UNTOUCHED = frozenset({
    "voiceOfCustomer", "clientId", "id", "offerId", "icpId", "evidence", "evidenceIds", "metricId", "kpiMetricId",
    "quoteIds", "contentPatterns", "source", "eventId", "stageId", "url",
})  # fmt: skip

Change = Callable[["Revision", Request], bool]


@dataclass(frozen=True)
class Fields:
    """Which parts of a document the nouns of a note name.

    ``lists`` maps a noun to the path of a list and what makes an entry of a phrase; ``texts`` to the path of a text.
    ``special`` holds changes that need to know the document.
    """

    lists: dict[str, tuple[str, Callable[[str], Any]]] = field(default_factory=dict)  # type: ignore[assignment]
    texts: dict[str, str] = field(default_factory=dict[str, str])
    special: dict[str, Change] = field(default_factory=dict[str, Change])


@dataclass
class Revision:
    """A document being revised. ``answered`` and ``unanswered`` hold sentences for the reviewer."""

    data: Document
    fields: Fields
    answered: list[str] = field(default_factory=list[str])
    unanswered: list[str] = field(default_factory=list[str])
    #: set by a change that found everything as it was asked to be
    settled: bool = False
    #: set by a change that knows why it cannot be made
    refused: str = ""

    def refuse(self, why: str) -> bool:
        self.refused = why
        return False

    def settle(self, why: str) -> bool:
        """Count a request as answered although nothing had to change; ``why`` tells the reviewer."""
        self.settled = True
        self.answered.append(why)
        return True

    def carry_out(self, requests: list[Request]) -> None:
        for request in requests:
            before = copy.deepcopy(self.data)
            says = len(self.answered)
            self.settled, self.refused = False, ""
            done = self._special(request) or self._general(request)
            if done and (self.settled or self.data != before):
                if len(self.answered) == says:
                    self.answered.append(f"Done as asked: “{request.text}”.")
            else:
                del self.answered[says:]
                why = self.refused or "The offline writer could not tell what to change."
                self.unanswered.append(f"Not done: “{request.text}”. {why}")

    def _special(self, request: Request) -> bool:
        for key in (f"{request.op}.{request.target}", request.op):
            change = self.fields.special.get(key)
            if change and change(self, request):
                return True
        return False

    def _general(self, request: Request) -> bool:
        if request.op == "add":
            return self.add(request.target, request.value)
        if request.op == "remove":
            return self.remove(request.target, request.value)
        if request.op == "replace":
            return self.replace(request)
        return request.op == "shorten" and self.shorten(request.target)

    def add(self, target: str, value: str) -> bool:
        if target not in self.fields.lists or not value:
            return False
        path, make = self.fields.lists[target]
        items = as_list(self.at(path))
        items.append(make(value))
        self.put(path, items)
        self.answered.append(f"Added the {target} “{value}”.")
        return True

    def remove(self, target: str, value: str) -> bool:
        if len(value) < 2:
            return False
        start = self.fields.lists[target][0] if target in self.fields.lists else ""
        gone = _without(self.at(start) if start else self.data, value)
        if gone:
            self.answered.append(f"Took out “{value}” ({gone} {'entry' if gone == 1 else 'entries'}).")
        return gone > 0

    def replace(self, request: Request) -> bool:
        path = self.fields.texts.get(request.target)
        if path and request.new and not request.value:
            self.put(path, request.new)
            self.answered.append(f"Set the {request.target} to “{request.new}”.")
            return True
        if not request.value or not request.new:
            return False
        changed = _replaced(self.data, request.value, request.new)
        if changed:
            self.answered.append(f"Replaced “{request.value}” with “{request.new}” ({changed} times).")
        return changed > 0

    def shorten(self, target: str) -> bool:
        path = self.fields.texts.get(target)
        text = phrase_of(self.at(path)) if path else ""
        shorter = shortened(text)
        if not path or len(shorter) >= len(text):
            return False
        self.put(path, shorter)
        self.answered.append(f"Shortened the {target} to “{shorter}”.")
        return True

    def at(self, path: str) -> Any:
        here: Any = self.data
        for key in path.split("."):
            here = as_object(here).get(key) if not key.isdigit() else as_list(here)[int(key)]
        return here

    def put(self, path: str, value: object) -> None:
        *parents, last = path.split(".")
        here: Any = self.data
        for key in parents:
            here = as_list(here)[int(key)] if key.isdigit() else here.setdefault(key, {})
        if last.isdigit():
            here[int(last)] = value
        else:
            here[last] = value


#: what follows these words may be left out of a promise and leave it whole
_CLAUSE_AFTER = re.compile(r"\s(?:so that|even if|damit|auch wenn|para que|aunque|mesmo que)\s", re.IGNORECASE)


def shortened(text: str) -> str:
    """The first sentence; of a single sentence the part before its first mark, or before a clause it can do without."""
    found = sentences(text)
    if len(found) > 1:
        return found[0]
    head = re.split(r"\s+[–—-]\s+|[:;]\s+|,\s+", text, maxsplit=1)[0]
    if head == text:
        head = _CLAUSE_AFTER.split(text, maxsplit=1)[0]
        head = head if len(words(head)) >= 3 else text
    return closed(head) if text.rstrip().endswith(".") else tidy(head)


def _named(item: object, value: str) -> bool:
    document = as_object(item)
    return fold(value) in fold(_headline(document) if document else phrase_of(item))


def _headline(item: Document) -> str:
    keys = ("name", "primary", "channel", "claim", "label", "what", "metricId")
    return " ".join(phrase_of(item.get(key)) for key in keys if item.get(key))


def _without(node: object, value: str) -> int:
    """Take out every list entry that names ``value``, at any depth; how many were taken out."""
    if isinstance(node, list):
        items = cast("list[object]", node)
        kept = [item for item in items if not _named(item, value)]
        gone = len(items) - len(kept)
        items[:] = kept
        return gone + sum(_without(item, value) for item in items)
    return sum(_without(part, value) for key, part in as_object(node).items() if key not in UNTOUCHED)


def _replaced(node: Any, old: str, new: str) -> int:
    pattern = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.IGNORECASE)
    count = 0
    pairs: list[tuple[Any, Any]] = list(enumerate(as_list(node))) or list(as_object(node).items())
    for key, part in pairs:
        if key in UNTOUCHED:
            continue
        if isinstance(part, str):
            node[key], times = pattern.subn(lambda _: new, part)
            count += times
        else:
            count += _replaced(part, old, new)
    return count


def unique_id(text: str, taken: set[str]) -> str:
    """A slug of ``text`` that is not among ``taken``, which it joins."""
    base = slug(clip(text, 60)) or "item"
    name, turn = base, 2
    while name in taken:
        name, turn = f"{base}-{turn}", turn + 1
    taken.add(name)
    return name
