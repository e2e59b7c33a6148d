"""The media and experiment architect: experiment specs, briefs, budgets per channel."""

from assistant.agents.definition import AgentSpec
from assistant.agents.experiment_architect.offline import plan
from assistant.agents.planning import takes_plans

EXPERIMENT_ARCHITECT = AgentSpec(
    id="experiment_architect",
    name="Media & experiment architect",
    does="designs experiments, writes their briefs, parts budgets over channels",
    role="drafter",
    plan=takes_plans(plan),
    tools=(
        "list_artifacts",
        "get_artifact",
        "show_document",
        "check_gate",
        "list_campaigns",
        "search_voc",
        "search_swipes",
        "get_swipe",
        "list_comments",
        "edit_artifact",
        "compare_artifacts",
        "start_run",
        "get_run",
    ),
    hands_to=("cmo",),
)
