"""An ad that a piece stands too close to, and the passage."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from knowledge.db import Row


class Candidate(Row):
    """A part of an ad that may have been copied. ``swipe_id``: the ad in the library, ``brand``: who runs it."""

    chunk_id: UUID
    swipe_id: UUID
    text: str
    brand: str | None
    title: str | None
    external_ad_id: str


@dataclass(frozen=True, slots=True)
class Closeness:
    """``passage`` stands in the piece from ``start`` to ``end`` (characters).

    ``by`` words: ``amount`` words in a row are the same; by meaning: ``amount`` is the cosine of the two, 0 to 1.
    """

    candidate: Candidate
    passage: str
    start: int
    end: int
    by: Literal["words", "meaning"]
    amount: float
    #: which share of the ad's text is in the piece, 0 to 1
    share: float = 0.0
