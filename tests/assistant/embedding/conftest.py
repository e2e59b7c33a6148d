"""A worker over a model made here, on a real database."""

from pathlib import Path

import pytest

from assistant.embedding.room import EmbeddingRoom
from assistant.embedding.settings import EmbeddingSettings
from assistant.embedding.worker import Embedding
from assistant.library import HouseLibrary
from knowledge.db import Database
from tests.conftest import TestDatabase
from tests.model_server.fixture import model_server, provider
from tests.tiny_model import build

__all__ = ["Meaning", "folder", "model_server", "other_folder", "provider"]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def other_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("other"), seed=2)


class Meaning:
    """The worker and the library of one process, with the model of one folder."""

    def __init__(self, db: Database, database: TestDatabase, folder: Path | None) -> None:
        self.room = EmbeddingRoom(EmbeddingSettings(folder=folder), db, None)
        self.worker = Embedding(db, database.owner_url, self.room)
        self.library = HouseLibrary(db, self.room)
