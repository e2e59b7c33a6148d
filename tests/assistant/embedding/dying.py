"""A process that makes vectors and is killed by itself, with SIGKILL, at the word it was given.

``python -m tests.assistant.embedding.dying <owner url> <app url> <model's folder> <point>``
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from assistant.embedding import worker
from assistant.embedding.room import EmbeddingRoom
from assistant.embedding.settings import EmbeddingSettings
from knowledge.db import Database
from knowledge.embeddings import queries, registry

POINTS = ("registered", "third batch", "indexed", "switching", "switched")
store, index, switch, register = queries.store, registry.index, registry.switch, registry.register


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def arm(point: str) -> None:
    batches = 0

    async def dying_store(*args: Any) -> int:
        nonlocal batches
        batches += 1
        stored = await store(*args)
        if point == "third batch" and batches == 3:
            die()  # stored, not committed
        return stored

    async def dying_register(*args: Any) -> Any:
        model = await register(*args)
        if point == "registered":
            die()
        return model

    async def dying_index(*args: Any) -> None:
        await index(*args)
        if point == "indexed":
            die()

    async def dying_switch(*args: Any) -> None:
        if point == "switching":
            die()
        await switch(*args)
        if point == "switched":
            die()

    worker.BATCH = 8
    queries.store, registry.register, registry.index, registry.switch = (
        dying_store, dying_register, dying_index, dying_switch,
    )  # fmt: skip


async def main(owner_url: str, app_url: str, folder: str, point: str) -> None:
    arm(point)
    db = Database(app_url)
    await db.open()
    await worker.Embedding(db, owner_url, EmbeddingRoom(EmbeddingSettings(folder=Path(folder)), db, None)).once()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
