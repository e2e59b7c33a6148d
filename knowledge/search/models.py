"""What is searched for, and what is found."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from knowledge.db import Row

Kind = Literal["swipe", "client_swipe", "voc", "document"]
Mode = Literal["hybrid", "vector", "lexical"]
Part = Literal["hook", "body", "headline", "script", "quote", "turn", "passage"]


@dataclass(frozen=True)
class Filters:
    """What a hit must fulfil; empty: anything. Several values of one field mean any of them; days are inclusive."""

    client_id: UUID | None = None
    platforms: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    brand_ids: tuple[UUID, ...] = ()
    tags: tuple[str, ...] = ()
    day_from: date | None = None
    day_to: date | None = None
    score_from: float | None = None
    score_to: float | None = None
    parent_ids: tuple[UUID, ...] = ()


class Hit(Row):
    """One parent (an ad, a quote, a document) by its best chunk.

    ``score`` is the fused one (higher is better); ``rank_…`` its place on each leg, from 1; ``similarity`` the cosine.
    """

    chunk_id: UUID
    parent_id: UUID
    kind: Kind
    part: Part
    ordinal: int
    text: str
    score: float
    rank_vector: int | None
    rank_lexical: int | None
    similarity: float | None


@dataclass(frozen=True)
class Found:
    """``corrected``: words as typed -> the brand's word searched instead; ``note``: what a person should know."""

    mode: Mode
    model: str | None
    hits: list[Hit]
    corrected: dict[str, str] = field(default_factory=dict[str, str])
    note: str | None = None
