"""What changed between two versions."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.artifacts.diff import Change, compare, words
from knowledge.artifacts.registry import TYPES, ArtifactType, validate
from tests.knowledge.artifacts.examples import example

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "icpId", "a", "b"]), inner),
    max_leaves=10,
)
documents = st.dictionaries(st.sampled_from(["offers", "brand", "icps", "story"]), json_values)


def told(value: Any) -> Any:
    """The value without the fields that say nothing, which is what a comparison looks at."""
    if isinstance(value, dict):
        kept = {key: told(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in (None, "", [], {}) or inner is False}
    return [told(item) for item in value] if isinstance(value, list) else value


def test_a_changed_field_is_named_as_people_read_it():
    new = example("client_canon")
    new["offers"][0]["pricePoints"][0]["amount"] = "39.00"
    assert compare(example("client_canon"), new) == [
        Change("offers.0.pricePoints.0.amount", "Offers › 1 › Price points › 1 › Amount", "changed", "42.00", "39.00")
    ]


def test_entries_with_an_identifier_are_followed_when_the_list_is_rearranged():
    old, new = example("client_canon"), example("client_canon")
    second = {**old["icps"][0], "id": "host", "name": "The host"}
    old["icps"].append(second)
    new["icps"] = [{**second, "name": "The dinner host"}, new["icps"][0]]
    changes = compare(old, new)
    assert [(c.path, c.kind) for c in changes] == [("icps.0.name", "changed"), ("icps", "changed")]
    assert (changes[1].before, changes[1].after) == (["renter", "host"], ["host", "renter"])


def test_an_entry_that_came_or_went_is_shown_whole():
    old, new = example("metric_schema"), example("metric_schema")
    new["kpis"] = [{"metricId": "cvr", "target": 0.03}]
    assert [(c.path, c.kind) for c in compare(old, new)] == [("kpis.0", "added"), ("kpis.0", "removed")]


def test_plain_lists_are_compared_by_content():
    old, new = example("client_canon"), example("client_canon")
    old["brand"]["values"] = ["Honest", "Warm", "Warm"]
    new["brand"]["values"] = ["Brave", "Warm", "Honest"]
    assert [(c.path, c.kind, c.before, c.after) for c in compare(old, new)] == [
        ("brand.values.0", "added", None, "Brave"),
        ("brand.values.2", "removed", "Warm", None),
    ]


def test_a_list_that_was_only_rearranged_is_one_change():
    old, new = example("client_canon"), example("client_canon")
    old["brand"]["values"], new["brand"]["values"] = ["Honest", "Warm"], ["Warm", "Honest"]
    assert [(c.path, c.kind) for c in compare(old, new)] == [("brand.values", "changed")]


def test_a_first_version_is_all_new():
    changes = compare(None, example("playbook"))
    assert [(c.label, c.kind) for c in changes] == [("Scope", "added"), ("Entries", "added")]


@pytest.mark.parametrize("artifact_type", TYPES)
def test_filling_in_the_empty_fields_of_a_document_changes_nothing(artifact_type: ArtifactType):
    given_data = example(artifact_type)
    stored = validate(artifact_type, given_data).wire()
    expected = {"noWebsiteYet", "sampleSizePerVariant"}
    assert {c.path.split(".")[-1] for c in compare(given_data, stored)} <= expected | DEFAULTS


DEFAULTS = {"windowDays", "model", "context", "status", "alpha", "power", "language", "languages"}


@given(documents, documents)
def test_there_are_changes_exactly_when_the_documents_say_different_things(old: dict[str, Any], new: dict[str, Any]):
    same = repr(_sorted(told(old))) == repr(_sorted(told(new)))
    assert (compare(old, new) == []) == same


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


@given(documents, documents)
def test_looking_backwards_turns_added_into_removed(old: dict[str, Any], new: dict[str, Any]):
    mirrored = {"added": "removed", "removed": "added", "changed": "changed"}
    forward = sorted((c.path, c.kind) for c in compare(old, new) if c.kind != "changed")
    backward = sorted((c.path, mirrored[c.kind]) for c in compare(new, old) if c.kind != "changed")
    assert [kind for _, kind in forward].count("added") == [kind for _, kind in backward].count("added")


@given(documents)
def test_nothing_differs_from_itself(document: dict[str, Any]):
    assert compare(document, document) == []


@given(st.text(), st.text())
def test_the_spans_of_a_text_put_both_versions_together_again(before: str, after: str):
    spans = words(before, after)
    assert "".join(text for op, text in spans if op != "added") == before
    assert "".join(text for op, text in spans if op != "removed") == after


def test_spans_follow_words():
    assert words("Light it. Sit down.", "Light it. Lie down.") == [
        ("same", "Light it. "),
        ("removed", "Sit "),
        ("added", "Lie "),
        ("same", "down."),
    ]


def test_two_long_repetitive_texts_are_compared_in_a_moment():
    started = time.perf_counter()
    words("a b " * 5_000, "b a " * 5_000)
    assert time.perf_counter() - started < 5
