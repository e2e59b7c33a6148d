"""The two APIs on the wire: reading requests, writing answers whole and as server-sent events."""

import base64
import json
import struct
import time
import zlib
from collections.abc import Iterator
from itertools import count
from typing import Any

from tests.model_server.script import Call, ModelRequest, Reply

_ids = count(1)
Event = tuple[str | None, dict[str, Any] | str]


def read_responses(body: dict[str, Any]) -> ModelRequest:
    given = body.get("input", [])
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    return ModelRequest(
        api="responses",
        model=body["model"],
        stream=bool(body.get("stream")),
        instructions=body.get("instructions") or "",
        messages=tuple((item["role"], _text(item.get("content"))) for item in items if "role" in item),
        tool_outputs={
            item["call_id"]: _text(item["output"]) for item in items if item.get("type") == "function_call_output"
        },
        tools=tuple(tool.get("name", tool["type"]) for tool in body.get("tools") or ()),
        max_tokens=body.get("max_output_tokens"),
        body=body,
    )


def read_chat(body: dict[str, Any]) -> ModelRequest:
    messages = body["messages"]
    return ModelRequest(
        api="chat_completions",
        model=body["model"],
        stream=bool(body.get("stream")),
        instructions="\n".join(_text(m["content"]) for m in messages if m["role"] == "system"),
        messages=tuple((m["role"], _text(m.get("content"))) for m in messages if m["role"] in ("user", "assistant")),
        tool_outputs={m["tool_call_id"]: _text(m["content"]) for m in messages if m["role"] == "tool"},
        tools=tuple(tool["function"]["name"] for tool in body.get("tools") or ()),
        max_tokens=body.get("max_tokens") or body.get("max_completion_tokens"),
        body=body,
    )


def _text(content: Any) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(part.get("text", "") for part in content)


def usage(request: ModelRequest, reply: Reply) -> tuple[int, int, int]:
    """Input, output and cached tokens, at four characters a token."""
    written = (reply.text or "") + "".join(call.raw + call.name for call in reply.calls)
    read = reply.input_tokens if reply.input_tokens is not None else len(json.dumps(request.body)) // 4
    return read, reply.output_tokens if reply.output_tokens is not None else len(written) // 4 + 1, reply.cached_tokens


def pieces(text: str) -> list[str]:
    """Words with the blanks that follow them, as models stream."""
    words = text.split(" ")
    return [word + (" " if index < len(words) - 1 else "") for index, word in enumerate(words)]


# ---------------------------------------------------------------- responses


def responses_body(request: ModelRequest, reply: Reply, output: list[dict[str, Any]], status: str) -> dict[str, Any]:
    body = {
        "id": f"resp_{next(_ids)}",
        "object": "response",
        "created_at": int(time.time()),
        "status": status,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
        "instructions": request.instructions or None,
        "max_output_tokens": request.max_tokens,
        "model": request.model,
        "output": output,
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "store": True,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": None,
        "user": None,
        "metadata": {},
    }
    if status in ("completed", "incomplete") and reply.fault != "no_usage":
        read, written, cached = usage(request, reply)
        body["usage"] = {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": cached},
            "output_tokens": written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + written,
        }
    return body


def responses_output(reply: Reply) -> list[dict[str, Any]]:
    output: list[dict[str, Any]] = []
    if reply.text is not None:
        part = {"type": "output_text", "text": reply.text, "annotations": [], "logprobs": []}
        output.append(
            {
                "id": f"msg_{next(_ids)}",
                "type": "message",
                "status": "completed",
                "role": "assistant",
                "content": [part],
            }
        )
    return output + [_function_call(call) for call in reply.calls]


def _function_call(call: Call) -> dict[str, Any]:
    return {
        "id": f"fc_{next(_ids)}",
        "type": "function_call",
        "status": "completed",
        "call_id": call.id or f"call_{next(_ids)}",
        "name": call.name,
        "arguments": call.raw,
    }


def responses_events(request: ModelRequest, reply: Reply) -> Iterator[Event]:
    number = count()

    def event(kind: str, **data: Any) -> Event:
        return kind, {"type": kind, "sequence_number": next(number), **data}

    output = responses_output(reply)
    running = responses_body(request, reply, [], "in_progress")
    yield event("response.created", response=running)
    yield event("response.in_progress", response=running)
    for index, item in enumerate(output):
        if item["type"] == "message":
            yield from _message_events(event, index, item)
        else:
            yield from _call_events(event, index, item)
    if reply.fault == "gave_up":
        yield event("error", code="server_error", message="The server had an error.", param=None)
    elif reply.fault != "ends_early":
        status = "incomplete" if reply.fault == "incomplete" else "completed"
        done = {**responses_body(request, reply, output, status), "id": running["id"]}
        yield event(f"response.{status}", response=done)


def _message_events(event: Any, index: int, item: dict[str, Any]) -> Iterator[Event]:
    part = item["content"][0]
    place = {"item_id": item["id"], "output_index": index, "content_index": 0}
    opened = {**item, "status": "in_progress", "content": []}
    yield event("response.output_item.added", output_index=index, item=opened)
    yield event("response.content_part.added", **place, part={**part, "text": ""})
    for piece in pieces(part["text"]):
        yield event("response.output_text.delta", **place, delta=piece, logprobs=[])
    yield event("response.output_text.done", **place, text=part["text"], logprobs=[])
    yield event("response.content_part.done", **place, part=part)
    yield event("response.output_item.done", output_index=index, item=item)


def _call_events(event: Any, index: int, item: dict[str, Any]) -> Iterator[Event]:
    place = {"item_id": item["id"], "output_index": index}
    opened = {**item, "status": "in_progress", "arguments": ""}
    yield event("response.output_item.added", output_index=index, item=opened)
    yield event("response.function_call_arguments.delta", **place, delta=item["arguments"])
    yield event("response.function_call_arguments.done", **place, arguments=item["arguments"], name=item["name"])
    yield event("response.output_item.done", output_index=index, item=item)


# ---------------------------------------------------------------- chat completions


def chat_body(request: ModelRequest, reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text, "refusal": None}
    if reply.calls:
        message["tool_calls"] = [_tool_call(call) for call in reply.calls]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(reply)}
    body = {**_chat_head(request, "chat.completion"), "choices": [choice]}
    if reply.fault != "no_usage":
        body["usage"] = _chat_usage(request, reply)
    return body


def chat_events(request: ModelRequest, reply: Reply) -> Iterator[Event]:
    head = _chat_head(request, "chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish: str | None = None) -> Event:
        return None, {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}

    yield chunk({"role": "assistant", "content": "" if reply.text is not None else None})
    for piece in pieces(reply.text or "") if reply.text is not None else ():
        yield chunk({"content": piece})
    for index, call in enumerate(reply.calls):
        whole = _tool_call(call)
        opened = {**whole, "index": index, "function": {"name": call.name, "arguments": ""}}
        yield chunk({"tool_calls": [opened]})
        yield chunk({"tool_calls": [{"index": index, "function": {"arguments": call.raw}}]})
    if reply.fault == "gave_up":
        yield None, {"error": {"message": "The server had an error.", "type": "server_error", "code": None}}
        return
    if reply.fault == "ends_early":
        return
    yield chunk({}, _finish(reply))
    wanted = (request.body.get("stream_options") or {}).get("include_usage")
    if wanted and reply.fault != "no_usage":
        yield None, {**head, "choices": [], "usage": _chat_usage(request, reply)}
    yield None, "[DONE]"


def _chat_head(request: ModelRequest, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{next(_ids)}", "object": kind, "created": int(time.time()), "model": request.model}


def _finish(reply: Reply) -> str:
    if reply.fault == "incomplete":
        return "length"
    return "tool_calls" if reply.calls else "stop"


def _tool_call(call: Call) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.raw}
    return {"id": call.id or f"call_{next(_ids)}", "type": "function", "function": function}


def _chat_usage(request: ModelRequest, reply: Reply) -> dict[str, Any]:
    read, written, cached = usage(request, reply)
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


def embeddings(body: dict[str, Any]) -> dict[str, Any]:
    """As the API gives them: floats, or base64 of little-endian floats when that is asked for; a token a word."""
    size = body.get("dimensions") or 1536
    data: list[dict[str, Any]] = []
    for index, text in enumerate(body["input"]):
        values = [0.0] * size
        for word in text.lower().split():
            values[zlib.crc32(word.strip(".,!?").encode()) % size] += 1.0
        packed: Any = base64.b64encode(struct.pack(f"<{size}f", *values)).decode()
        shown = packed if body.get("encoding_format") == "base64" else values
        data.append({"object": "embedding", "index": index, "embedding": shown})
    tokens = sum(len(text.split()) for text in body["input"])
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": list(reversed(data)), "model": body["model"], "usage": usage}
