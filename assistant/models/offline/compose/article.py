"""Joining written sections into an article: one heading above, the disclaimers below, and a last look at the text."""

import re

from assistant.models.offline.compose.article_plan import open_article
from assistant.models.offline.compose.intake_reading import phrase_of
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import fold, sentences, words
from knowledge.json_values import as_list

#: what an article comes to when the sources are rich
LEAST_WORDS, MOST_WORDS = 500, 1300
_MARK = re.compile(r"\s?\[voc:([^\]\s]+)\]")


def join_article(sources: Sources, outline: Document, sections: list[str]) -> Composed:
    """The whole article. ``data`` adds markdown, quoteIds and wordCount to the outline's fields."""
    article = open_article(sources)
    texts = [text.strip() for text in sections if text.strip()]
    missing = [line for line in article.material.disclaimers if fold(line) not in fold(" ".join(texts))]
    closing = [f"*{line}*" for line in missing]
    markdown = "\n\n".join([f"# {phrase_of(outline.get('title'))}", *texts, *closing])
    count = len(words(strip_quote_ids(markdown)))
    data: Document = {
        **{key: outline.get(key) for key in ("title", "slug", "metaDescription", "keyphrase", "pattern", "language")},
        "markdown": markdown,
        "sections": [
            {"heading": phrase_of(part.get("heading")), "markdown": text}
            for part, text in zip(as_list(outline.get("sections")), texts, strict=False)
        ],
        "quoteIds": list(dict.fromkeys(_MARK.findall(markdown))),
        "wordCount": count,
    }
    notes = [] if count >= LEAST_WORDS else [f"The article has {count} words; the sources carry no more than that."]
    notes += [f"Said twice: “{sentence}”." for sentence in repeated_sentences(texts)]
    return Composed(data, notes=notes)


def strip_quote_ids(markdown: str) -> str:
    """The text as it is published: without the ``[voc:…]`` marks that lead an editor to the source."""
    return _MARK.sub("", markdown)


def repeated_sentences(sections: list[str]) -> list[str]:
    """Sentences of five words or more that stand in more than one section."""
    seen: set[str] = set()
    found: list[str] = []
    for text in sections:
        own = {fold(sentence): sentence for sentence in sentences(text) if len(words(sentence)) >= 5}
        found += [sentence for key, sentence in own.items() if key in seen]
        seen |= own.keys()
    return found
