"""kill -9 at every point of a switch, while people search: every answer is of one model, and the next process goes on."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from knowledge.db import Database
from knowledge.search.models import Found
from tests.assistant.embedding.conftest import Meaning
from tests.assistant.embedding.dying import POINTS
from tests.assistant.embedding.test_worker import ask, rows, shelf
from tests.conftest import People, TestDatabase
from tests.knowledge.search.shelf import Shelf

__all__ = ["shelf"]


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
async def test_a_process_killed_in_a_switch_leaves_answers_whole_and_the_next_goes_on(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path, other_folder: Path, point: str
) -> None:
    await Meaning(db, database, folder).worker.once()
    new, answers = Meaning(db, database, other_folder), list[Found]()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.assistant.embedding.dying",
        database.owner_url, database.app_url, str(other_folder), point,
    )  # fmt: skip
    waiting = asyncio.create_task(child.wait())
    while not waiting.done():
        answers.append(await ask(db, people, new, "too expensive"))
        await asyncio.sleep(0.05)
    assert await waiting == -signal.SIGKILL
    answers.append(await ask(db, people, new, "too expensive"))
    assert answers[-1].model == (other_folder.name if point == "switched" else folder.name)
    async with asyncio.timeout(20):
        while (made := await new.worker.once()) is None:  # the dead one's lock goes with its connection
            await asyncio.sleep(0.05)
    assert made == {"registered": 33, "third batch": 33 - 16}.get(point, 0), "what was committed is not made again"
    answers.append(await ask(db, people, new, "too expensive"))
    assert answers[-1].model == other_folder.name
    assert all(found.mode == "hybrid" and shelf.names(found)[0] == "price" for found in answers)
    status = await rows(db, people, "select id, status from embedding_models order by id")
    assert status == [(1, "retired"), (2, "active")]
    assert await rows(db, people, "select count(*), count(distinct chunk_id) from embeddings_2") == [(33, 33)]
