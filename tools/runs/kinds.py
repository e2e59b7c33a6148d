"""The kinds of work an agent may start, and which of its answers each takes."""

from typing import Literal

Kind = Literal[
    "client_onboarding",
    "campaign_planning",
    "experiment_design",
    "creative_production",
    "plan_then_do",
    "seo_research",
    "seo_write",
    "landing_page",
    "email_create",
    "email_series",
    "polish",
    "test_campaign",
    "seo_optimize",
]

#: who may plan and carry out a task
Worker = Literal["planner", "seo_writer", "email_marketer", "experiment_architect"]

_PAGE = ("client_id", "campaign_id", "brief", "language", "research_id", "approve_outline")
_EDIT = ("client_id", "campaign_id", "asset_id", "note")
#: names as the workflow's input has them
TAKES: dict[Kind, tuple[str, ...]] = {
    "client_onboarding": ("client_id",),
    "campaign_planning": ("client_id", "campaign_id", "goal"),
    "experiment_design": ("client_id", "campaign_id", "constraints"),
    "creative_production": ("client_id", "campaign_id", "experiment_ids", "at_once", "variants", "only_briefs"),
    "plan_then_do": ("client_id", "campaign_id", "task", "agent", "gather"),
    "seo_research": ("client_id", "campaign_id", "topic", "urls", "language"),
    "seo_write": _PAGE,
    "landing_page": (*_PAGE, "stage", "offer"),
    "email_create": ("client_id", "campaign_id", "brief", "language", "dialect"),
    "email_series": ("client_id", "campaign_id", "brief", "language", "dialect", "count", "tone"),
    "polish": _EDIT,
    "test_campaign": ("payload", "goal"),
    "seo_optimize": _EDIT,
}
#: what the work cannot begin without
NEEDS: dict[Kind, tuple[str, ...]] = {
    "client_onboarding": (),
    "campaign_planning": ("campaign_id",),
    "experiment_design": ("campaign_id",),
    "creative_production": ("campaign_id",),
    "plan_then_do": ("task",),
    "seo_research": ("topic",),
    "seo_write": ("brief",),
    "landing_page": ("brief",),
    "email_create": ("brief",),
    "email_series": ("brief", "count"),
    "polish": ("asset_id",),
    "test_campaign": (),
    "seo_optimize": ("asset_id",),
}
