"""Pieces that were compared with the swipe library by their words only (a person edited them) are compared by meaning.

What always holds: no connection is held while the vectors are made; a piece that changes meanwhile is left for the next
time; each version is compared once.
"""

from assistant.embedding.room import Embedder
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.db import Database
from knowledge.embeddings.models import EmbeddingModel, QueryVector
from knowledge.ids import OrgId
from knowledge.originality import queries
from knowledge.originality import service as originality
from knowledge.originality.meaning import passages


async def compare_pieces(db: Database, org_id: OrgId, model: EmbeddingModel, embedder: Embedder) -> int:
    """How many pieces were compared. Raises BudgetExceeded, Upstream."""
    async with db.org(org_id) as conn:
        waiting = [await assets.get(conn, id) for id in await queries.compared_by_words_only(conn)]
    return sum([await _compare(db, model, embedder, asset) for asset in waiting])


async def _compare(db: Database, model: EmbeddingModel, embedder: Embedder, asset: Asset) -> bool:
    said = passages(originality.piece_text(asset))
    rows = await embedder.embed([passage.text for passage in said]) if said else []
    vectors = [QueryVector(model.id, tuple(row), model.name) for row in rows]
    async with db.org(asset.org_id) as conn:
        now = await assets.get(conn, asset.id)
        if now.version != asset.version:
            return False
        await originality.compare(conn, now, said, vectors)
    return True
