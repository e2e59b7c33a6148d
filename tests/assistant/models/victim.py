"""A process that runs one turn and may be killed at any moment: ``python -m tests.assistant.models.victim FACTS``.

FACTS is a JSON file: where the database and the provider are, whose turn it is, and a file that gets a line for
every tool that runs. Prints the answer.
"""

import asyncio
import json
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from agents import Agent, Runner, function_tool

from assistant.models.prices import OwnPrice
from assistant.models.room import CallScope, ModelRoom, journaled_tools
from assistant.models.settings import ModelRoomSettings
from knowledge.db import Database
from knowledge.ids import OrgId, RunId, SessionId, UserId


async def main(facts: dict[str, Any]) -> None:
    db = Database(facts["database"], min_size=1, max_size=4)
    await db.open()
    price = OwnPrice(input=Decimal(1), output=Decimal(10))
    settings = ModelRoomSettings(
        api_key="sk-test",
        base_url=facts["provider"],
        api=facts["api"],
        names={"manager": "test-model"},
        own_prices={"test-model": price},
        max_output_tokens=100,
    )
    room = ModelRoom(settings, db)
    scope = CallScope(
        org_id=OrgId(UUID(facts["org"])),
        user_id=UserId(UUID(facts["user"])),
        session_id=SessionId(UUID(facts["session"])),
        run_id=RunId(UUID(facts["run"])),
        agent="cmo",
        journal_id=UUID(facts["journal"]),
    )

    @function_tool
    async def work(part: str) -> str:
        """Work on a part."""
        with Path(facts["tools"]).open("a") as log:
            log.write(part + "\n")
        await asyncio.to_thread(time.sleep, facts["tool_seconds"])
        return json.dumps({"done": part})

    critic = Agent(name="critic", instructions="Judge.", model=room.model("critic", scope.for_agent("critic")))
    review = critic.as_tool("review", "Have it reviewed", failure_error_function=None)
    tools = journaled_tools([work, review], scope, db)
    writer = Agent(name="writer", instructions="Write.", tools=tools, model=room.model("drafter", scope))
    cmo = Agent(name="cmo", instructions="Lead.", tools=tools, handoffs=[writer], model=room.model("manager", scope))
    result = Runner.run_streamed(cmo, "Write about oats")
    async for _ in result.stream_events():
        pass
    print(result.final_output)
    await room.close()
    await db.close()


asyncio.run(main(json.loads(Path(sys.argv[1]).read_text())))
