"""The planner: intake, canon, metric schema, strategy."""

from assistant.agents.definition import AgentSpec
from assistant.agents.planner.offline import plan
from assistant.agents.planning import takes_plans

PLANNER = AgentSpec(
    id="planner",
    name="Planner",
    does="turns answers into intake, canon, metrics and strategy",
    role="drafter",
    plan=takes_plans(plan),
    tools=(
        "get_intake",
        "list_artifacts",
        "get_artifact",
        "show_document",
        "search_voc",
        "list_themes",
        "search_swipes",
        "get_swipe",
        "read_document",
        "fill_intake",
        "check_intake",
        "check_gate",
        "create_campaign",
        "choose_campaign",
        "list_campaigns",
        "edit_artifact",
        "compare_artifacts",
        "list_comments",
        "start_run",
        "get_run",
    ),
    hands_to=("cmo",),
    consults=(
        "brand_critic",
        "compliance_critic",
    ),
)
