"""The brand review: the rules of knowledge/checks on brand, and swipes whose wording was taken over.

The rules are the preflight's own, so that both say the same of a text. Judgement is not pretended.
"""

import re

from assistant.models.offline.compose.claims import Span
from assistant.models.offline.compose.report import Findings
from assistant.models.offline.compose.rules import checked
from assistant.models.offline.compose.sources import Document, Sources
from assistant.models.offline.compose.wording import fold, shingles, words

#: share of four-word runs taken over from one swipe
COPIED = 0.2
_RULES = ("brand.", "seo.filler", "seo.long_sentences")


def review_brand(
    sources: Sources, text: str, *, asset_id: str = "draft", asset_version: int = 1, iteration: int = 1
) -> Document:
    """A ``qa_report`` by the brand reviewer. Spans refer to ``text``; ``where.part`` is always ``text``."""
    findings = Findings()
    findings.take(checked(sources, text), *_RULES)
    own = shingles(text)
    good = [swipe.body for swipe in sources.swipes if not swipe.is_bad]
    copied = [span for example in good for span in _taken_over(text, own, example)]
    findings.rule("copied-swipe", "Swipes lend structure, never wording.", "major", copied,
                  "“{span}” stands word for word in a swipe.", "Keep the idea and use the client's own words.")  # fmt: skip
    return findings.report("brand", asset_id, asset_version, iteration)


def _taken_over(text: str, own: frozenset[tuple[str, ...]], example: str) -> list[Span]:
    """A place in the text that shares a run of words with the example, when it shares enough of them."""
    theirs = shingles(example)
    shared = own & theirs
    if not theirs or len(shared) / len(theirs) < COPIED:
        return []
    for match in re.finditer(r"\w+(?:\W+\w+){3}", text):
        if tuple(fold(word) for word in words(match.group())) in shared:
            return [Span(match.group(), match.start())]
    first = next(iter(sorted(shared)))
    found = re.search(r"\W+".join(map(re.escape, first)), text, re.IGNORECASE)
    return [Span(found.group(), found.start())] if found else []
