"""Steps that work side by side: waited for together, and what may be tried again without asking anybody."""

import asyncio
from collections.abc import Coroutine
from decimal import Decimal
from typing import Any, TypeVar, cast

from assistant.runs.faults import Fault, passes
from knowledge.errors import AdroomError, BudgetExceeded

T = TypeVar("T")


async def all_of(works: list[Coroutine[Any, Any, T]]) -> list[T]:
    """All of them to their end, also when one is broken off; then the first that was broken off is told."""
    ended = await asyncio.gather(*works, return_exceptions=True)
    for end in ended:
        if isinstance(end, BaseException):
            raise end
    return cast("list[T]", ended)


def freed(faults: dict[str, Fault]) -> bool:
    """All of them wanted money that was held by other work, such as those beside them that are through by now."""
    return all(_wanted_held_money(fault.error) for fault in faults.values())


def _wanted_held_money(error: AdroomError) -> bool:
    return isinstance(error, BudgetExceeded) and (passes(error) or Decimal(str(error.facts.get("reserved", 0))) > 0)
