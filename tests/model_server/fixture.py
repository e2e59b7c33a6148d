"""The fixture, for any conftest to take in: ``from tests.model_server.fixture import model_server``."""

from collections.abc import Iterator

import pytest

from tests.model_server.server import ModelServer


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A provider of this test's own; it answers "Understood." until the test scripts it."""
    with ModelServer() as server:
        yield server
