"""The words of a piece, whatever its format."""

import re
from typing import Any


def text_of(content: dict[str, Any]) -> str:
    """The words a reader gets, whatever the format."""
    for name in ("markdown", "bodyMarkdown", "plainText", "text"):
        if isinstance(content.get(name), str):
            return str(content[name])
    return ""


def count_words(text: str) -> int:
    return len(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text))
