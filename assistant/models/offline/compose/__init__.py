"""The offline writer's composing half: sources in, drafts out. No SDK, no database, no clock, no chance.

The same sources give the same draft. Whatever a draft says about the client stands in a source; quotes are verbatim.
"""

from assistant.models.offline.compose.canon import build_canon
from assistant.models.offline.compose.metric_schema import build_metric_schema
from assistant.models.offline.compose.sources import ClientFacts, Composed, Sources, Swipe, VocSnippet
from assistant.models.offline.compose.strategy import build_strategy

__all__ = [
    "ClientFacts",
    "Composed",
    "Sources",
    "Swipe",
    "VocSnippet",
    "build_canon",
    "build_metric_schema",
    "build_strategy",
]
