"""The bodies of all runs, one a file, each readable as a table of contents. A body only calls steps, waits, branches."""

from typing import Any

from assistant.runs.protocol import Workflow
from assistant.workflows import (
    campaign_planning,
    client_onboarding,
    creative_production,
    email_create,
    email_series,
    experiment_design,
    knowledge_import,
    landing_page,
    plan_then_do,
    polish,
    seo_optimize,
    seo_research,
    seo_write,
    test_campaign,
)

_ALL: tuple[Workflow[Any], ...] = (
    client_onboarding.WORKFLOW,
    campaign_planning.WORKFLOW,
    experiment_design.WORKFLOW,
    creative_production.WORKFLOW,
    seo_research.WORKFLOW,
    seo_write.WORKFLOW,
    landing_page.WORKFLOW,
    polish.WORKFLOW,
    seo_optimize.WORKFLOW,
    email_create.WORKFLOW,
    email_series.WORKFLOW,
    knowledge_import.WORKFLOW,
    plan_then_do.WORKFLOW,
    test_campaign.WORKFLOW,
)

WORKFLOWS: dict[str, Workflow[Any]] = {workflow.kind: workflow for workflow in _ALL}
