"""The words of a piece, whatever its format."""

import re
from collections.abc import Iterator
from typing import Any, cast


def text_of(content: dict[str, Any]) -> str:
    """The words a reader gets, whatever the format."""
    if any(name in content for name in _AD):
        return "\n".join(_ad_lines(content))
    for name in ("markdown", "bodyMarkdown", "plainText", "text"):
        if isinstance(content.get(name), str):
            return str(content[name])
    return ""


#: an ad or a script is made of short parts instead of one text
_AD = ("headlines", "primaryText", "introText", "voiceover")
_PARTS = ("hook", "voiceover", "overlayText", "primaryText", "introText", "headline", "headlines", "description",
          "descriptions", "text")  # fmt: skip


def _ad_lines(content: dict[str, Any]) -> Iterator[str]:
    for name in _PARTS:
        value = content.get(name)
        lines = cast("list[Any]", value) if isinstance(value, list) else [value]
        yield from (line for line in lines if isinstance(line, str) and line)


def count_words(text: str) -> int:
    return len(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text))
