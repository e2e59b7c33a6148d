"""A model provider on loopback: the real wire of Responses and Chat Completions, answers written by the test.

``ModelServer`` runs it in a thread; ``python -m tests.model_server`` as a process of its own. Nothing here knows
the product.
"""

from tests.model_server.script import Call, ModelRequest, Reply, Script, fault, handoff, say, tool_call
from tests.model_server.server import ModelServer, Recorded

__all__ = [
    "Call",
    "ModelRequest",
    "ModelServer",
    "Recorded",
    "Reply",
    "Script",
    "fault",
    "handoff",
    "say",
    "tool_call",
]
