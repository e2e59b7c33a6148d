"""What tools may ask of the floor above: runs, started with their budget."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from assistant.runs.service import RunService
from knowledge.approvals.models import Approval
from knowledge.fetching.web import Web
from knowledge.files.store import Files
from knowledge.ids import RunId
from knowledge.people.models import Caller
from knowledge.publishing.models import Publisher
from tools.critics import Critics
from tools.spec import Library, Look, Mail


@dataclass(frozen=True)
class RunWork:
    """``tools.spec.Work`` over the run service. ``budget`` is a new run's limit in US dollars."""

    runs: RunService
    budget: Decimal
    library: Library
    critics: Critics
    files: Files
    web: Web = field(default_factory=Web)
    mail: Mail | None = None
    publisher: Publisher | None = None

    async def start(
        self, caller: Caller, kind: str, work: dict[str, Any], idempotency_key: str | None, look: Look | None = None
    ) -> RunId:
        title = _title(kind, work)
        run = await self.runs.start(
            caller, kind, work, idempotency_key=idempotency_key, budget_limit=self.budget, title=title, look=look
        )
        return run.id

    def decided(self, approval: Approval) -> None:
        self.runs.engine.decided_now(approval)

    async def stop(self, caller: Caller, run_id: RunId) -> str:
        return f"‘{(await self.runs.stop(caller, run_id)).title}’ is stopped."

    async def interrupt(self, caller: Caller, run_id: RunId) -> str:
        return f"‘{(await self.runs.interrupt(caller, run_id)).title}’ is over; everything it has made is kept."

    async def resume(self, caller: Caller, run_id: RunId) -> str:
        return f"‘{(await self.runs.resume(caller, run_id)).title}’ goes on."


#: "write an article about", "schreib eine E-Mail über": the order around a subject
_ORDER = re.compile(
    r"^(?!how|why|what|when|wie|warum|cómo|como)(?:[\w'’-]+ ){0,6}?"
    r"(?:article|post|guide|e-?mail|newsletter|artikel|beitrag|ratgeber|artículo|guía|correo|artigo|guia)"
    r" (?:about|on|for|to|over|über|zum|zur|an|sobre|para) (?=\S+ \S)",
    re.IGNORECASE,
)


_NOUNS = {
    "plan_then_do": "Plan",
    "seo_research": "Research",
    "seo_write": "Article",
    "landing_page": "Landing page",
    "email_create": "Email",
    "email_series": "Email series",
}


def _title(kind: str, work: dict[str, Any]) -> str | None:
    """The piece's own subject in the title, or the file's name: so that two of a kind are told apart in a list."""
    if kind == "knowledge_import":
        return f"Import of {work['filename']}"
    noun = _NOUNS.get(kind)
    said = " ".join(str(work.get("brief") or work.get("topic") or work.get("task") or "").split())
    brief = _ORDER.sub("", said, count=1) or said
    brief = brief[:1].upper() + brief[1:]
    if noun is None or not brief:
        return None
    return f"{noun}: {brief if len(brief) <= 60 else brief[:57].rstrip() + '…'}"
