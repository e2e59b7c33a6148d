"""A capable model for the loopback provider: it reads each request as it came over the wire and does the work.

Every request is taken apart into instructions, conversation and tools, and answered by the plan that the asked
agent's offline writer follows, so the product does its whole job over the real endpoint. Run as a process:
``python -m tests.model_server --port 0 --script tests/assistant/honest.py --log calls.jsonl``.
"""

from typing import Any

from assistant.agents.definition import AgentSpec
from assistant.agents.team import TEAM
from assistant.models.offline.talk import HandTo, Item, Move, Say, Talk, Use, read_talk
from tests.model_server import Call, ModelRequest, Reply, say

HANDOFF = "transfer_to_"


def answer(request: ModelRequest) -> Reply:
    """What the agent that the instructions name would say, as far as the request lets it."""
    return _reply(agent_of(request).plan(talk_of(request)))


def agent_of(request: ModelRequest) -> AgentSpec:
    return next(spec for spec in TEAM.values() if request.instructions.startswith(spec.instructions()))


def talk_of(request: ModelRequest) -> Talk:
    handoffs = frozenset(name.removeprefix(HANDOFF) for name in request.tools if name.startswith(HANDOFF))
    tools = frozenset(name for name in request.tools if not name.startswith(HANDOFF))
    return read_talk(request.instructions, _items(request), tools, handoffs)


def task_of(request: ModelRequest) -> str:
    """``planner build_canon`` for a piece of work, ``cmo talk`` for a conversation."""
    order = talk_of(request).order
    return f"{agent_of(request).id} {order.task if order else 'talk'}"


def _reply(move: Move) -> Reply:
    match move:
        case Say(text):
            return say(text)
        case Use(tool, arguments):
            return Reply(calls=(Call(tool, arguments),))
        case HandTo(agent):
            return Reply(calls=(Call(f"{HANDOFF}{agent}"),))


def _items(request: ModelRequest) -> list[Item]:
    """The conversation as Responses puts it; Chat Completions hangs calls on messages and answers them by role."""
    if request.api == "responses":
        given = request.body["input"]
        return [{"role": "user", "content": given}] if isinstance(given, str) else given
    return [item for message in request.body["messages"] for item in _chat_items(message)]


def _chat_items(message: dict[str, Any]) -> list[Item]:
    if message["role"] == "system":
        return []
    if message["role"] == "tool":
        output = {"type": "function_call_output", "call_id": message["tool_call_id"], "output": message["content"]}
        return [output]
    said = [{"role": message["role"], "content": message["content"]}] if message.get("content") else []
    return said + [
        {"type": "function_call", "call_id": call["id"], **call["function"]} for call in message.get("tool_calls") or ()
    ]
