"""The demo client, briefed or planned, and a provider that does the work it is asked for."""

import pytest

from tests.assistant.at_work import briefed, designed, onboarded, planned
from tests.assistant.honest import answer
from tests.model_server import ModelServer
from tests.model_server.fixture import model_server, provider

__all__ = ["briefed", "designed", "model_server", "onboarded", "planned", "provider"]


@pytest.fixture
def honest(model_server: ModelServer) -> ModelServer:
    model_server.answers(answer)
    return model_server
