"""The outline of a landing page: the article's sections that visitors of a stage need, in their order.

Research is left to articles: a page that sells does not quote competing pages.
"""

from dataclasses import replace

from assistant.models.offline.compose.article_plan import outline_article
from assistant.models.offline.compose.sources import Composed, Sources

#: the pattern whose sections a stage is told in (article_parts.SECTIONS), and those it leaves out
_PATTERNS = {
    "cold": ("problem-agitate-solve", ("checklist",)),
    "warm": ("before-after-bridge", ("before", "fit")),
    "email": ("before-after-bridge", ("before", "after", "fit")),
    "organic": ("how-to", ("mistakes",)),
}


def outline_landing_page(sources: Sources) -> Composed:
    """As an article's outline; ``goal`` names the stage (cold, warm, email, organic)."""
    pattern, without = _PATTERNS.get(sources.goal, _PATTERNS["cold"])
    brief = f"{sources.brief.rstrip('. ')}. Pattern: {pattern}"
    made = outline_article(sources.model_copy(update={"brief": brief, "goal": "", "research": None}))
    sections = [section for section in made.data["sections"] if section["purpose"] not in without]
    return replace(made, data={**made.data, "sections": sections})
