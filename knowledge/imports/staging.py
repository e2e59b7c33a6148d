"""What the targets of an import share: ids made beforehand, and the word for having been overtaken."""

import os
import time
from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import UUID

from knowledge.db import Connection
from knowledge.imports.models import Counts
from knowledge.search.chunks import ChunkDraft


class Stale(Exception):
    """What was known when the batch was prepared is no longer so: somebody else stored some of it meanwhile."""


@dataclass
class Prepared:
    """A batch without the database: what will come of it, and its passages, made ready at last."""

    counts: Counts = field(default_factory=Counts)
    drafts: list[ChunkDraft] = field(default_factory=list[ChunkDraft])
    chunk_data: bytes = b""


def new_ids(count: int) -> list[UUID]:
    """Time-ordered ids (UUID version 7, RFC 9562): rows of one batch lie together in their index."""
    now = time.time_ns() // 1_000_000
    noise = os.urandom(8 * count)
    ids: list[UUID] = []
    for place in range(count):
        # within a batch the twelve bits after the version count, so that ids rise as the rows do
        high = ((now + place // 4096) << 16) | 0x7000 | (place % 4096)
        low = int.from_bytes(noise[8 * place : 8 * place + 8], "big") & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        ids.append(UUID(int=(high << 64) | low))
    return ids


async def counted(conn: Connection, statement: LiteralString, params: dict[str, Any] | None = None) -> int:
    """Run a statement; how many rows it touched."""
    return (await conn.execute(statement, params)).rowcount
