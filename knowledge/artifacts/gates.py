"""The gate before an artifact, or before a piece is written: open, or shut with every reason at once.

Pure: whoever asks has looked up the newest version of each required type, and asks again in the transaction
that writes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from knowledge.artifacts.registry import SPECS, ArtifactType

#: what stands in the place of a type where a piece (an asset) is to be written, and what it requires
WRITING = "Writing"
WRITING_REQUIRES: tuple[ArtifactType, ...] = ("client_canon",)

Status = Literal["draft", "approved", "revised", "flagged_for_review", "archived"]


@dataclass(frozen=True, slots=True)
class UpstreamState:
    """The newest version of a required artifact; ``flagged_reason`` says why it is flagged, if it is."""

    version: int
    status: str
    flagged_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether ``what`` (an artifact's type, or ``WRITING``) may begin, and everything that stands in the way."""

    what: str
    allowed: bool
    reasons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """All reasons in one sentence for a person."""
        if self.allowed:
            return f"{self.what} can start"
        return f"{self.what} is blocked: {'; '.join(self.reasons)}"


def check_gate(artifact_type: ArtifactType, upstream: Mapping[ArtifactType, UpstreamState | None]) -> Gate:
    """Return the gate of a type, given what it requires; a type that is not in ``upstream`` is missing."""
    return _gate(artifact_type, SPECS[artifact_type].requires, upstream)


def check_writing(upstream: Mapping[ArtifactType, UpstreamState | None]) -> Gate:
    """Return the gate of an article or an email: it keeps to the client's approved canon."""
    return _gate(WRITING, WRITING_REQUIRES, upstream)


def _gate(what: str, requires: Iterable[ArtifactType], upstream: Mapping[ArtifactType, UpstreamState | None]) -> Gate:
    found = (_reason(required, upstream.get(required)) for required in requires)
    reasons = tuple(reason for reason in found if reason is not None)
    return Gate(what, not reasons, reasons)


def _reason(required: ArtifactType, state: UpstreamState | None) -> str | None:
    if state is None:
        return f"{required} is missing"
    version = f"(v{state.version})"
    match state.status:
        case "approved":
            return None
        case "draft" | "revised":
            return f"{required} is {state.status} {version} and must be approved"
        case "flagged_for_review":
            why = f": {state.flagged_reason}" if state.flagged_reason else ""
            return f"{required} is flagged for review {version}{why}"
        case "archived":
            return f"{required} is archived {version} and must be replaced"
        case other:
            raise ValueError(f"unknown artifact status {other!r}")
