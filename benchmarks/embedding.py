"""What our way of making vectors costs beside the bare model: the same texts through the worker and through onnxruntime.

No bar is set for it. ``ADROOM_BENCH_EMBEDDING`` names a folder with model.onnx and tokenizer.json; without it the tests'
tiny model stands in, whose own work is next to nothing: then nearly all that is measured is ours, and it says so.
"""

import asyncio
import os
import random
import time
from pathlib import Path
from uuid import uuid4

from assistant.embedding.local import LocalEmbedder
from assistant.embedding.room import EmbeddingRoom
from assistant.embedding.settings import EmbeddingSettings
from assistant.embedding.worker import Embedding
from assistant.library import HouseLibrary
from benchmarks.measure import Comparison, in_turns
from benchmarks.stage import folder, postgres, somebody
from knowledge.db import Database
from knowledge.embedded import EmbeddedPostgres
from knowledge.ids import OrgId
from knowledge.people.models import Caller
from knowledge.search.chunks import ChunkDraft, replace_chunks

TEXTS, ROUNDS, QUESTIONS = 2_000, 5, 100
DRAWN = random.Random(1)
WORDS = ["the", "razor", "for", "quiet", "mornings", "and", "a", "coffee", "that", "is", "not", "too", "expensive"]


def run() -> list[Comparison]:
    with postgres() as server, folder() as place:
        return asyncio.run(_run(server, _model(place)))


def _model(place: Path) -> Path:
    named = os.environ.get("ADROOM_BENCH_EMBEDDING")
    if named:
        return Path(named)
    from tests.tiny_model import build

    print("(the tests' tiny model: its own work is next to nothing) ", end="", flush=True)
    return build(place / "tiny")


async def _run(server: EmbeddedPostgres, model: Path) -> list[Comparison]:
    db = Database(server.app_url)
    await db.open()
    try:
        room = EmbeddingRoom(EmbeddingSettings(folder=model), db, None)
        worker, bare = Embedding(db, server.owner_url, room), LocalEmbedder(model)
        await bare.embed(["loaded"])
        caller = await somebody(db)
        await _fill(db, caller.org_id, _texts())
        await worker.once()
        ours, theirs = await _throughput(db, worker, bare, caller.org_id)
        await worker.once()  # the look that finds nothing missing
        idle = await in_turns({"look": lambda: _look(worker)}, QUESTIONS)
        asked = await _questions(db, room, bare, caller)
    finally:
        await db.close()
    return [
        Comparison("embedding", f"{TEXTS:,} new passages", ours, {"the bare model": theirs}),
        Comparison("embedding", "a look with nothing to do", idle["look"]),
        Comparison("embedding", "a new question", asked["new"], {"the bare model": asked["bare"]}),
        Comparison("embedding", "a question asked before", asked["again"]),
    ]


def _texts() -> list[str]:
    """No two alike, of 6 to 40 words."""
    return [" ".join(DRAWN.choices(WORDS, k=DRAWN.randint(5, 39))) + f" {uuid4().hex}" for _ in range(TEXTS)]


async def _fill(db: Database, org_id: OrgId, texts: list[str]) -> None:
    drafts = [ChunkDraft("swipe", uuid4(), "body", 0, text, language="en") for text in texts]
    async with db.org(org_id) as conn:
        await replace_chunks(conn, org_id, [one.parent_id for one in drafts], drafts)


async def _throughput(
    db: Database, worker: Embedding, bare: LocalEmbedder, org_id: OrgId
) -> tuple[list[float], list[float]]:
    """Milliseconds for all the texts, of the worker (read, embed, store, into the index) and of the model alone."""
    ours, theirs = list[float](), list[float]()
    for _ in range(ROUNDS):
        texts = _texts()
        begun = time.perf_counter()
        await bare.embed(texts)
        theirs.append((time.perf_counter() - begun) * 1000)
        await _fill(db, org_id, texts)
        begun = time.perf_counter()
        made = await worker.once()
        ours.append((time.perf_counter() - begun) * 1000)
        if made != TEXTS:
            raise AssertionError(f"{made} vectors were made of {TEXTS} texts")
    return ours, theirs


async def _look(worker: Embedding) -> None:
    await worker.once()


async def _questions(db: Database, room: EmbeddingRoom, bare: LocalEmbedder, caller: Caller) -> dict[str, list[float]]:
    library = HouseLibrary(db, room)

    async def new() -> None:
        await library.embed(caller, [f"too expensive {uuid4().hex}"])

    async def again() -> None:
        await library.embed(caller, ["too expensive"])

    async def alone() -> None:
        await bare.embed([f"too expensive {uuid4().hex}"])

    return await in_turns({"new": new, "again": again, "bare": alone}, QUESTIONS)
