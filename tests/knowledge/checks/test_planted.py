"""The rules against planted faults and clean twins: the benchmark's bars, in German and Spanish of its four languages.

The whole of it, with a report by rule: ``python -m benchmarks preflight``.
"""

from benchmarks.planted.faults import cases
from benchmarks.preflight import FALSE_ALARMS, RECALL, by_rule, measure
from knowledge.checks.preflight import checks
from knowledge.checks.rules import rules, weights


def test_planted_faults_are_found_and_clean_twins_left_alone() -> None:
    found = measure(("de", "es"))
    assert found.recall >= RECALL, by_rule(found)
    assert found.false_alarms <= FALSE_ALARMS, by_rule(found)
    assert found.clean_with_alarm <= FALSE_ALARMS * found.clean, by_rule(found)


def test_every_rule_has_planted_faults_in_three_languages() -> None:
    planted: dict[str, set[str]] = {}
    total = 0
    for case in cases():
        if case.fault:
            planted.setdefault(case.fault, set()).add(case.given.language)
            total += 1
    assert total >= 300
    few = {name for name in rules() if len(planted.get(name, ())) < 3}
    assert few == {"brand.address"}  # English and Portuguese have no form of address to mix


def test_every_rule_is_checked_by_a_function_and_says_where_it_comes_from() -> None:
    assert set(checks()) == set(rules())
    for rule in rules().values():
        assert rule.source and rule.dated >= "2026-01" and rule.says.endswith("."), rule.id


def test_the_groups_of_the_score_are_groups_of_rules_and_weigh_one_together() -> None:
    assert set(weights()) <= {rule.group for rule in rules().values()}
    assert abs(sum(weights().values()) - 1) < 1e-9
