"""What is in use and whether it answers: for ``GET /api/health`` and the line at the foot of the page."""

import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg

from assistant.house import House
from knowledge.embeddings import queries
from knowledge.runs import workers

VERSION = "0.1.0"
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Health:
    """``facts`` is what the API shows; ``up`` is False when something the product needs does not answer."""

    up: bool
    facts: dict[str, Any]


async def check_health(house: House, embedded: bool) -> Health:
    database = {"kind": "embedded" if embedded else "external", "version": None}
    up, processes, search = True, dict[str, int](), {"search": "lexical", "searchModel": None}
    try:
        database["version"] = await house.db.ping()
        processes, search = await workers.living(house.db), await _search(house)
    except (psycopg.Error, TimeoutError):
        up = False
    models = house.models.describe()
    facts = {
        "status": "ok" if up else "database does not answer",
        "version": VERSION,
        "build": build_hash(),
        "database": database,
        "engine": "dbos",
        "events": house.events.carrier,
        "processes": processes,
        "offline": models.offline,
        "model": models.names["manager"],
        "models": {"offline": models.offline, "names": models.names, "api": models.api, "endpoint": models.endpoint},
        **search,
        "webSearch": house.settings.search.provider,
        "auth": house.settings.auth,
    }
    return Health(up, facts)


async def _search(house: House) -> dict[str, Any]:
    """How the library is searched: ``hybrid`` with a model, ``lexical`` without one or while it is made ready."""
    if not house.settings.embedding.is_set:
        return {"search": "lexical", "searchModel": None}
    async with house.db.pool.connection() as conn:
        model = await queries.active(conn)
    return {"search": "hybrid" if model else "lexical", "searchModel": model.name.rsplit("/", 1)[-1] if model else None}


@lru_cache(maxsize=1)
def build_hash() -> str:
    """The commit this runs from, if it runs from a checkout."""
    try:
        words = ["git", "-C", str(CHECKOUT), "rev-parse", "--short", "HEAD"]
        return subprocess.run(words, capture_output=True, text=True, check=True, timeout=5).stdout.strip()  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return "unknown"
