"""The offline writer's composing half: sources in, drafts out. No SDK, no database, no clock, no chance.

The same sources give the same draft. Whatever a draft says about the client stands in a source; quotes are verbatim.
"""

from assistant.models.offline.compose.answers import answer_question
from assistant.models.offline.compose.article import join_article, strip_quote_ids
from assistant.models.offline.compose.article_plan import outline_article
from assistant.models.offline.compose.article_sections import write_section
from assistant.models.offline.compose.brand_review import review_brand
from assistant.models.offline.compose.canon import build_canon
from assistant.models.offline.compose.compliance_review import review_compliance
from assistant.models.offline.compose.describe import describe_page
from assistant.models.offline.compose.email_draft import write_email
from assistant.models.offline.compose.intent import Intent, read_intent
from assistant.models.offline.compose.landing import outline_landing_page
from assistant.models.offline.compose.metric_schema import build_metric_schema
from assistant.models.offline.compose.research import propose_research
from assistant.models.offline.compose.series_email import write_series_email
from assistant.models.offline.compose.series_plan import plan_series
from assistant.models.offline.compose.sources import ClientFacts, Composed, Sources, Swipe, VocSnippet
from assistant.models.offline.compose.strategy import build_strategy

__all__ = [
    "ClientFacts",
    "Composed",
    "Intent",
    "Sources",
    "Swipe",
    "VocSnippet",
    "answer_question",
    "build_canon",
    "build_metric_schema",
    "build_strategy",
    "describe_page",
    "join_article",
    "outline_article",
    "outline_landing_page",
    "plan_series",
    "propose_research",
    "read_intent",
    "review_brand",
    "review_compliance",
    "strip_quote_ids",
    "write_email",
    "write_section",
    "write_series_email",
]
