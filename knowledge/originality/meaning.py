"""Where a piece says the same as an ad in other words: its sentences' vectors against those of the library.

An idea that three brands or more have is nobody's. How close is too close is a matter of the model; 0.86 is where
paraphrases of one sentence lie with text-embedding-3-small, and unrelated ads stay below 0.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from knowledge.db import Connection
from knowledge.embeddings.halfvec import halfvec
from knowledge.embeddings.models import QueryVector
from knowledge.originality import queries
from knowledge.originality.models import Closeness
from knowledge.search.chunking import split_sentences

#: cosine from which on two say the same
TOO_CLOSE = 0.86
#: words that a passage has at least, so that it says something of its own; passages looked at
SHORTEST, MOST = 7, 120
#: ads that are looked at for each passage
NEAREST = 6
COMMON_BRANDS = 3


@dataclass(frozen=True, slots=True)
class Passage:
    """``text`` stands in the piece from ``start`` on (characters)."""

    text: str
    start: int


def passages(text: str) -> list[Passage]:
    """The sentences that are long enough, where they stand word for word."""
    found: list[Passage] = []
    at = 0
    for line in text.split("\n"):
        for sentence in split_sentences(line):
            start = text.find(sentence, at)
            if start < 0:
                continue
            at = start + len(sentence)
            if len(sentence.split()) >= SHORTEST:
                found.append(Passage(sentence, start))
    return found[:MOST]


async def compare_meaning(
    conn: Connection, client_id: UUID, said: Sequence[Passage], vectors: Sequence[QueryVector]
) -> list[Closeness]:
    """The passages that say what an ad says, the closest first; one finding an ad."""
    near = [await queries.nearest(conn, vector.model_id, halfvec(vector.values), NEAREST) for vector in vectors]
    close = [[(id, alike) for id, alike in found if alike >= TOO_CLOSE] for found in near]
    ads = await queries.by_id(conn, client_id, [id for found in close for id, _ in found])
    kept: dict[UUID, Closeness] = {}
    for passage, found in zip(said, close, strict=True):
        brands = {ads[id].brand or str(ads[id].swipe_id) for id, _ in found if id in ads}
        if len(brands) >= COMMON_BRANDS:
            continue
        for id, alike in found:
            ad = ads.get(id)
            if ad is None or (ad.swipe_id in kept and kept[ad.swipe_id].amount >= alike):
                continue
            end = passage.start + len(passage.text)
            kept[ad.swipe_id] = Closeness(ad, passage.text, passage.start, end, "meaning", alike)
    return sorted(kept.values(), key=lambda one: (-one.amount, one.candidate.swipe_id))
