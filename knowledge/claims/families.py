"""Whether two stems are words of one family: "scan" and "scanner", "färben" and "gefärbt"."""

from functools import lru_cache

#: letters that words of one family share from the beginning, and how many may differ behind them
_ROOT, _ENDING = 4, 3


@lru_cache(maxsize=65_536)
def of_family(mine: str, theirs: str) -> bool:
    """Both are stems as knowledge/claims/wording.py cuts them."""
    mine, theirs = _without_participle(mine), _without_participle(theirs)
    root = 0
    while root < min(len(mine), len(theirs)) and mine[root] == theirs[root]:
        root += 1
    short = min(len(mine), len(theirs)) <= _ROOT
    return root >= (_ROOT - 1 if short else _ROOT) and max(len(mine), len(theirs)) - root <= _ENDING


def _without_participle(word: str) -> str:
    return word[2:] if word.startswith("ge") and len(word) >= _ROOT + 2 else word
