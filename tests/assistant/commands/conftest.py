"""The demo client at its stages, for commands."""

from tests.assistant.at_work import briefed, onboarded, planned

__all__ = ["briefed", "onboarded", "planned"]
