"""The list of artifact types against the specification's tables."""

from knowledge.artifacts.registry import SPECS, TYPES, downstream


def test_all_types_are_there_in_one_order():
    """The thirteen of the specification, and the plan of a piece of work."""
    assert tuple(SPECS) == TYPES
    assert len(TYPES) == 14 and TYPES[-1] == "plan"


def test_a_type_requires_only_what_comes_before_it():
    for spec in SPECS.values():
        assert all(TYPES.index(required) < TYPES.index(spec.type) for required in spec.requires)


def test_delivery_waits_for_the_four_documents_it_is_made_of():
    assert SPECS["delivery"].requires == ("intake", "strategy_sheet", "creatives", "execution")


def test_a_change_of_the_intake_reaches_everything_but_the_reviews():
    assert set(downstream("intake")) == set(TYPES) - {"intake", "qa_report", "plan"}


def test_downstream_goes_to_any_depth_and_stops_there():
    assert downstream("experiment_spec") == ("asset_brief", "experiment_report", "playbook")
    assert downstream("creatives") == ("execution", "monitoring", "delivery")
    assert downstream("playbook") == ()


def test_admin_and_partner_may_approve_everything():
    assert all({"admin", "partner"} <= spec.approver_roles for spec in SPECS.values())


def test_roles_decide_as_the_role_table_says():
    decides = {name: SPECS[name].approver_roles - {"admin", "partner"} for name in TYPES}
    assert decides["intake"] == decides["client_canon"] == {"strategy", "ops"}
    assert decides["metric_schema"] == {"data", "performance", "strategy"}
    assert decides["strategy_sheet"] == {"strategy", "creative"}
    assert decides["experiment_spec"] == {"experiment", "performance", "strategy"}
    assert decides["asset_brief"] == decides["creatives"] == decides["qa_report"] == {"creative", "legal"}
    assert decides["execution"] == decides["monitoring"] == decides["delivery"] == {"ops", "strategy"}
    assert decides["experiment_report"] == decides["playbook"] == {"experiment", "strategy"}


def test_every_approval_names_a_next_step():
    assert all(0 < len(spec.next_step) <= 30 for spec in SPECS.values())
    assert SPECS["intake"].next_step == "Onboard now"
