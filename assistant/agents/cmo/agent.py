"""The CMO: talks with the marketer, keeps client and campaign in view, decides who works."""

from assistant.agents.cmo.offline import plan
from assistant.agents.definition import AgentSpec

CMO = AgentSpec(
    id="cmo",
    name="CMO",
    does="talks with you, decides who works, reviews what comes back",
    role="manager",
    plan=plan,
    tools=(
        "list_clients",
        "create_client",
        "choose_client",
        "list_campaigns",
        "create_campaign",
        "choose_campaign",
        "get_intake",
        "list_artifacts",
        "get_artifact",
        "show_document",
        "read_voice_of_customer",
        "read_swipes",
        "check_gate",
        "compare_artifacts",
        "list_assets",
        "get_asset",
        "show_asset",
        "list_inbox",
        "list_comments",
        "add_comment",
        "get_budget",
        "start_run",
        "list_runs",
        "get_run",
        "stop_run",
        "resume_run",
    ),
    hands_to=(
        "planner",
        "seo_writer",
        "email_marketer",
    ),
    consults=(
        "brand_critic",
        "compliance_critic",
    ),
)
