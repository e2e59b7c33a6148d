"""Word lists by language (``en.toml`` …): what transitions, passives, hype, spam and the rest are told by.

Lists of words are literal; lists under ``[patterns]`` are regular expressions without anchors, matched as whole words in
any case. A language without a file has none, and the rules that need one say that they did not look.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LANGUAGES = ("en", "de", "es", "pt")


@cache
def _table(language: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{language}.toml").read_text("utf-8")) if language in LANGUAGES else {}


@cache
def phrases(language: str, name: str) -> tuple[str, ...]:
    """The list ``name`` of the language: one entry a line, or separated by commas; () when there is none."""
    given: str = _table(language).get(name, "")
    return tuple(part.strip() for line in given.splitlines() for part in line.split(",") if part.strip())


@cache
def pattern(name: str, language: str = "") -> re.Pattern[str] | None:
    """The patterns ``name`` of one language, or of all of them together; None when there are none."""
    wanted = (language,) if language else LANGUAGES
    found = [one for code in wanted for one in _patterns(code, name)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)", re.IGNORECASE) if found else None


def _patterns(language: str, name: str) -> list[str]:
    given: str = _table(language).get("patterns", {}).get(name, "")
    return [line.strip() for line in given.splitlines() if line.strip()]


@cache
def one_of(language: str, name: str) -> re.Pattern[str] | None:
    """Any phrase of a literal list as whole words, in any case, the longest first."""
    found = sorted(phrases(language, name), key=len, reverse=True)
    if not found:
        return None
    spaced = [re.escape(one).replace(r"\ ", r"\s+") for one in found]
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", re.IGNORECASE)
