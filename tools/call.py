"""The shared call: what happens around every tool, once, on every surface."""

from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge.artifacts.plain_errors import field_errors
from knowledge.errors import Denied, Invalid
from tools.once import run_once
from tools.spec import AnyTool, Caller, ToolContext
from tools.storable import check_storable


async def call(tool: AnyTool, context: ToolContext, given: dict[str, Any] | BaseModel) -> BaseModel:
    """Check the caller's scope and the input, then run.

    Raises Denied (scope, or a person's decision asked for by an agent), Invalid naming each field, and whatever of
    the AdroomError family the tool itself raises. A change asked for twice with one ``call_key`` is made once.
    """
    check_allowed(tool, context.caller)
    asked = read_input(tool, given)
    once = context.call_key is not None and tool.changes and not tool.repeatable
    answer = await (run_once(tool, context, asked) if once else tool.run(context, asked))
    if tool.after is not None and context.within is None:
        await tool.after(context, answer)
    return answer


def read_input(tool: AnyTool, given: dict[str, Any] | BaseModel) -> BaseModel:
    """The tool's input; one that a surface has validated already is taken as it is, if it can be kept."""
    if isinstance(given, BaseModel):
        check_storable(given.model_dump(by_alias=True))
        return given
    check_storable(given)
    try:
        return tool.input.model_validate(given)
    except ValidationError as error:
        raise Invalid(fields=field_errors(error)) from error


def check_allowed(tool: AnyTool, caller: Caller) -> None:
    check_scope(caller, tool.scope)
    if tool.people_only and not caller.by_person:
        raise Denied(f"{tool.title} is a person's decision: show it to them, with the button.")


def check_scope(caller: Caller, scope: str) -> None:
    """Raises Denied when the caller's key does not carry ``scope`` (``clients:read``; ``*`` is everything)."""
    if "*" not in caller.scopes and scope not in caller.scopes:
        raise Denied(f"This key lacks the scope {scope}.", scope=scope)
