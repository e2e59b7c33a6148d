"""When work may start, and what a marketer reads when it may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.artifacts.gates import UpstreamState, check_gate
from knowledge.artifacts.registry import SPECS, TYPES, ArtifactType

STATUSES = ("draft", "approved", "revised", "flagged_for_review", "archived")
states = st.none() | st.builds(
    UpstreamState, st.integers(1, 99), st.sampled_from(STATUSES), st.none() | st.just("intake went from v1 to v2")
)


def test_every_reason_is_given_at_once_in_a_marketers_words():
    gate = check_gate(
        "strategy_sheet", {"intake": UpstreamState(2, "draft"), "client_canon": UpstreamState(1, "approved")}
    )
    assert not gate.allowed
    assert gate.sentence == (
        "strategy_sheet is blocked: intake is draft (v2) and must be approved; metric_schema is missing"
    )


def test_a_flagged_document_blocks_with_its_reason():
    gate = check_gate(
        "metric_schema", {"client_canon": UpstreamState(3, "flagged_for_review", "intake went from v1 to v2")}
    )
    assert gate.reasons == ("client_canon is flagged for review (v3): intake went from v1 to v2",)


def test_a_revised_document_must_be_approved_again():
    gate = check_gate("client_canon", {"intake": UpstreamState(4, "revised")})
    assert gate.sentence == "client_canon is blocked: intake is revised (v4) and must be approved"


@pytest.mark.parametrize("artifact_type", ["intake", "qa_report"])
def test_what_requires_nothing_can_always_start(artifact_type: ArtifactType):
    assert check_gate(artifact_type, {}).allowed


def test_an_unknown_status_is_a_bug_and_not_an_open_gate():
    with pytest.raises(ValueError, match="unknown artifact status"):
        check_gate("client_canon", {"intake": UpstreamState(1, "nearly")})


@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(TYPES), states))
def test_a_gate_is_open_exactly_when_all_that_is_required_is_approved(
    artifact_type: ArtifactType, upstream: dict[ArtifactType, UpstreamState | None]
):
    gate = check_gate(artifact_type, upstream)
    found = {name: upstream.get(name) for name in SPECS[artifact_type].requires}
    in_the_way = [name for name, state in found.items() if state is None or state.status != "approved"]
    assert gate.allowed == (not in_the_way)
    assert [reason.split(" is ")[0] for reason in gate.reasons] == in_the_way
