"""A caller for each role, and work that is only noted down."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from knowledge.approvals.models import Approval
from knowledge.claims.named import Parts
from knowledge.embeddings.models import QueryVector
from knowledge.fetching.web import Web
from knowledge.files.store import Files
from knowledge.ids import ApprovalId, RunId, SessionId
from knowledge.people.models import Caller
from tests.conftest import People
from tools.critics import Heard
from tools.spec import Look


def caller_of(people: People, role: str = "partner", **more: Any) -> Caller:
    return Caller(people.org_id, people[role], role, **more)


class NoMeaning:
    """A library without an embedding model."""

    async def embed(self, caller: Caller, texts: list[str]) -> list[QueryVector] | None:
        return None


class NoCritics:
    """As without a model."""

    async def hear(self, caller: Caller, client_id: UUID, text: str, parts: Parts, key: str | None) -> Heard | None:
        return None

    async def read_claims(self, caller: Caller, asset_id: UUID) -> None:
        return None


class NoWork:
    """Stands where runs are started, and keeps what was asked of it."""

    library = NoMeaning()
    critics: Any = NoCritics()
    files = Files("/nowhere", Path("/nowhere"))
    web = Web()
    mail: Any = None
    publisher: Any = None

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.answered: list[ApprovalId] = []

    async def start(
        self, caller: Caller, kind: str, work: dict[str, Any], idempotency_key: str | None, look: Look | None = None
    ) -> RunId:
        self.asked.append(("start", kind, work, idempotency_key))
        return RunId(uuid4())

    def decided(self, approval: Approval) -> None:
        self.answered.append(approval.id)

    async def stop(self, caller: Caller, run_id: RunId) -> str:
        self.asked.append(("stop", run_id))
        return "Stopped."

    async def interrupt(self, caller: Caller, run_id: RunId) -> str:
        self.asked.append(("interrupt", run_id))
        return "It is over."

    async def resume(self, caller: Caller, run_id: RunId) -> str:
        self.asked.append(("resume", run_id))
        return "Resumed."


__all__ = ["NoWork", "SessionId", "caller_of"]
