"""The declaration of a tool, and what it is handed when it runs.

A tool module has four parts: an input model, an output model, one async function whose docstring is written for the
model that may call it, and one ``Tool`` that declares it. Everything around the function (scope, tenant, input
checks, error mapping) happens once, in tools/call.py, whatever surface it is called from.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from knowledge.approvals.models import Approval
from knowledge.db import Connection, Database
from knowledge.embeddings.models import QueryVector
from knowledge.fetching.web import Web
from knowledge.files.store import Files
from knowledge.ids import RunId
from knowledge.people.models import Caller
from knowledge.publishing.models import Publisher
from knowledge.runs.models import RunRow
from tools.critics import Critics

I = TypeVar("I", bound=BaseModel)  # noqa: E741 - the input, as O is the output
O = TypeVar("O", bound=BaseModel)  # noqa: E741


#: looks at a run that is being written
Look = Callable[[Connection, RunRow], Awaitable[None]]


class Wire(BaseModel):
    """Base of tool inputs and outputs: camelCase outside, snake_case inside, nothing unexpected."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Library(Protocol):
    """What tools may ask of the floor above about meaning."""

    async def embed(self, caller: Caller, texts: list[str]) -> list[QueryVector] | None:
        """``texts`` as vectors of the active model, paid for by the caller's budgets; None when there is no model.

        Call it outside of any transaction. Raises BudgetExceeded and Upstream.
        """
        ...


class Mail(Protocol):
    """A mail server that takes single messages. ``sender``: the address they come from."""

    @property
    def sender(self) -> str: ...

    async def send(self, message: EmailMessage) -> None:
        """Raises Upstream when the server does not take it."""
        ...


class Work(Protocol):
    """What tools may ask of the floor above: durable work, the library's meaning, files people brought, public pages."""

    @property
    def library(self) -> Library: ...

    @property
    def critics(self) -> Critics: ...

    @property
    def files(self) -> Files: ...

    @property
    def web(self) -> Web: ...

    @property
    def mail(self) -> Mail | None:
        """None while no mail server is set up."""
        ...

    @property
    def publisher(self) -> Publisher | None:
        """Where articles and landing pages go out; None when no content system is set."""
        ...

    async def start(
        self, caller: Caller, kind: str, work: dict[str, Any], idempotency_key: str | None, look: Look | None = None
    ) -> RunId:
        """``look`` sees the run, new or begun before under this key, in the transaction that writes it."""
        ...

    def decided(self, approval: Approval) -> None:
        """A person has answered, and it is committed: the run that waits for it may go on at once."""
        ...

    async def stop(self, caller: Caller, run_id: RunId) -> str: ...

    async def interrupt(self, caller: Caller, run_id: RunId) -> str: ...

    async def resume(self, caller: Caller, run_id: RunId) -> str: ...


@dataclass(frozen=True)
class ToolContext:
    """Who calls, and what with. ``call_key`` is the same for the same call repeated after a crash.

    ``within``: the transaction the call is part of; then ``tx`` joins it (see tools/once.py), and ``later`` is what is
    done once it is committed.
    """

    caller: Caller
    db: Database
    work: Work
    call_key: str | None = None
    within: Connection | None = None
    later: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def once_committed(self, tell: Callable[[], None]) -> None:
        """Do it now, outside ``tx``; or, when the call is part of a transaction, as soon as that is committed."""
        if self.within is None:
            tell()
        else:
            self.later.append(tell)

    def decided(self, approval: Approval) -> None:
        """A person has answered: the run that waits for it goes on once that is committed, and not before."""
        self.once_committed(lambda: self.work.decided(approval))

    @asynccontextmanager
    async def tx(self) -> AsyncGenerator[Connection]:
        """One transaction in the caller's organisation."""
        if self.within is not None:
            async with self.within.transaction():
                yield self.within
            return
        async with self.db.org(self.caller.org_id) as conn:
            yield conn


@dataclass(frozen=True)
class Tool(Generic[I, O]):
    """One thing that can be done.

    ``scope`` is what an API key must carry (``clients:read``). ``changes``: whether anything is different after.
    ``people_only``: a decision that is a person's alone; it is never offered to an agent.
    ``repeatable``: calling it twice is the same as calling it once, so the shared call need not remember its answer.
    ``after``: what follows from its answer once that is committed, outside of any transaction, and again when the call is
    repeated.
    """

    name: str
    title: str
    input: type[I]
    output: type[O]
    run: Callable[[ToolContext, I], Awaitable[O]]
    scope: str
    changes: bool = False
    people_only: bool = False
    repeatable: bool = False
    after: Callable[[ToolContext, O], Awaitable[None]] | None = None

    @property
    def description(self) -> str:
        """The function's docstring: what the calling model, and the API's reader, is told."""
        return " ".join((self.run.__doc__ or "").split())


AnyTool = Tool[Any, Any]

__all__ = ["AnyTool", "Caller", "Library", "Look", "Mail", "Tool", "ToolContext", "Wire", "Work"]
