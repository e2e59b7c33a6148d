"""What changed between two versions of a document, field by field and word by word.

Nothing, empty text and empty lists count as the same. Entries of a list are matched by their identifier
where they have one, so that a change inside an entry is shown as such even when the list was rearranged;
other entries are matched by their content, and one that was edited in its place is compared field by field.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal, cast

from knowledge.artifacts.hashes import canonical_json
from knowledge.artifacts.labels import path_label

Op = Literal["same", "added", "removed"]
#: above this many comparisons the frequent words are set aside, which keeps any two texts comparable in a moment
_MANY_COMPARISONS = 1_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    ``path`` uses the positions of the new version, for something removed those of the old one. ``before``
    is None for something added, ``after`` for something removed. A list that was only rearranged is one
    change of the list.
    """

    path: str
    label: str
    kind: Literal["added", "removed", "changed"]
    before: Any
    after: Any


def compare(old: dict[str, Any] | None, new: dict[str, Any]) -> list[Change]:
    """Return every difference between two stored documents, in the order of the fields; none when they say the same."""
    before = _pruned(old or {})
    return list(_compare("", before, _pruned(new)))


def words(before: str, after: str) -> list[tuple[Op, str]]:
    """Return the texts as spans: "same" and "removed" make up ``before``, "same" and "added" make up ``after``."""
    old, new = _tokens(before), _tokens(after)
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > _MANY_COMPARISONS)
    spans: list[tuple[Op, str]] = []
    for _, i, j, k, m in matcher.get_opcodes():
        if old[i:j] == new[k:m]:
            spans.append(("same", "".join(old[i:j])))
            continue
        if i < j:
            spans.append(("removed", "".join(old[i:j])))
        if k < m:
            spans.append(("added", "".join(new[k:m])))
    return spans


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+\s*|[^\w\s]\s*|\s+", text)


def _is_nothing(value: object) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _pruned(value: Any) -> Any:
    """Return the value without the fields that say nothing; entries of lists stay, so that positions hold."""
    if isinstance(value, dict):
        fields = {key: _pruned(inner) for key, inner in cast("dict[str, Any]", value).items()}
        return {key: inner for key, inner in fields.items() if not _is_nothing(inner)}
    return [_pruned(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value


def _compare(path: str, before: Any, after: Any) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _compare_fields(path, cast("dict[str, Any]", before), cast("dict[str, Any]", after))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _compare_lists(path, cast("list[Any]", before), cast("list[Any]", after))
    elif canonical_json(cast("object", before)) != canonical_json(cast("object", after)):
        yield _change(path, before, after)


def _compare_fields(path: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    gone = [key for key in before if key not in after]
    for key in [*after, *gone]:
        here = f"{path}.{key}" if path else key
        if key not in before or key not in after:
            yield _change(here, before.get(key), after.get(key))
        else:
            yield from _compare(here, before[key], after[key])


def _change(path: str, before: Any, after: Any) -> Change:
    kind = "added" if before is None else "removed" if after is None else "changed"
    return Change(path, path_label(path), kind, before, after)


def _compare_lists(path: str, before: list[Any], after: list[Any]) -> Iterator[Change]:
    key = _identifier([*before, *after])
    if key is not None and all(_all_differ(items, key) for items in (before, after)):
        yield from _compare_by_id(path, key, before, after)
    else:
        yield from _compare_by_content(path, before, after)


def _identifier(items: Sequence[Any]) -> str | None:
    """Return the field that tells the entries apart: "id", else the first "…Id" that all of them have as text."""
    if not items or not all(isinstance(item, dict) for item in items):
        return None
    entries = cast("Sequence[dict[str, Any]]", items)
    names = ["id", *(name for name in entries[0] if name.endswith("Id"))]
    return next((name for name in names if all(isinstance(entry.get(name), str) for entry in entries)), None)


def _all_differ(items: list[Any], key: str) -> bool:
    return len({item[key] for item in items}) == len(items)


def _compare_by_id(path: str, key: str, before: list[Any], after: list[Any]) -> Iterator[Change]:
    old = {item[key]: item for item in before}
    new = {item[key]: item for item in after}
    for position, (name, item) in enumerate(new.items()):
        if name in old:
            yield from _compare(f"{path}.{position}", old[name], item)
        else:
            yield _change(f"{path}.{position}", None, item)
    for position, (name, item) in enumerate(old.items()):
        if name not in new:
            yield _change(f"{path}.{position}", item, None)
    kept_before, kept_after = [name for name in old if name in new], [name for name in new if name in old]
    if kept_before != kept_after:
        yield _change(path, kept_before, kept_after)


def _compare_by_content(path: str, before: list[Any], after: list[Any]) -> Iterator[Change]:
    old, new = [canonical_json(item) for item in before], [canonical_json(item) for item in after]
    if Counter(old) == Counter(new):
        if old != new:
            yield _change(path, before, after)
        return
    came, went = _surplus(new, old), _surplus(old, new)
    edited = [at for at in came if at in went and isinstance(before[at], dict) and isinstance(after[at], dict)]
    for position in edited:
        yield from _compare(f"{path}.{position}", before[position], after[position])
    for position in came:
        if position not in edited:
            yield _entry_change(f"{path}.{position}", "added", after[position])
    for position in went:
        if position not in edited:
            yield _entry_change(f"{path}.{position}", "removed", before[position])


def _entry_change(path: str, kind: Literal["added", "removed"], entry: Any) -> Change:
    before, after = (None, entry) if kind == "added" else (entry, None)
    return Change(path, path_label(path), kind, before, after)


def _surplus(items: list[bytes], other: list[bytes]) -> list[int]:
    """Return the positions of the entries that ``other`` does not have, counting repetitions."""
    left = Counter(other)
    found: list[int] = []
    for position, item in enumerate(items):
        if left[item]:
            left[item] -= 1
        else:
            found.append(position)
    return found
