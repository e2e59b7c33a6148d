"""What a model is asked, on the wire: to the letter what the SDK would ask, without its look through every schema."""

import json
from typing import Any

import httpx2
import pytest
from agents import ModelSettings, OpenAIChatCompletionsModel, OpenAIResponsesModel
from agents.models.interface import ModelTracing
from openai import AsyncOpenAI, InternalServerError

from assistant.models import endpoint
from assistant.models.settings import Api
from assistant.turns.team import Speaker, build_team

SAID: list[Any] = [
    {"role": "user", "content": "Grüße"},
    {"role": "assistant", "content": "Yes?"},
    {"type": "function_call", "call_id": "1", "name": "list_inbox", "arguments": "{}"},
    {"type": "function_call_output", "call_id": "1", "output": "[]"},
]


@pytest.mark.parametrize("with_tools", [False, True], ids=["no tools", "tools"])
@pytest.mark.parametrize("said", ["Good morning.", SAID], ids=["a sentence", "a conversation"])
@pytest.mark.parametrize("api", ["responses", "chat_completions"])
async def test_the_request_is_the_one_that_the_sdk_would_make(said: Any, with_tools: bool, api: Api) -> None:
    speaker = build_team()["cmo"]
    assert isinstance(speaker, Speaker)
    tools, handoffs = (list(speaker.shelf), list(speaker.handoffs)) if with_tools else ([], [])
    asked: list[dict[str, Any]] = []

    def refuse(request: httpx2.Request) -> httpx2.Response:
        asked.append(json.loads(request.content))
        return httpx2.Response(500, json={"error": {"message": "not today"}})

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(refuse))
    settings = ModelSettings(max_tokens=50, parallel_tool_calls=False, extra_body={"seed": 1})
    theirs = {"responses": OpenAIResponsesModel, "chat_completions": OpenAIChatCompletionsModel}[api]
    plain, client = (
        kind(api_key="sk-test", max_retries=0, http_client=http) for kind in (AsyncOpenAI, endpoint.Client)
    )
    for model in (theirs("m", plain), endpoint.sdk_model("m", client, api)):
        with pytest.raises(InternalServerError):
            await model.get_response(
                *("Be brief.", said, settings, tools, None, handoffs, ModelTracing.DISABLED),
                previous_response_id=None,
                conversation_id=None,
                prompt=None,
            )
    assert asked[0] == asked[1]
    assert len(asked[0].get("tools", [])) == len(tools) + len(handoffs)
