"""The shared call: what happens around every tool, once, on every surface."""

from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge.artifacts.plain_errors import field_errors
from knowledge.errors import Denied, Invalid
from tools.spec import AnyTool, ToolContext


async def call(tool: AnyTool, context: ToolContext, given: dict[str, Any]) -> BaseModel:
    """Check the caller's scope and the input, then run.

    Raises Denied (scope, or a person's decision asked for by an agent), Invalid naming each field, and whatever of
    the AdroomError family the tool itself raises.
    """
    _check_allowed(tool, context)
    return await tool.run(context, read_input(tool, given))


def read_input(tool: AnyTool, given: dict[str, Any]) -> BaseModel:
    try:
        return tool.input.model_validate(given)
    except ValidationError as error:
        raise Invalid(fields=field_errors(error)) from error


def _check_allowed(tool: AnyTool, context: ToolContext) -> None:
    scopes = context.caller.scopes
    if "*" not in scopes and tool.scope not in scopes:
        raise Denied(f"This key may not use {tool.name}: it lacks the scope {tool.scope}.")
    if tool.people_only and context.caller.agent is not None:
        raise Denied(f"{tool.title} is a person's decision: show it to them, with the button.")
