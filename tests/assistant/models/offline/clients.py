"""Very different clients to write for: a padel racket shop in Lisbon, a payroll software house, a home renovator."""

import json
from pathlib import Path

from assistant.models.offline.compose import Sources


def _client(name: str, changes: dict[str, object]) -> Sources:
    data = json.loads((Path(__file__).parent / f"client_{name}.json").read_text(encoding="utf-8"))
    return Sources.model_validate({**data, **changes})


def padel(**changes: object) -> Sources:
    """A padel shop in Lisbon, in English; ``intake`` in Portuguese with :func:`padel_pt`."""
    return _client("padel", changes)


def padel_pt(**changes: object) -> Sources:
    return _client("padel_pt", changes)


def payroll(**changes: object) -> Sources:
    """A payroll software house in Munich, in German."""
    return _client("payroll", changes)


def builder(**changes: object) -> Sources:
    """A home renovation firm in Valencia, in Spanish."""
    return _client("builder", changes)
