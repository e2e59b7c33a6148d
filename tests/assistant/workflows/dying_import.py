"""The house in a process that dies at a chosen moment of an import: one moment a life, taken from a list in a file.

A moment is ``written 40``: dead right after the rows of the first batch that ends at row 40 or later were written,
nothing committed. There are ``read`` (the file was looked through), ``known`` (a batch is about to be prepared),
``written``, ``advanced`` (the position too), ``told`` (the progress too), ``stored`` (committed), ``linked`` and
``finished`` (both before their commit). An empty line is a life that is not ended from here.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from assistant.workflows import knowledge_import
from knowledge.ids import OrgId, UserId
from knowledge.imports import near_duplicates, pipeline, preparing, queries
from knowledge.imports.swipe_rows import Ads
from tests.assistant.at_work import AtWork, open_house
from tests.assistant.runs.crash import die

#: rows of a batch in these lives
BATCH_ROWS = 20


@asynccontextmanager
async def open_dying(
    owner_url: str, app_url: str, org_id: OrgId, user_id: UserId, *, moments: str, **options: Any
) -> AsyncGenerator[AtWork]:
    preparing.BATCH_ROWS = BATCH_ROWS
    cast(Any, knowledge_import).PACE = 0.0
    _arm(_next_moment(Path(moments)))
    async with open_house(owner_url, app_url, org_id, user_id, **options) as at_work:
        yield at_work


def _next_moment(file: Path) -> str:
    first, _, rest = file.read_text().partition("\n")
    file.write_text(rest)
    return first


def _arm(moment: str) -> None:
    what, _, row = moment.partition(" ")
    if what in _PLACES:
        _PLACES[what](int(row or 0))


def _after(owner: Any, name: str, row: int, row_of: Callable[[tuple[Any, ...]], int]) -> None:
    """Die when ``owner.name`` has returned, from the call on that is about ``row`` or a later one."""
    whole = getattr(owner, name)

    async def dying(*given: Any) -> Any:
        value = await whole(*given)
        if row_of(given) >= row:
            die()
        return value

    setattr(owner, name, dying)


def _after_reading(_: int) -> None:
    async def set_total(*_: Any) -> None:
        die()

    cast(Any, queries).set_total = set_total


_BATCH: Callable[[tuple[Any, ...]], int] = lambda given: given[2].to  # noqa: E731
_loader, _teller = cast(Any, pipeline)._Loader, knowledge_import.Teller
_PLACES: dict[str, Callable[[int], None]] = {
    "read": _after_reading,
    "known": lambda row: _after(Ads, "known", row, _BATCH),
    "written": lambda row: _after(_loader, "_keep_rejects", row, _BATCH),
    "advanced": lambda row: _after(queries, "advance", row, lambda given: given[3]),
    "told": lambda row: _after(_teller, "tell", row, lambda given: given[2].rows),
    "stored": lambda row: _after(_loader, "store", row, lambda given: given[1].batch.to),
    "linked": lambda row: _after(near_duplicates, "link", row, lambda _: 0),
    "finished": lambda row: _after(queries, "finish", row, lambda _: 0),
}
