"""Brings one file in, in a process of its own, and prints what it cost: ``python -m … <url> <org> <import> <path>``."""

import asyncio
import json
import sys
import time
from pathlib import Path
from uuid import UUID

from knowledge.db import Database
from knowledge.ids import OrgId
from knowledge.imports import near_duplicates, pipeline
from tests.knowledge.imports.readers.in_process import most_memory


async def main(url: str, org_id: OrgId, import_id: UUID, path: Path) -> None:
    """Prints the rows dealt with, how many are new, seconds, and the most memory it had (MB)."""
    db = Database(url, min_size=1, max_size=4)
    await db.open()
    begun = time.perf_counter()
    row = await pipeline.run_import(db, org_id, import_id, path)
    async with db.org(org_id) as conn:
        linked = await near_duplicates.link(conn, org_id, "swipe", import_id)
    await db.close()
    told = {"rows": row.position, "new": row.rows_new, "linked": linked, "seconds": time.perf_counter() - begun}
    print(json.dumps({**told, "memory": most_memory()}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], OrgId(UUID(sys.argv[2])), UUID(sys.argv[3]), Path(sys.argv[4])))
