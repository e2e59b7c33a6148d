"""Embedding models as the registry knows them, and a question turned into a vector."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QueryVector:
    """A question as the model ``model_id`` (embedding_models.id) sees it; ``values`` have length 1 (L2 norm)."""

    model_id: int
    values: tuple[float, ...]
