"""What is searched for beside the topic itself, and the results as one list.

What always holds: customers' words go to no search; a page comes once, however many searches found it.
"""

from itertools import chain, zip_longest

from pydantic import BaseModel

from assistant.models.offline.compose.article_plan import open_article
from assistant.models.offline.compose.sources import Sources
from assistant.models.offline.compose.wording import fold, stems
from assistant.research.provider import LONGEST_QUERY, MOST_QUESTIONS, Hit, once
from knowledge.errors import Invalid
from knowledge.research.models import Provider

#: questions that are searched for beside the topic
FURTHER = 2
#: of the topic's own results, those that come before the others'
FIRST = 8


class Searched(BaseModel):
    """What searches found; ``questions``: what people also ask, by the provider."""

    provider: Provider = "none"
    queries: list[str] = []
    hits: list[Hit] = []
    questions: list[str] = []


def further_queries(topic: str, sources: Sources, asked: list[str]) -> list[str]:
    """Questions about the topic: those that searchers ask, else those that follow from it; none that says the same."""
    known = [stems(topic)]
    wanted: list[str] = []
    for text in [*asked, *_following(sources)]:
        words = " ".join(text.split())[:LONGEST_QUERY]
        if words and fold(words) != fold(topic) and stems(words) not in known:
            known.append(stems(words))
            wanted.append(words)
    return wanted[:FURTHER]


def _following(sources: Sources) -> list[str]:
    try:
        return open_article(sources).pen("research").fill("research.ask.topic")
    except Invalid:  # a language that cannot be written here: the topic alone
        return []


def merged(found: list[Searched]) -> Searched:
    """The topic's first results, then the others' in turn, then the rest."""
    topic, *others = found
    in_turn = [hit for hit in chain.from_iterable(zip_longest(*(one.hits for one in others))) if hit is not None]
    questions = dict.fromkeys(question for one in found for question in one.questions)
    return Searched(
        provider=topic.provider,
        queries=[words for one in found for words in one.queries],
        hits=once([*topic.hits[:FIRST], *in_turn, *topic.hits[FIRST:]]),
        questions=list(questions)[:MOST_QUESTIONS],
    )
