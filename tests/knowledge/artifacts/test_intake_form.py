"""The intake form: which questions appear, what is missing, malformed or odd."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from knowledge.artifacts.intake_form import (
    FIELDS,
    SECTIONS,
    Finding,
    answer_at,
    check_intake,
    missing_fields,
    progress,
    shown_fields,
)
from knowledge.artifacts.registry import validate
from knowledge.artifacts.schemas.intake import Intake
from tests.knowledge.artifacts.examples import example

REQUIRED = [
    "identity.name",
    "identity.website",
    "identity.industry",
    "identity.geography",
    "offer.primaryOffers",
    "offer.differentiators",
    "audience.targetAudience",
    "audience.painPoints",
    "audience.desiredOutcomes",
    "goals.objective",
    "voice.tone",
]


def intake(**answers: Any) -> dict[str, Any]:
    """The example with answers changed: intake(goals__objective="leads")."""
    data = example("intake")
    for path, value in answers.items():
        section, name = path.split("__")
        data.setdefault(section, {})[name] = value
    return data


def errors(data: dict[str, Any]) -> dict[str, str]:
    return {finding.field: finding.message for finding in check_intake(data).errors}


def warned(data: dict[str, Any]) -> dict[str, str]:
    return {finding.field: finding.message for finding in check_intake(data).warnings}


def paths_of(model: type[BaseModel]) -> set[str]:
    found: set[str] = set()
    for section in model.model_fields.values():
        part = section.annotation
        assert isinstance(part, type)
        assert issubclass(part, BaseModel)
        found |= {f"{section.alias}.{field.alias}" for field in part.model_fields.values()}
    return found


def test_there_are_seven_sections_and_a_question_for_every_field_of_the_document():
    assert [section.key for section in SECTIONS] == [
        "identity", "offer", "audience", "goals", "voice", "access", "delivery",
    ]  # fmt: skip
    assert set(FIELDS) == paths_of(Intake)


def test_a_complete_intake_has_no_errors_and_no_warnings():
    found = check_intake(example("intake"))
    assert (found.errors, found.warnings, found.ok) == ([], [], True)


def test_an_empty_intake_misses_exactly_what_is_required_in_the_order_of_the_form():
    assert [field.path for field in missing_fields({})] == REQUIRED
    assert [finding.field for finding in check_intake({}).errors] == REQUIRED


@pytest.mark.parametrize("path", REQUIRED)
@pytest.mark.parametrize("nothing", [None, "", "  ", [], [" "]])
def test_a_required_answer_that_says_nothing_is_missing(path: str, nothing: object):
    section, name = path.split(".")
    data = example("intake")
    data[section][name] = nothing
    assert errors(data) == {path: "is required"}


def test_a_tick_for_no_website_yet_replaces_the_address():
    assert errors(intake(identity__website=None, identity__noWebsiteYet=True)) == {}


def test_languages_are_english_unless_said():
    data = example("intake")
    del data["voice"]["languages"]
    assert errors(data) == {}
    assert validate("intake", data).wire()["voice"]["languages"] == ["en"]
    assert validate("intake", intake(voice__languages=[])).wire()["voice"]["languages"] == ["en"]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("identity__website", "lumen", "full web address"),
        ("identity__website", "javascript:alert(1)", "full web address"),
        ("access__brandKitUrl", "https://no spaces.example", "full web address"),
        ("ecommerce__productFeedUrl", "feed.xml", "full web address"),
        ("identity__contactEmail", "hello at lumen.example", "email address"),
        ("identity__contactEmail", "a@b", "email address"),
        ("goals__startDate", "1 March", "date such as"),
        ("goals__startDate", "2026-02-30", "date such as"),
        ("offer__aov", "a lot", "amount such as"),
        ("goals__budgetMax", "-5", "amount such as"),
        ("goals__budgetMax", "1,23,4", "amount such as"),
        ("offer__currency", "EURO MONEY", "currency such as"),
        ("goals__durationWeeks", 0, "whole number"),
        ("goals__durationWeeks", "a while", "whole number"),
        ("goals__objective", "fame", "must be one of awareness, leads"),
        ("delivery__outputs", ["pdf", "fax"], "must be one of pdf"),
        ("voice__languages", ["en", "Klingon"], "unknown language: Klingon"),
        ("goals__endDate", "2026-02-28", "is before the start on 2026-03-01"),
        ("goals__budgetMax", "2000", "below the least budget"),
        ("voice__tone", {"a": 1}, "single answer"),
        ("audience__painPoints", "one text", "list of texts"),
    ],
)
def test_a_malformed_answer_is_an_error_at_its_field(path: str, value: object, words: str):
    found = errors(intake(**{path: value}))
    assert list(found) == [path.replace("__", ".")]
    assert words in found[path.replace("__", ".")]


@pytest.mark.parametrize("value", ["1,500", "1.500,00 €", "EUR 49.90", "6k", "3 000", "CHF 1'200", 1500, 49.9, "R$ 10"])
def test_amounts_may_be_written_as_people_write_them(value: object):
    assert errors(intake(offer__aov=value, goals__kpiTargets=[])) == {}


@pytest.mark.parametrize("language", ["de", "German", "Deutsch", "português", "pt-BR", "zh-Hant", "ESPAÑOL"])
def test_languages_may_be_named_in_several_ways(language: str):
    assert errors(intake(voice__languages=[language])) == {}


def test_extra_questions_appear_when_they_apply_and_only_then():
    def extra(data: dict[str, Any]) -> set[str]:
        shown = {field.path for section in SECTIONS for field in shown_fields(section, data)}
        return {path.split(".")[0] for path in shown} - {section.key for section in SECTIONS}

    assert extra({}) == set()
    assert extra({"goals": {"objective": "hiring"}}) == {"hiring"}
    assert extra({"identity": {"industry": "Fashion / e-commerce"}}) == {"ecommerce"}
    assert extra({"identity": {"industry": "Professional Services"}}) == {"services"}
    assert extra({"identity": {"industry": "Selfserviceless"}, "goals": {"objective": "leads"}}) == set()


def test_an_answer_to_a_question_that_does_not_apply_is_not_checked():
    data = intake(identity__industry="Software", ecommerce__productFeedUrl="nonsense")
    assert errors(data) == {}


def test_leads_without_a_described_audience_are_odd():
    found = warned(intake(goals__objective="leads", audience__targetAudience="Companies"))
    assert "hardly described" in found["audience.targetAudience"]
    assert warned(intake(goals__objective="leads")) == {}


def test_hiring_without_a_reason_to_work_there_is_odd():
    assert list(warned(intake(goals__objective="hiring"))) == ["hiring.evp"]
    assert warned(intake(goals__objective="hiring", hiring__evp="Four days a week")) == {}


@pytest.mark.parametrize("audience", ["Students of design in their first year", "Studierende im ersten Semester hier"])
def test_a_high_price_for_students_is_odd(audience: str):
    found = warned(intake(audience__targetAudience=audience, offer__pricing="from 1,900 EUR"))
    assert "students" in found["offer.pricing"]
    assert warned(intake(audience__targetAudience=audience, offer__pricing="29 EUR, since 2019")) == {}


def test_what_is_dear_depends_on_the_currency():
    data = intake(audience__targetAudience="Students in Tokyo and Osaka", offer__pricing="JPY 4,000")
    assert "offer.pricing" in warned(data)
    data["offer"]["currency"] = "JPY"
    assert "offer.pricing" not in warned(data)


def test_a_budget_far_below_what_the_target_implies_is_odd():
    found = warned(intake(goals__kpiTargets=["3,000 orders by June"], goals__budgetMax="4,000"))
    assert found["goals.budgetMax"] == (
        "The target means about 126,000 in sales at 42.00 an order; a budget of 4,000 would have to return 32 for 1. "
        "More than 10 for 1 is rare."
    )
    assert "goals.budgetMax" in warned(intake(goals__kpiTargets=["Umsatz 100.000 €"], goals__budgetMax="4000"))
    assert warned(intake(goals__kpiTargets=["+20 % traffic", "300 orders"], goals__budgetMax="4000")) == {}


def test_a_banned_word_in_the_clients_own_examples_is_odd():
    data = intake(voice__voiceExamples=["Cheap thrills."], voice__bannedWords=["CHEAP", "hrill", "(best"])
    assert warned(data) == {
        "voice.voiceExamples": 'The voice examples use "CHEAP", which is on the list of banned words.'
    }


def test_a_models_own_warnings_are_marked_and_never_errors():
    found = check_intake(example("intake")).with_model_warnings("gpt-x", [Finding("voice.tone", "Dry and warm?")])
    assert found.errors == []
    assert found.warnings == [Finding("voice.tone", "Dry and warm?", by="gpt-x")]


def test_progress_counts_only_questions_that_apply():
    by_key = {section.key: section for section in progress(intake(identity__industry="Software"))}
    assert len(by_key) == 7
    assert all(section.complete for section in by_key.values())
    assert (by_key["offer"].filled, by_key["offer"].total) == (7, 8)
    empty = {section.key: section for section in progress({})}
    assert not empty["identity"].complete
    assert empty["delivery"].complete
    assert empty["goals"].total == 9


def test_snake_case_answers_are_read_as_well():
    assert answer_at({"offer": {"primary_offers": ["Candle"]}}, "offer.primaryOffers") == ["Candle"]


def test_a_half_filled_form_with_empty_answers_can_be_kept():
    data = {"identity": {"name": "Lumen", "website": ""}, "goals": {"objective": "", "kpiTargets": None}}
    assert validate("intake", data).wire()["goals"]["objective"] is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)
rubbish = st.dictionaries(
    st.sampled_from([section.key for section in SECTIONS] + ["hiring", "ecommerce", "services"]),
    json_values | st.dictionaries(st.sampled_from([path.split(".")[1] for path in FIELDS]), json_values, max_size=8),
)


@given(rubbish)
def test_no_answers_whatever_make_the_check_fail(data: dict[str, Any]):
    found = check_intake(data)
    assert {finding.field for finding in found.errors + found.warnings} <= set(FIELDS)
    assert len({finding.field for finding in found.errors}) == len(found.errors)
    assert {field.path for field in missing_fields(data)} <= {finding.field for finding in found.errors}
    assert all(0 <= section.filled <= section.total for section in progress(data))


@given(st.sampled_from([path for path, field in FIELDS.items() if field.kind not in ("bool", "list")]), st.text())
def test_any_text_at_any_field_is_judged_without_failing(path: str, text: str):
    section, name = path.split(".")
    data = example("intake")
    data.setdefault(section, {})[name] = text
    check_intake(data)
