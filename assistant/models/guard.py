"""The budget around one paid call: held before it, settled after it.

What always holds: no call is made that some budget does not cover at its worst; what is held is settled exactly
once, also when the caller is cancelled; when the provider never said what it used (a cancelled or broken call) the
whole hold is charged, because it may have billed it; a call it certainly did not bill is let go. No connection is
held while the model works. The answer is kept in the same transaction as its cost: never paid without being kept,
however long the database stays away meanwhile.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar, cast

from agents import Model, ModelResponse, ModelSettings, Usage
from agents.items import TResponseStreamEvent
from agents.tool import FunctionTool
from agents.usage import RequestUsage
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseErrorEvent,
    ResponseFailedEvent,
    ResponseIncompleteEvent,
    ResponseTextDeltaEvent,
)

from assistant.models.ask import Ask, AskedModel
from assistant.models.faults import ModelOverBudget, ModelRefused, cut_off
from assistant.models.prices import Price, Tokens
from assistant.models.scope import CallScope
from knowledge.db import Connection, Database
from knowledge.errors import AdroomError, BudgetExceeded
from knowledge.money import service
from knowledge.money.models import LedgerEntry, Reservation
from knowledge.outages import through_outages

log = logging.getLogger(__name__)
T = TypeVar("T")

#: added to the longest a call may take, so that no hold expires under a call that is still running
HOLD_MARGIN = 60.0
UNREPORTED = "; worst case, as no usage was reported"

_Failure = ResponseIncompleteEvent | ResponseFailedEvent | ResponseErrorEvent
_FAILURES = (ResponseIncompleteEvent, ResponseFailedEvent, ResponseErrorEvent)

Keep = Callable[[Connection, ModelResponse], Awaitable[None]]


@dataclass(frozen=True)
class Terms:
    """On what terms a model is called: its price, the most it may write, the longest it may take (seconds)."""

    model: str
    price: Price
    max_output_tokens: int
    longest: float


#: returns while this process may pay; it does not when its work has been taken over
Sure = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class PaidCall:
    """One call as the journal knows it: its key over all attempts, and what to keep once it is paid."""

    key: str
    keep: Keep


class Guarded(AskedModel):
    """``inner``, paid for from the budgets of ``scope``. Made for one call."""

    def __init__(
        self, inner: Model, db: Database, scope: CallScope, terms: Terms, call: PaidCall, sure: Sure | None = None
    ) -> None:
        self._inner, self._db, self._scope, self._terms, self._call = inner, db, scope, terms, call
        self._sure = sure
        self._open = True
        self._held: Reservation | None = None

    async def answer(self, ask: Ask) -> ModelResponse:
        limit = self._answer_limit(ask)
        await self._hold(ask, limit)
        ask = ask.with_settings(ModelSettings(max_tokens=limit))
        try:
            response = await ask.answered_by(self._inner)
            await self._settle(response, response.usage)
        except BaseException as fault:
            await self._charge_or_release(fault)
            raise
        return response

    async def stream(self, ask: Ask) -> AsyncGenerator[TResponseStreamEvent, None]:
        limit = self._answer_limit(ask)
        await self._hold(ask, limit)
        ask = ask.with_settings(ModelSettings(max_tokens=limit))
        complete = False
        try:
            events = cast("AsyncGenerator[TResponseStreamEvent, None]", ask.streamed_by(self._inner))
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, ResponseCompletedEvent):
                        await self._settle(as_model_response(event.response), usage_of(event.response))
                        complete = True
                    elif isinstance(event, _FAILURES):
                        # kept from the runner, which would word it itself; the model raises it next
                        await self._settle_failure(event)
                        continue
                    yield event
                    if isinstance(event, ResponseTextDeltaEvent):
                        await asyncio.sleep(0)  # words go on to whoever reads before the next ones are looked at
            if not complete:
                raise cut_off(self._terms.model)
        except BaseException as fault:
            await self._charge_or_release(fault)
            raise

    def _answer_limit(self, ask: Ask) -> int:
        """The most tokens the answer may have; refuses what cannot be priced beforehand."""
        if ask.previous_response_id or ask.conversation_id or ask.prompt:
            raise ValueError("what is kept at the provider cannot be priced: send the whole conversation")
        hosted = [tool.name for tool in ask.tools if not isinstance(tool, FunctionTool)]
        if hosted:
            raise ModelRefused(f"{', '.join(hosted)} would run at the model provider, where its cost has no limit.")
        return ask.settings.max_tokens or self._terms.max_output_tokens

    async def _hold(self, ask: Ask, answer_limit: int) -> None:
        if self._terms.price.free:
            return
        if self._sure is not None:
            await self._sure()
        amount = self._terms.price.worst(ask.most_input_tokens(), answer_limit)
        try:
            self._held = await through_outages(lambda: self._reserve(amount))
        except BudgetExceeded as refusal:
            raise ModelOverBudget(refusal.message, **refusal.facts) from None

    async def _reserve(self, amount: Decimal) -> Reservation:
        # the settlement, or the charge, waits for the disk and takes this along
        async with self._db.org(self._scope.org_id, at_once=False) as conn:
            longest = self._terms.longest + HOLD_MARGIN
            return await service.reserve(conn, self._scope.keys, amount, self._call.key, longest)

    async def _settle(self, response: ModelResponse | None, usage: Usage) -> None:
        if not self._open:
            return
        reported = tokens_of(usage)
        entry = self._entry(reported) if reported or not self._held else self._entry_at_worst(self._held.amount)
        await uninterrupted(through_outages(lambda: self._write(entry, response)))

    async def _settle_failure(self, event: "_Failure") -> None:
        if not isinstance(event, ResponseErrorEvent) and event.response.usage:
            await self._settle(None, usage_of(event.response))

    async def _charge_or_release(self, fault: BaseException) -> None:
        if not self._open or self._held is None:
            return
        billed = fault.facts.get("billed", True) if isinstance(fault, AdroomError) else True
        entry = self._entry_at_worst(self._held.amount) if billed else None
        await uninterrupted(through_outages(lambda: self._write(entry, None)))

    async def _write(self, entry: LedgerEntry | None, response: ModelResponse | None) -> None:
        keys = self._scope.keys
        async with self._db.org(self._scope.org_id) as conn:
            if entry is None and self._held is not None:
                await service.release(conn, keys, self._held)
            elif entry is not None and self._held is not None:
                await service.settle(conn, keys, self._held, entry)
            elif entry is not None:
                await service.enter(conn, keys, entry, self._call.key)
            if response is not None:
                await self._call.keep(conn, response)
        self._open = False

    def _entry(self, used: list[Tokens]) -> LedgerEntry:
        price = self._terms.price
        cost = sum((price.cost(tokens) for tokens in used), Decimal(0))
        if self._held is not None and cost > self._held.amount:
            log.warning("%s cost %s, more than the %s held for it", self._terms.model, cost, self._held.amount)
        return LedgerEntry(
            model=self._terms.model,
            cost=cost,
            price_source=price.source,
            agent=self._scope.agent,
            calls=max(len(used), 1),
            input_tokens=sum(tokens.input for tokens in used),
            cached_tokens=sum(tokens.cached for tokens in used),
            output_tokens=sum(tokens.output for tokens in used),
            unit_cost=price.unit_cost,
        )

    def _entry_at_worst(self, amount: Decimal) -> LedgerEntry:
        price = self._terms.price
        return LedgerEntry(
            model=self._terms.model,
            cost=amount,
            price_source=price.source + UNREPORTED,
            agent=self._scope.agent,
            unit_cost=price.unit_cost,
        )


def tokens_of(usage: Usage) -> list[Tokens]:
    """What each request used; empty when the provider reported nothing."""
    entries: list[RequestUsage | Usage] = [*usage.request_usage_entries] or [usage]
    return [
        Tokens(
            input=entry.input_tokens,
            output=entry.output_tokens,
            cached=entry.input_tokens_details.cached_tokens or 0,
            written=getattr(entry.input_tokens_details, "cache_write_tokens", 0) or 0,
        )
        for entry in entries
        if entry.input_tokens or entry.output_tokens
    ]


def usage_of(response: Response) -> Usage:
    """The usage of a streamed response in the SDK's form; zero when it has none."""
    if response.usage is None:
        return Usage()
    return Usage(
        requests=1,
        input_tokens=response.usage.input_tokens or 0,
        output_tokens=response.usage.output_tokens or 0,
        total_tokens=response.usage.total_tokens or 0,
        input_tokens_details=response.usage.input_tokens_details,
        output_tokens_details=response.usage.output_tokens_details,
    )


def as_model_response(response: Response) -> ModelResponse:
    """A streamed response as the SDK hands it to agents."""
    return ModelResponse(output=response.output, usage=usage_of(response), response_id=response.id)


async def uninterrupted(work: Coroutine[Any, Any, T]) -> T:
    """Finish a short piece of bookkeeping even when the caller is cancelled; the cancellation goes on afterwards."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as stop:
            cancelled = stop
    if cancelled is not None:
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("bookkeeping failed while its caller was being stopped", exc_info=fault)
        raise cancelled
    return task.result()
