"""The demo client at its stages, for commands."""

from tests.assistant.at_work import briefed, onboarded, planned
from tests.model_server.fixture import model_server, provider

__all__ = ["briefed", "model_server", "onboarded", "planned", "provider"]
