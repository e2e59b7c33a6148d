"""How work is put to a model: a task in words, and the sources fenced as data.

The same text goes to every model, the offline writer included. What stands between the fences is material to work
from; the instructions say that nothing in it is obeyed. A fence cannot be closed from inside: ``<`` of any tag in
the data is escaped as JSON allows.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

CONTEXT = "context"
SOURCES = "sources"

_ORDER = re.compile(
    r"\A# Task: (?P<task>[a-z_]+)\n(?P<words>.*?)\n<data name=\"sources\">\n(?P<data>.*?)\n</data>", re.S
)
_CONTEXT = re.compile(r"<data name=\"context\">\n(?P<data>.*?)\n</data>", re.S)


@dataclass(frozen=True)
class Order:
    """One piece of work: ``task`` (build_canon …), what is asked in words, and the sources."""

    task: str
    words: str
    sources: dict[str, Any]

    def text(self) -> str:
        return f"# Task: {self.task}\n{self.words.strip()}\n{fence(SOURCES, self.sources)}"


def fence(name: str, data: object) -> str:
    """``data`` as JSON between tags that the data itself cannot contain."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str).replace("<", "\\u003c")
    return f'<data name="{name}">\n{text}\n</data>'


def read_order(text: str) -> Order | None:
    found = _ORDER.search(text)
    if found is None:
        return None
    return Order(found["task"], found["words"].strip(), json.loads(found["data"]))


def read_context(instructions: str) -> dict[str, Any]:
    found = _CONTEXT.search(instructions)
    return json.loads(found["data"]) if found else {}
