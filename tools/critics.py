"""What tools may ask of the critics above them: models that judge what no rule can.

What always holds: there are none where only the offline writer answers; a span that is not in the text is dropped before it
gets here; what keeps a critic from reading is said, and is neither a pass nor a failure.
"""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from knowledge.claims.models import Named
from knowledge.claims.named import Parts
from knowledge.people.models import Caller


@dataclass(frozen=True)
class Opinion:
    """What one critic says of a text. ``verdict`` is empty when it could not read it, and ``why`` says so."""

    critic: str
    verdict: str = ""
    score: float = 0.0
    #: knowledge/artifacts/schemas/qa_report.Check, as on the wire; only those that do not pass
    findings: tuple[dict[str, Any], ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Heard:
    """Both critics' opinions, and the claims that a model named."""

    opinions: tuple[Opinion, ...] = ()
    named: tuple[Named, ...] = ()


class Critics(Protocol):
    """Paid for by the caller's budgets. Call them outside of any transaction."""

    async def hear(self, caller: Caller, client_id: UUID, text: str, parts: Parts, key: str | None) -> Heard | None:
        """What the brand and the compliance critic say of a text, and what its parts claim; None without a model. The same
        ``key`` is paid for once."""
        ...

    async def read_claims(self, caller: Caller, asset_id: UUID) -> None:
        """Have the claims of a piece's present version read, once. What keeps a model from it is kept with the piece."""
        ...
