"""Imported by the process that mortal processes are forked from: the first call of a model costs over a second of
imports and of types being built, which every life would pay again.
"""

import asyncio

from agents import Agent, RunConfig, Runner

from assistant.models.endpoint import Endpoint, open_client
from tests.assistant.at_work import settings_for
from tests.model_server import ModelServer


async def ask_once(provider: str, api: str) -> None:
    settings = settings_for(provider, api).models
    client = open_client(settings)
    agent = Agent(name="warm", instructions="Be brief.", model=Endpoint("test-model", client, settings))
    quietly = RunConfig(tracing_disabled=True)
    await Runner.run(agent, "Hello", run_config=quietly)
    async for _ in Runner.run_streamed(agent, "Hello", run_config=quietly).stream_events():
        pass
    await client.close()


def warm_up() -> None:
    with ModelServer() as server:
        for api in ("responses", "chat_completions"):
            asyncio.run(ask_once(server.base_url, api))


warm_up()
