"""Every rule over one piece, and the content score.

What always holds: the same piece and facts give the same report; nothing is asked of a database, a network or a model; a
rule that lacks what it needs is listed as not checked, with the reason.
"""

from functools import cache

from knowledge.checks.examine import (
    Check,
    DoesNotApply,
    NotChecked,
    ads,
    brand,
    compliance,
    email_html,
    email_text,
    keyphrase,
    links,
    readability,
    structure,
    structured_data,
    substance,
)
from knowledge.checks.models import Facts, Finding, Piece, Report, Unchecked
from knowledge.checks.reading import Reading
from knowledge.checks.rules import Rule, newest, rules
from knowledge.checks.score import score_groups, total

#: places of one rule that are listed, so that a report stays readable
MOST_PLACES = 12
_MODULES = (
    structure,
    readability,
    keyphrase,
    links,
    structured_data,
    substance,
    email_text,
    email_html,
    ads,
    brand,
    compliance,
)
#: which kinds of piece have a content score
SCORED = ("article", "landing")


@cache
def checks() -> dict[str, Check]:
    """The function of every rule."""
    return {name: check for module in _MODULES for name, check in module.CHECKS.items()}


def preflight(piece: Piece, facts: Facts | None = None, *, groups: frozenset[str] | None = None) -> Report:
    """What the rules say of the piece. ``groups``: only the rules of these groups, without a content score."""
    reading = Reading(piece, facts or Facts())
    report = Report(dated=newest())
    for rule in rules().values():
        if rule.covers(piece.kind) and (groups is None or rule.group in groups):
            _check(reading, rule, report)
    if groups is None and piece.kind in SCORED:
        report.groups = score_groups(reading, report)
        report.score = total(report.groups)
    return report


def _check(reading: Reading, rule: Rule, report: Report) -> None:
    try:
        found: list[Finding] = list(checks()[rule.id](reading, rule))
    except DoesNotApply:
        return
    except NotChecked as why:
        report.unchecked.append(Unchecked(rule.id, str(why)))
        return
    report.findings += found[:MOST_PLACES]
    if not found:
        report.passed.append(rule.id)
