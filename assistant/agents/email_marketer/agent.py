"""The email marketer: emails with subject, preheader, body and plain text."""

from assistant.agents.definition import AgentSpec
from assistant.agents.email_marketer.offline import plan
from assistant.agents.planning import takes_plans

EMAIL_MARKETER = AgentSpec(
    id="email_marketer",
    name="Email marketer",
    does="writes emails and series",
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
        "list_assets",
        "get_asset",
        "list_claims",
        "find_evidence",
        "add_evidence",
        "show_asset",
        "edit_asset",
        "review_text",
        "check_asset",
        "apply_mend",
        "edit_email",
        "check_email",
        "preview_email",
        "convert_email",
        "list_series",
        "get_series",
        "show_series",
        "start_run",
        "get_run",
    ),
    hands_to=("cmo",),
    consults=(
        "brand_critic",
        "compliance_critic",
    ),
)
