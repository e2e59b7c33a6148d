"""The fixtures, for any conftest to take in: ``from tests.model_server.fixture import model_server, provider``."""

from collections.abc import Iterator

import pytest

from tests.model_server.server import ModelServer


@pytest.fixture(scope="session")
def provider() -> Iterator[ModelServer]:
    """The one server of the test session."""
    with ModelServer() as server:
        yield server


@pytest.fixture
def model_server(provider: ModelServer) -> ModelServer:
    """A provider without a past; it answers "Understood." until the test scripts it."""
    provider.reset()
    return provider
