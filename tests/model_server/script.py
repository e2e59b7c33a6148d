"""What the server answers: replies in a queue, or a function of the request."""

import hashlib
import importlib.util
import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

#: ``unauthorised`` 401 · ``too_many_requests`` 429 · ``no_credit`` 429 · ``server_error`` 500 · ``too_long`` 400 ·
#: ``unknown_model`` 404 · ``cut`` the connection drops in the middle · ``ends_early`` the stream ends cleanly but
#: unfinished · ``malformed`` a 200 whose body is no JSON · ``gave_up`` an error event inside the stream ·
#: ``incomplete`` the length limit was reached · ``no_usage`` complete, but says nothing of usage
Fault = Literal[
    "unauthorised",
    "too_many_requests",
    "no_credit",
    "server_error",
    "too_long",
    "unknown_model",
    "cut",
    "ends_early",
    "malformed",
    "gave_up",
    "incomplete",
    "no_usage",
]


@dataclass(frozen=True)
class Call:
    """A tool call (a handoff is one to ``transfer_to_…``); ``arguments`` as JSON values or as raw text."""

    name: str
    arguments: dict[str, Any] | str = field(default_factory=dict)
    id: str | None = None

    @property
    def raw(self) -> str:
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


@dataclass(frozen=True)
class Reply:
    """One answer. Times in seconds: ``delay`` before the first byte, ``pace`` between two pieces of text.

    Usage is counted from the request and the answer unless given.
    """

    text: str | None = None
    calls: tuple[Call, ...] = ()
    fault: Fault | None = None
    delay: float = 0.0
    pace: float = 0.0
    retry_after: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int = 0


@dataclass(frozen=True)
class ModelRequest:
    """A request of either API in one form. ``messages`` are ``(role, text)``; tool outputs by call id apart."""

    api: Literal["responses", "chat_completions"]
    model: str
    stream: bool
    instructions: str
    messages: tuple[tuple[str, str], ...]
    tool_outputs: dict[str, str]
    tools: tuple[str, ...]
    max_tokens: int | None
    body: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """The same for the same request made again: who answers it twice is paid twice."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def last_user(self) -> str:
        """The person's last words."""
        return next((text for role, text in reversed(self.messages) if role == "user"), "")

    @property
    def last_output(self) -> str | None:
        """What the last tool returned, when the conversation ends with that."""
        return next(reversed(self.tool_outputs.values()), None) if self.tool_outputs else None


Answer = Callable[[ModelRequest], Reply]


class Script:
    """Replies in order, then ``default``; or whatever ``answer`` makes of the request."""

    def __init__(
        self,
        replies: Iterable[Reply] = (),
        *,
        answer: Answer | None = None,
        default: Reply | None = None,
    ) -> None:
        self._queue = deque(replies)
        self._answer = answer
        self._default = default if default is not None else Reply(text="Understood.")

    def add(self, *replies: Reply) -> None:
        self._queue.extend(replies)

    def next(self, request: ModelRequest) -> Reply:
        if self._queue:
            return self._queue.popleft()
        return self._answer(request) if self._answer is not None else self._default

    @classmethod
    def load(cls, path: Path) -> "Script":
        """A ``.json`` list of replies (fields of ``Reply``), or a ``.py`` file with ``answer(request) -> Reply``."""
        if path.suffix == ".py":
            spec = importlib.util.spec_from_file_location("model_server_script", path)
            assert spec is not None and spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return cls(answer=module.answer)
        return cls(reply_from(item) for item in json.loads(path.read_text()))


def reply_from(item: dict[str, Any]) -> Reply:
    known = {spec.name for spec in fields(Reply)}
    assert set(item) <= known, f"a reply has the fields {sorted(known)}"
    calls = tuple(Call(**call) for call in item.get("calls", ()))
    return Reply(**{**item, "calls": calls})


def say(text: str, **more: Any) -> Reply:
    return Reply(text=text, **more)


def tool_call(name: str, call_id: str | None = None, /, **arguments: Any) -> Reply:
    return Reply(calls=(Call(name, arguments, call_id),))


def handoff(agent: str) -> Reply:
    """To the agent called ``agent``, by the SDK's default name of that tool."""
    return Reply(calls=(Call(f"transfer_to_{agent.lower().replace(' ', '_')}"),))


def fault(kind: Fault, **more: Any) -> Reply:
    return Reply(text=more.pop("text", "This is only the beginning of an answer."), fault=kind, **more)
