"""A whole export comes in without filling the machine: 20,000 ads, or 100,000 when ``ADROOM_TEST_LARGE`` is set."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import anyio.to_thread
import pytest

from knowledge.db import Database
from tests.conftest import People, TestDatabase
from tests.knowledge.imports import files
from tests.knowledge.imports.coming_in import Shelf

LARGE = bool(os.environ.get("ADROOM_TEST_LARGE"))
ADS = 100_000 if LARGE else 20_000
#: MB that bringing a file in may take, the interpreter and its imports included; the rest of the house has about 220
MEMORY = 250
#: about what an ad of a real export has beside its texts
MORE = {"ad_library_object": {"snapshot": {"cards": [{"link": "https://shop.example/" + "x" * 60}] * 15}}}


@pytest.mark.slow
@pytest.mark.timeout(1800 if LARGE else 300)
async def test_a_whole_export_comes_in_with_little_memory(
    db: Database, database: TestDatabase, people: People, tmp_path: Path
) -> None:
    shelf = Shelf(db, people, tmp_path)
    row = await shelf.open(b"written below")
    path = shelf.paths[row.id]
    _write(path)
    command = [sys.executable, "-m", "tests.knowledge.imports.in_process"]
    command += [database.app_url, str(people.org_id), str(row.id), str(path)]

    def bring() -> dict[str, Any]:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1800)
        return cast("dict[str, Any]", json.loads(done.stdout))

    cost = await anyio.to_thread.run_sync(bring)
    assert (cost["rows"], cost["new"]) == (ADS, ADS)
    assert cost["memory"] < MEMORY, cost


def _write(path: Path) -> None:
    """Ads with bodies of a few hundred letters; one in fifty says what the others of it say."""
    with path.open("w") as file:
        file.write("[")
        for at in range(ADS):
            words = " ".join(
                f"{word}{(at * place) % 1_000_003}" for place, word in enumerate(["calm", "blade", "skin"] * 15, 7)
            )
            body = (
                "The same calm words that many brands would use of an evening, again and again."
                if at % 50 == 0
                else words
            )
            entry = {
                **files.ad(at, body=body, **MORE),
                "brand": {"external_id": f"b{at % 3000}", "name": f"Brand {at % 3000}"},
            }
            file.write(",\n" * bool(at) + json.dumps(entry))
        file.write("]")
