"""A desk for the organisation's client."""

import pytest

from knowledge.db import Database
from tests.conftest import People
from tests.knowledge.desk import Desk, open_desk


@pytest.fixture
async def desk(db: Database, people: People) -> Desk:
    return await open_desk(db, people)
