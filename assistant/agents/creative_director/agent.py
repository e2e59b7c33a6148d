"""The creative director: variants from briefs."""

from assistant.agents.creative_director.offline import plan
from assistant.agents.definition import AgentSpec

CREATIVE_DIRECTOR = AgentSpec(
    id="creative_director",
    name="Creative director",
    does="makes variants of ads, scripts, page sections and emails from briefs",
    role="drafter",
    plan=plan,
    tools=(
        "list_artifacts",
        "get_artifact",
        "show_document",
        "search_voc",
        "search_swipes",
        "get_swipe",
        "list_assets",
        "get_asset",
        "show_asset",
        "start_run",
        "get_run",
    ),
    hands_to=("cmo",),
    consults=(
        "brand_critic",
        "compliance_critic",
    ),
)
