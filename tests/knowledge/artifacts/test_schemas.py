"""What the thirteen document schemas accept and refuse."""

from typing import Any

import pytest
from pydantic import BaseModel

from knowledge.artifacts.registry import SPECS, TYPES, ArtifactType, validate
from knowledge.errors import Invalid
from tests.knowledge.artifacts.examples import example


def refused(artifact_type: ArtifactType, data: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        validate(artifact_type, data)
    return caught.value.fields


def models_below(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """All document parts that a schema reaches, found through its JSON schema's definitions."""
    seen.add(model)
    for field in model.model_fields.values():
        for part in _classes(field.annotation):
            if part not in seen:
                models_below(part, seen)
    return seen


def _classes(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in getattr(annotation, "__args__", ()) for found in _classes(inner)]


@pytest.mark.parametrize("artifact_type", TYPES)
def test_the_example_of_each_type_is_accepted_and_stored_as_it_was_given(artifact_type: ArtifactType):
    given = example(artifact_type)
    stored = validate(artifact_type, given).wire()
    assert _contains(stored, given)
    assert validate(artifact_type, stored).wire() == stored


def _contains(stored: Any, given: Any) -> bool:
    if isinstance(given, dict):
        return all(key in stored and _contains(stored[key], value) for key, value in given.items())
    if isinstance(given, list):
        return len(stored) == len(given) and all(_contains(s, g) for s, g in zip(stored, given, strict=True))
    return stored == given


@pytest.mark.parametrize("artifact_type", TYPES)
def test_keys_may_be_snake_case_as_well(artifact_type: ArtifactType):
    document = validate(artifact_type, example(artifact_type))
    snake = document.model_dump(mode="json", by_alias=False)
    assert validate(artifact_type, snake) == document


@pytest.mark.parametrize("artifact_type", TYPES)
def test_an_unknown_field_is_refused_by_name(artifact_type: ArtifactType):
    fields = refused(artifact_type, {**example(artifact_type), "surprise": 1})
    assert fields == {"surprise": "is not a field of this document"}


@pytest.mark.parametrize("artifact_type", TYPES)
@pytest.mark.parametrize("rubbish", [None, [], "text", 7])
def test_what_is_not_a_group_of_fields_is_refused_in_a_sentence(artifact_type: ArtifactType, rubbish: object):
    with pytest.raises(Invalid, match="must be a group of fields"):
        validate(artifact_type, rubbish)


@pytest.mark.parametrize("artifact_type", TYPES)
def test_every_field_is_described_for_whoever_fills_it(artifact_type: ArtifactType):
    for model in models_below(SPECS[artifact_type].schema, set()):
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{name} has no description"
            assert field.description.endswith((".", ")")), f"{model.__name__}.{name}"


@pytest.mark.parametrize("artifact_type", TYPES)
def test_schemas_hold_no_free_form_mapping_so_that_a_model_can_be_held_to_them(artifact_type: ArtifactType):
    waiting: list[Any] = [SPECS[artifact_type].schema.model_json_schema()]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if part.get("type") == "object":
                assert part["additionalProperties"] is False
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def test_missing_fields_are_named_with_their_path():
    canon = example("client_canon")
    del canon["offers"][0]["primary"]
    del canon["brand"]["story"]
    assert refused("client_canon", canon) == {
        "brand.story": "is required",
        "offers.0.primary": "is required",
    }


def test_blank_text_counts_as_empty():
    canon = example("client_canon")
    canon["brand"]["story"] = "  \n "
    assert refused("client_canon", canon) == {"brand.story": "is empty"}


def test_text_beyond_twenty_thousand_characters_is_refused():
    canon = example("client_canon")
    canon["brand"]["story"] = "a" * 20_001
    assert "longer than 20,000 characters" in refused("client_canon", canon)["brand.story"]


def test_a_list_beyond_a_thousand_entries_is_refused():
    canon = example("client_canon")
    canon["brand"]["values"] = ["honest"] * 1_001
    assert refused("client_canon", canon) == {"brand.values": "has more than 1,000 entries"}


@pytest.mark.parametrize("text", ["nul \x00 inside", "half a pair \ud83d"])
def test_characters_the_database_cannot_keep_are_refused_at_their_field(text: str):
    intake = example("intake")
    intake["voice"]["tone"] = text
    assert refused("intake", intake) == {"voice.tone": "holds characters that cannot be stored"}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "lumen.example", "https://", "http://[::1", "ftp://a.b"])
def test_addresses_in_a_canon_lead_to_the_web_and_nowhere_else(address: str):
    canon = example("client_canon")
    canon["brand"]["visualStyleRefs"]["logoUrl"] = address
    assert "must be a web address" in refused("client_canon", canon)["brand.visualStyleRefs.logoUrl"]


def test_money_keeps_its_cents_exactly():
    canon = example("client_canon")
    canon["offers"][0]["pricePoints"][0]["amount"] = 0.1
    stored = validate("client_canon", canon).wire()
    assert stored["offers"][0]["pricePoints"][0]["amount"] == "0.10"


def test_facts_beside_a_snippet_may_come_as_a_mapping():
    canon = example("client_canon")
    canon["voiceOfCustomer"]["reviews"][0]["extra"] = {"rating": 5, "author": None}
    stored = validate("client_canon", canon).wire()
    assert stored["voiceOfCustomer"]["reviews"][0]["extra"] == [
        {"name": "rating", "value": "5"},
        {"name": "author", "value": ""},
    ]


def test_identifiers_are_used_once():
    canon = example("client_canon")
    canon["icps"].append(dict(canon["icps"][0]))
    assert refused("client_canon", canon) == {"icps.1.id": '"renter" is used twice'}


def test_everything_a_metric_schema_refers_to_must_be_in_it():
    schema = example("metric_schema")
    schema["primaryMetricId"] = "profit"
    schema["kpis"][0]["metricId"] = "happiness"
    schema["funnel"][1]["eventId"] = "refund"
    schema["events"][0]["source"] = "crystal ball"
    assert refused("metric_schema", schema) == {
        "primaryMetricId": '"profit" is not in metrics',
        "kpis.0.metricId": '"happiness" is not in metrics',
        "funnel.1.eventId": '"refund" is not in events',
        "events.0.source": '"crystal ball" is not in dataSources',
    }


@pytest.mark.parametrize("shares", [(0.7, 0.3), (0.6, 0.39), (0.71, 0.3)])
def test_budget_shares_that_add_up_to_one_within_a_hundredth_are_accepted(shares: tuple[float, float]):
    sheet = example("strategy_sheet")
    for channel, share in zip(sheet["channels"], shares, strict=True):
        channel["budgetShare"] = share
    validate("strategy_sheet", sheet)


@pytest.mark.parametrize("shares", [(0.7, 0.2), (0.9, 0.2)])
def test_budget_shares_that_do_not_add_up_are_refused_with_their_sum(shares: tuple[float, float]):
    sheet = example("strategy_sheet")
    for channel, share in zip(sheet["channels"], shares, strict=True):
        channel["budgetShare"] = share
    assert refused("strategy_sheet", sheet) == {
        "channels": f"budget shares add up to {sum(shares):.2f}; they must add up to 1"
    }


def test_a_budget_runs_from_low_to_high():
    sheet = example("strategy_sheet")
    sheet["goal"]["budgetMin"] = "7000"
    assert refused("strategy_sheet", sheet) == {"goal.budgetMax": "is below budgetMin"}


def test_a_proof_without_evidence_is_no_proof():
    sheet = example("strategy_sheet")
    sheet["messaging"]["proof"][0]["evidenceIds"] = []
    assert refused("strategy_sheet", sheet) == {"messaging.proof.0.evidenceIds": "needs at least 1"}


def test_the_sample_size_is_computed_and_a_guess_is_replaced():
    spec = example("experiment_spec")
    spec["sampleSizePerVariant"] = 100
    assert validate("experiment_spec", spec).wire()["sampleSizePerVariant"] == 8_143


def test_an_effect_that_would_pass_one_hundred_per_cent_has_no_sample_size():
    spec = example("experiment_spec")
    spec["baselineRate"], spec["minimumDetectableEffect"] = 0.6, 0.8
    assert "no sample size fits these rates" in refused("experiment_spec", spec)["document"]


@pytest.mark.parametrize("controls", [(False, False), (True, True)])
def test_an_experiment_has_exactly_one_control(controls: tuple[bool, bool]):
    spec = example("experiment_spec")
    for variant, is_control in zip(spec["variants"], controls, strict=True):
        variant["isControl"] = is_control
    assert "exactly one variant must be the control" in refused("experiment_spec", spec)["variants"]


@pytest.mark.parametrize("score", [-0.1, 10.1])
def test_a_score_lies_between_nought_and_ten(score: float):
    assert "score" in refused("qa_report", {**example("qa_report"), "score": score})


def test_an_uneven_split_leaves_no_verdict_but_inconclusive():
    report = example("experiment_report")
    report["sampleRatioMismatch"] = {"p": 0.0002, "ok": False}
    assert refused("experiment_report", report) == {
        "decision": "must be inconclusive: users were not split as intended"
    }
    validate("experiment_report", {**report, "decision": "inconclusive"})


def test_a_word_outside_the_choices_is_answered_with_the_choices():
    fields = refused("qa_report", {**example("qa_report"), "verdict": "maybe"})
    assert fields == {"verdict": "must be one of 'pass', 'needs_changes' or 'fail'"}


def test_an_intake_may_be_empty_or_half_filled():
    validate("intake", {})
    validate("intake", {"identity": {"name": "Lumen"}, "goals": {"startDate": "soon", "budgetMax": 6000}})
