"""One content, one hash."""

import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.artifacts.hashes import canonical_json, content_hash, inputs_hash
from knowledge.artifacts.registry import TYPES, ArtifactType, validate
from tests.knowledge.artifacts.examples import example

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


@given(json_values)
def test_the_order_of_keys_does_not_matter(value: Any):
    assert content_hash(value) == content_hash(reordered(value))


@given(json_values)
def test_a_trip_through_json_does_not_matter(value: Any):
    assert content_hash(json.loads(json.dumps(value))) == content_hash(value)


@given(json_values, json_values)
def test_different_content_has_a_different_hash(one: Any, other: Any):
    assert (content_hash(one) == content_hash(other)) == (canonical_json(one) == canonical_json(other))


@pytest.mark.parametrize("artifact_type", TYPES)
def test_a_document_and_its_stored_form_have_one_hash(artifact_type: ArtifactType):
    document = validate(artifact_type, example(artifact_type))
    assert content_hash(document) == content_hash(document.wire()) == content_hash(document.model_dump())


def test_the_canonical_form_is_fixed():
    value = {"b": [1.0, Decimal("1.50"), dt.date(2026, 3, 1)], "a": "Größe", "c": None, "d": uuid.UUID(int=1)}
    assert canonical_json(value).decode() == (
        '{"a":"Größe","b":[1,"1.50","2026-03-01"],"c":null,"d":"00000000-0000-0000-0000-000000000001"}'
    )


def test_text_is_hashed_as_it_stands():
    assert content_hash("caf\u00e9") != content_hash("cafe\u0301")


def test_true_is_not_one_and_text_is_not_a_number():
    assert len({content_hash(value) for value in (True, 1, "1", "true", [1], None)}) == 6


def test_inputs_hash_moves_with_a_version_a_source_and_an_input_and_with_nothing_else():
    base = inputs_hash({"intake": (1, "aa"), "canon": (2, "bb")}, {"goal": "sales", "n": 3})
    assert base == inputs_hash({"canon": (2, "bb"), "intake": (1, "aa")}, {"n": 3, "goal": "sales"})
    assert base != inputs_hash({"intake": (2, "aa"), "canon": (2, "bb")}, {"goal": "sales", "n": 3})
    assert base != inputs_hash({"intake": (1, "ab"), "canon": (2, "bb")}, {"goal": "sales", "n": 3})
    assert base != inputs_hash({"intake": (1, "aa"), "canon": (2, "bb")}, {"goal": "leads", "n": 3})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_hold_is_refused(value: float):
    with pytest.raises(ValueError, match="not JSON compliant"):
        content_hash({"rate": value})


@pytest.mark.parametrize("value", [object(), b"bytes", {1: "a key that is not text"}])
def test_what_has_no_canonical_form_is_refused(value: object):
    with pytest.raises(TypeError):
        content_hash(value)
