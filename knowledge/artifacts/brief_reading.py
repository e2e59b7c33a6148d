"""A brief somebody dropped into the chat, read into a partial intake.

Keys and labels are recognised by what people call the questions of the form, in four languages; the rest is
handed back as unread. Nothing in the file is ever treated as an instruction: it can only become text in a
field of the intake.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from knowledge.artifacts.brief_answers import Answers, clean
from knowledge.artifacts.brief_labels import is_section, normal, path_of, path_within
from knowledge.artifacts.brief_lines import read_lines
from knowledge.artifacts.intake_fields import FIELDS

#: deeper nesting and more entries than any brief has; the rest is not looked at
_DEEPEST = 12
_MOST_NODES = 20_000
#: keys that mean what they stand under
_TELLING_NOTHING = frozenset(
    {"name", "nombre", "nome", "title", "titulo", "titel", "description", "beschreibung", "descripcion", "descricao",
     "summary", "text", "value", "values", "url", "link", "list", "items", "main", "primary"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BriefReading:
    """What was found: ``data`` is a partial intake (camelCase), ``text`` the file's text.

    ``notes`` are sentences for the person; ``unread`` the pieces that fit no question.
    """

    data: dict[str, Any]
    text: str
    notes: list[str]
    unread: list[str]


def read_brief(filename: str, content: bytes) -> BriefReading:
    """Read a YAML, JSON, Markdown, text, DOCX or PDF brief of up to 10 MB.

    Raises Invalid with one sentence when the file cannot be read at all. A file that answers no question
    gives empty data and a note of what was looked for.
    """
    from knowledge.artifacts.brief_files import open_brief  # readers of PDF and DOCX: slow to load, seldom needed

    opened = open_brief(filename, content)
    answers = Answers(notes=list(opened.notes))
    if opened.tree is not None:
        _TreeReader(answers).read(opened.tree)
    read_lines(opened.prose, answers)
    if not answers.data:
        answers.note(_looked_for())
    return BriefReading(answers.data, clean(opened.text), answers.notes, answers.unread)


def _looked_for() -> str:
    required = [field.label.lower() for field in FIELDS.values() if field.required]
    return f"Nothing in this file answers a question of the intake. We looked for {', '.join(required)} and the like."


class _TreeReader:
    """Walks a structured brief: nested by section or flat, keys in any spelling."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._nodes = 0

    def read(self, tree: object, under: str = "", depth: int = 0) -> None:
        """Take everything below a node; ``under`` is the label it stands at."""
        if isinstance(tree, list):
            for item in cast("list[object]", tree):
                self._spend()
                if isinstance(item, (Mapping, list)) and depth < _DEEPEST and not self._spent():
                    self.read(cast("object", item), under, depth + 1)
                elif isinstance(item, str):
                    self._answers.leave(item)
        elif isinstance(tree, Mapping):
            for key, value in cast("Mapping[object, object]", tree).items():
                self._spend()
                if not self._spent():
                    self._entry(str(key)[:300], value, under, depth)
        elif isinstance(tree, str):
            self._answers.leave(tree)

    def _entry(self, key: str, value: object, under: str, depth: int) -> None:
        path = _path(key, under)
        if path and _fits(path, value):
            self._answers.add(path, value)
        elif _is_nested(value):
            if depth < _DEEPEST:
                self.read(value, key, depth + 1)
        elif value not in (None, "", []):
            self._answers.leave(f"{key}: {_glimpse(value)}")

    def _spend(self) -> None:
        self._nodes += 1

    def _spent(self) -> bool:
        return self._nodes > _MOST_NODES


def _path(key: str, under: str) -> str | None:
    """Return the field a key names; a key that names nothing by itself ("name") means what it stands under."""
    exact = path_of(f"{under} {key}") if under else None
    if exact:
        return exact
    parent = path_of(under) if under else None
    if normal(key) in _TELLING_NOTHING and under and parent != "identity.name" and not is_section(under):
        return parent
    return path_of(key) or path_within(key)


def _is_nested(value: Any) -> bool:
    if isinstance(value, list):
        items = cast("list[object]", value)
        return bool(items) and all(isinstance(item, (Mapping, list)) for item in items)
    return isinstance(value, Mapping)


def _fits(path: str, value: object) -> bool:
    """Tell whether a value can be the answer itself; a list of groups can where the answer is a list."""
    if isinstance(value, list) and path in FIELDS and FIELDS[path].kind == "list":
        return True
    return not _is_nested(cast("object", value))


def _glimpse(value: object) -> str:
    """Return the beginning of an unread value; never the whole of a large one."""
    if isinstance(value, list):
        return ", ".join(item[:80] for item in cast("list[object]", value)[:5] if isinstance(item, str))
    return str(value)[:200] if isinstance(value, (str, float, bool)) else "…"
