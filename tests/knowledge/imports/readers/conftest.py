"""A reader of files."""

from pathlib import Path

import pytest

from tests.knowledge.imports.readers.reader import Reader


@pytest.fixture
def given(tmp_path: Path) -> Reader:
    return Reader(tmp_path)
