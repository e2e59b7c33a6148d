"""Embedding models as the registry knows them, and a question turned into a vector."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from knowledge.db import Row

Provider = Literal["openai", "onnx"]
Status = Literal["building", "active", "retired"]


@dataclass(frozen=True)
class QueryVector:
    """A question as the model ``model_id`` (embedding_models.id) sees it; ``values`` have length 1 (L2 norm).

    ``model``: the model's name at the endpoint, or its folder.
    """

    model_id: int
    values: tuple[float, ...]
    model: str = ""

    @property
    def known_as(self) -> str:
        """The model's name for people: of a folder, its last part."""
        return self.model.rstrip("/").rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Wanted:
    """A model as the settings name it. ``name``: at the endpoint, or the folder; ``revision``: a local file's SHA-256."""

    provider: Provider
    name: str
    revision: str
    dimensions: int


class EmbeddingModel(Row):
    """``recall``: recall@10 of its index against an exact scan, when it was switched to; None without a measurement."""

    id: int
    provider: Provider
    name: str
    revision: str
    dimensions: int
    status: Status
    recall: Decimal | None
    created_at: datetime
    activated_at: datetime | None
    retired_at: datetime | None

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.provider, self.name, self.revision, self.dimensions)


class Passage(Row):
    """A passage that has no vector yet."""

    id: UUID
    content_hash: bytes
    text: str
