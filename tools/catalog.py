"""The one list of tools. What is not in it exists on no surface."""

from tools.approvals.decide_approval import DECIDE_APPROVAL
from tools.approvals.list_inbox import LIST_INBOX
from tools.artifacts.check_gate import CHECK_GATE
from tools.artifacts.compare_artifacts import COMPARE_ARTIFACTS
from tools.artifacts.decide_artifact import DECIDE_ARTIFACT
from tools.artifacts.edit_artifact import EDIT_ARTIFACT
from tools.artifacts.get_artifact import GET_ARTIFACT
from tools.artifacts.list_artifacts import LIST_ARTIFACTS
from tools.artifacts.show_document import SHOW_DOCUMENT
from tools.assets.decide_asset import DECIDE_ASSET
from tools.assets.decide_assets import DECIDE_ASSETS
from tools.assets.edit_asset import EDIT_ASSET
from tools.assets.export_asset import EXPORT_ASSET
from tools.assets.get_asset import GET_ASSET
from tools.assets.list_assets import LIST_ASSETS
from tools.assets.publish_asset import PUBLISH_ASSET
from tools.assets.show_asset import SHOW_ASSET
from tools.budget.get_budget import GET_BUDGET
from tools.budget.new_budget_period import NEW_BUDGET_PERIOD
from tools.budget.set_budget import SET_BUDGET
from tools.checks.apply_mend import APPLY_MEND
from tools.checks.check_asset import CHECK_ASSET
from tools.checks.review_text import REVIEW_TEXT
from tools.claims.accept_claim import ACCEPT_CLAIM
from tools.claims.accept_finding import ACCEPT_FINDING
from tools.claims.add_evidence import ADD_EVIDENCE
from tools.claims.check_claims import CHECK_CLAIMS
from tools.claims.find_evidence import FIND_EVIDENCE
from tools.claims.list_claims import LIST_CLAIMS
from tools.clients.choose_campaign import CHOOSE_CAMPAIGN
from tools.clients.choose_client import CHOOSE_CLIENT
from tools.clients.create_campaign import CREATE_CAMPAIGN
from tools.clients.create_client import CREATE_CLIENT
from tools.clients.list_campaigns import LIST_CAMPAIGNS
from tools.clients.list_clients import LIST_CLIENTS
from tools.comments.add_comment import ADD_COMMENT
from tools.comments.list_comments import LIST_COMMENTS
from tools.comments.resolve_comment import RESOLVE_COMMENT
from tools.emails.check_email import CHECK_EMAIL
from tools.emails.convert_email import CONVERT_EMAIL
from tools.emails.edit_email import EDIT_EMAIL
from tools.emails.export_email import EXPORT_EMAIL
from tools.emails.get_series import GET_SERIES
from tools.emails.list_series import LIST_SERIES
from tools.emails.preview_email import PREVIEW_EMAIL
from tools.emails.schedule_series import SCHEDULE_SERIES
from tools.emails.send_test_email import SEND_TEST_EMAIL
from tools.emails.show_series import SHOW_SERIES
from tools.emails.unschedule_series import UNSCHEDULE_SERIES
from tools.imports.import_swipes import IMPORT_SWIPES
from tools.imports.import_voc import IMPORT_VOC
from tools.intake.check_intake import CHECK_INTAKE
from tools.intake.fill_intake import FILL_INTAKE
from tools.intake.get_intake import GET_INTAKE
from tools.intake.import_brief import IMPORT_BRIEF
from tools.proposals.dismiss_edits import DISMISS_EDITS
from tools.proposals.get_proposal import GET_PROPOSAL
from tools.proposals.take_edits import TAKE_EDITS
from tools.research.get_research import GET_RESEARCH
from tools.research.list_research import LIST_RESEARCH
from tools.research.read_site_map import READ_SITE_MAP
from tools.research.show_research import SHOW_RESEARCH
from tools.runs.decide_run import DECIDE_RUN
from tools.runs.get_run import GET_RUN
from tools.runs.interrupt_run import INTERRUPT_RUN
from tools.runs.list_run_agents import LIST_RUN_AGENTS
from tools.runs.list_run_outputs import LIST_RUN_OUTPUTS
from tools.runs.list_runs import LIST_RUNS
from tools.runs.resume_run import RESUME_RUN
from tools.runs.signal_run import SIGNAL_RUN
from tools.runs.start_run import START_RUN
from tools.runs.stop_run import STOP_RUN
from tools.sources.read_document import READ_DOCUMENT
from tools.spec import AnyTool
from tools.swipes.find_similar import FIND_SIMILAR
from tools.swipes.get_swipe import GET_SWIPE
from tools.swipes.save_swipe import SAVE_SWIPE
from tools.swipes.search_swipes import SEARCH_SWIPES
from tools.swipes.tag_swipe import TAG_SWIPE
from tools.voc.list_themes import LIST_THEMES
from tools.voc.search_voc import SEARCH_VOC

_ALL: tuple[AnyTool, ...] = (
    CHOOSE_CAMPAIGN,
    CHOOSE_CLIENT,
    CREATE_CAMPAIGN,
    CREATE_CLIENT,
    LIST_CAMPAIGNS,
    LIST_CLIENTS,
    CHECK_INTAKE,
    FILL_INTAKE,
    GET_INTAKE,
    IMPORT_BRIEF,
    IMPORT_SWIPES,
    IMPORT_VOC,
    CHECK_GATE,
    COMPARE_ARTIFACTS,
    DECIDE_ARTIFACT,
    EDIT_ARTIFACT,
    GET_ARTIFACT,
    LIST_ARTIFACTS,
    SHOW_DOCUMENT,
    ADD_COMMENT,
    LIST_COMMENTS,
    RESOLVE_COMMENT,
    DECIDE_ASSET,
    DECIDE_ASSETS,
    ACCEPT_CLAIM,
    ACCEPT_FINDING,
    ADD_EVIDENCE,
    CHECK_CLAIMS,
    FIND_EVIDENCE,
    LIST_CLAIMS,
    EDIT_ASSET,
    GET_ASSET,
    LIST_ASSETS,
    PUBLISH_ASSET,
    EXPORT_ASSET,
    GET_PROPOSAL,
    TAKE_EDITS,
    DISMISS_EDITS,
    SHOW_ASSET,
    APPLY_MEND,
    CHECK_ASSET,
    REVIEW_TEXT,
    CHECK_EMAIL,
    CONVERT_EMAIL,
    EDIT_EMAIL,
    EXPORT_EMAIL,
    GET_SERIES,
    LIST_SERIES,
    PREVIEW_EMAIL,
    SCHEDULE_SERIES,
    SEND_TEST_EMAIL,
    SHOW_SERIES,
    UNSCHEDULE_SERIES,
    DECIDE_APPROVAL,
    LIST_INBOX,
    GET_BUDGET,
    NEW_BUDGET_PERIOD,
    SET_BUDGET,
    DECIDE_RUN,
    GET_RUN,
    INTERRUPT_RUN,
    LIST_RUN_AGENTS,
    LIST_RUN_OUTPUTS,
    LIST_RUNS,
    RESUME_RUN,
    SIGNAL_RUN,
    START_RUN,
    STOP_RUN,
    READ_DOCUMENT,
    GET_RESEARCH,
    LIST_RESEARCH,
    READ_SITE_MAP,
    SHOW_RESEARCH,
    FIND_SIMILAR,
    GET_SWIPE,
    SAVE_SWIPE,
    SEARCH_SWIPES,
    TAG_SWIPE,
    LIST_THEMES,
    SEARCH_VOC,
)

CATALOG: dict[str, AnyTool] = {tool.name: tool for tool in _ALL}
