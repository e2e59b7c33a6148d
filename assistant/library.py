"""What the house knows by meaning: texts turned into vectors by the embedding model that is active, if there is one."""

from dataclasses import dataclass

from knowledge.db import Database
from knowledge.embeddings.models import QueryVector
from knowledge.people.models import Caller


@dataclass(frozen=True)
class HouseLibrary:
    """``tools.spec.Library`` over the embedding model of the settings."""

    db: Database

    async def embed(self, caller: Caller, texts: list[str]) -> list[QueryVector] | None:
        return None
