"""A call that changes something happens once, however often it is repeated with the same key.

The answer is kept in the transaction of the change itself: after a crash either both are there, and the repeated
call is told what the first one was told, or neither is.
"""

from dataclasses import replace

from pydantic import BaseModel

from knowledge.artifacts.hashes import content_hash
from knowledge.errors import Conflict
from knowledge.idempotency import queries
from tools.spec import AnyTool, ToolContext


async def run_once(tool: AnyTool, context: ToolContext, asked: BaseModel) -> BaseModel:
    """Run the tool in one transaction with its kept answer; raises Conflict when the key stands for another call."""
    key = f"call/{context.call_key}"
    fingerprint = content_hash([tool.name, asked.model_dump(mode="json", by_alias=True)])
    async with context.tx() as conn:
        # A second call with this key waits here until the first has committed or rolled back.
        if not await queries.claim(conn, context.caller.org_id, key, fingerprint):
            kept = await queries.find(conn, key)
            if kept is None or kept.fingerprint != fingerprint:
                raise Conflict("This key was used for another call already.")
            return tool.output.model_validate(kept.body)
        within = replace(context, within=conn, later=[])
        answer = await tool.run(within, asked)
        await queries.keep(conn, key, 200, answer.model_dump(mode="json", by_alias=True))
    for tell in within.later:
        context.once_committed(tell)
    return answer
