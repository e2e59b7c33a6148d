"""One small function a rule: it reads a piece and says where the rule is broken.

``CHECKS`` of each module maps the rule's id to its function. A function raises NotChecked when it lacks what it needs,
and DoesNotApply when the piece has nothing the rule is about; both are neither pass nor failure.
"""

from collections.abc import Callable, Iterable

from knowledge.checks.models import Finding
from knowledge.checks.reading import Reading
from knowledge.checks.rules import Rule

Check = Callable[[Reading, Rule], Iterable[Finding]]


class NotChecked(Exception):
    """The rule could not be looked at; the words say why."""


class DoesNotApply(Exception):
    """There is nothing in the piece that the rule is about."""


def percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
