"""What the house knows by meaning: texts turned into vectors by the embedding model that is active, if there is one."""

from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from assistant.embedding.room import EmbeddingRoom
from knowledge.db import Database
from knowledge.embeddings import queries
from knowledge.embeddings.models import QueryVector
from knowledge.money.models import ScopeKeys
from knowledge.people.models import Caller

#: questions whose vectors are remembered: people ask again while they narrow what they see
REMEMBERED = 500


@dataclass
class HouseLibrary:
    """``tools.spec.Library``. What is remembered is an organisation's own."""

    db: Database
    room: EmbeddingRoom
    _asked: OrderedDict[tuple[UUID, int, str], QueryVector] = field(
        default_factory=OrderedDict[tuple[UUID, int, str], QueryVector]
    )

    async def embed(self, caller: Caller, texts: list[str]) -> list[QueryVector] | None:
        """None when there is no model, or the active one can no longer be reached. Raises BudgetExceeded, Upstream."""
        if not self.room.settings.is_set:
            return None
        async with self.db.org(caller.org_id) as conn:
            model = await queries.active(conn)
        if model is None:
            return None
        keys = [(caller.org_id, model.id, text) for text in texts]
        new = list(dict.fromkeys(text for key, text in zip(keys, texts, strict=True) if key not in self._asked))
        if new:
            payer = ScopeKeys(caller.org_id, caller.user_id, caller.session_id, caller.run_id)
            embedder = await self.room.embedder(model.wanted, payer)
            if embedder is None:
                return None
            for text, values in zip(new, await embedder.embed(new), strict=True):
                self._asked[caller.org_id, model.id, text] = QueryVector(model.id, tuple(values), model.name)
        found = [self._asked[key] for key in keys]
        for key in keys:
            self._asked.move_to_end(key)
        while len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        return found
