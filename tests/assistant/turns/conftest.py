"""The demo client, and a provider that talks as a capable model would."""

import pytest

from tests.assistant.at_work import briefed, onboarded, planned
from tests.assistant.honest import answer
from tests.model_server import ModelServer
from tests.model_server.fixture import model_server, provider

__all__ = ["briefed", "model_server", "onboarded", "planned", "provider"]


@pytest.fixture
def honest(model_server: ModelServer) -> ModelServer:
    model_server.answers(answer)
    return model_server
