"""The SEO writer: articles, from outline to draft."""

from assistant.agents.definition import AgentSpec
from assistant.agents.planning import takes_plans
from assistant.agents.seo_writer.offline import plan

SEO_WRITER = AgentSpec(
    id="seo_writer",
    name="SEO writer",
    does="researches, outlines and writes articles",
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
        "list_research",
        "get_research",
        "show_research",
        "read_site_map",
        "list_assets",
        "get_asset",
        "list_claims",
        "find_evidence",
        "add_evidence",
        "show_asset",
        "get_proposal",
        "export_asset",
        "edit_asset",
        "review_text",
        "check_asset",
        "apply_mend",
        "start_run",
        "get_run",
    ),
    hands_to=("cmo",),
    consults=(
        "brand_critic",
        "compliance_critic",
    ),
)
