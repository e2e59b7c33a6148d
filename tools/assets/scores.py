"""The score of a piece that people are shown, on the wire: one shape on cards, in lists and in the inbox."""

from typing import Literal

from pydantic import Field

from knowledge.assets.scores import shown
from tools.spec import Wire


class ShownScore(Wire):
    """Of an article or a landing page its content score, of every other piece the mean of what the critics gave it."""

    meaning: Literal["content score", "reviewers"]
    value: float
    of: Literal[10, 100]
    words: str = Field(description="As it is said: “content score 82 of 100”, “reviewers 8.5 of 10”.")


def shown_score(content_score: int | None, reviewers: float | None) -> ShownScore | None:
    """``reviewers``: the critics' mean; None when the piece has neither."""
    found = shown(content_score, reviewers)
    if found is None:
        return None
    return ShownScore(meaning=found.meaning, value=found.value, of=100 if found.of == 100 else 10, words=found.words)
