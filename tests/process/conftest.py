"""A data folder that the database's own user can reach, and nothing left running in it afterwards."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.model_server.fixture import model_server, provider
from tests.process.product import postmaster

__all__ = ["model_server", "provider"]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One folder a file of tests, with a space in its path; the first to start in it sets it up."""
    yield from _folder()


@pytest.fixture
def new_home() -> Iterator[Path]:
    yield from _folder()


def _folder() -> Iterator[Path]:
    outside = Path(tempfile.mkdtemp(prefix="adroom-test-"))
    outside.chmod(0o755)
    folder = outside / "my data"
    yield folder
    if (left := postmaster(folder)) is not None:
        with suppress(ProcessLookupError):
            os.kill(left, signal.SIGQUIT)
    shutil.rmtree(outside, ignore_errors=True)
