"""Where the keyphrase stands: title, first paragraph, address, description, headings, and how often.

A phrase counts as there when all its words that carry meaning are, in any order and in any inflected form, as Yoast
counts it; for density a place counts when they stand within one sentence.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from knowledge.checks.examine import Check, DoesNotApply, NotChecked, percent
from knowledge.checks.models import Finding
from knowledge.checks.reading import Reading
from knowledge.checks.rules import Rule
from knowledge.checks.text.blocks import Block
from knowledge.checks.text.places import plain_words
from knowledge.checks.text.stems import content_words, same_word
from knowledge.search.text import fold, words


def holds(text: str, phrase: str, language: str) -> bool:
    """Whether all words of the phrase that carry meaning are in the text."""
    return share_of(text, phrase, language) == 1


def share_of(text: str, phrase: str, language: str) -> float:
    """Which share of the phrase's words that carry meaning is in the text, 0 to 1."""
    wanted, there = content_words(phrase, language), _words(text)
    if fold(phrase) in fold(text):
        return 1.0
    return sum(any(same_word(one, word) for word in there) for one in wanted) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(words(text))


def phrase_of(reading: Reading) -> str:
    phrase = (reading.facts.keyphrase or "").strip()
    if not phrase:
        raise NotChecked("no keyphrase is set for this piece")
    if not content_words(phrase, reading.language):
        raise NotChecked(f"“{phrase}” has no words in letters that can be compared")
    return phrase


def first_paragraph(reading: Reading) -> Block | None:
    return next((block for block in reading.blocks if block.kind in ("paragraph", "item", "quote")), None)


def in_title(reading: Reading, rule: Rule) -> Iterator[Finding]:
    yield from _in_part(reading, rule, "title", "title")


def in_description(reading: Reading, rule: Rule) -> Iterator[Finding]:
    if not reading.piece.parts.get("metaDescription", "").strip():
        raise DoesNotApply
    yield from _in_part(reading, rule, "metaDescription", "meta description")


def _in_part(reading: Reading, rule: Rule, part: str, name: str) -> Iterator[Finding]:
    phrase, text = phrase_of(reading), reading.piece.parts.get(part, "")
    if not holds(text, phrase, reading.language):
        yield reading.finding(
            rule,
            f"The keyphrase is not in the {name}.",
            reading.place(part, 0, len(text)) if text else None,
            evidence=f"“{phrase}”",
            fix=f"Write the {name} around it.",
        )


def at_start(reading: Reading, rule: Rule) -> Iterator[Finding]:
    phrase, first = phrase_of(reading), first_paragraph(reading)
    if first is None:
        raise DoesNotApply
    if not holds(first.plain, phrase, reading.language):
        yield reading.finding(
            rule,
            "The keyphrase is not in the first paragraph.",
            reading.place("body", first.start, first.end),
            evidence=f"“{phrase}”",
            fix="Name the subject in the first paragraph.",
        )


def in_slug(reading: Reading, rule: Rule) -> Iterator[Finding]:
    phrase, slug = phrase_of(reading), reading.piece.parts.get("slug", "")
    if not slug:
        raise DoesNotApply
    spelt = fold(phrase.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"))
    text = slug.replace("-", " ")
    if not (holds(text, phrase, reading.language) or holds(text, spelt, reading.language)):
        yield reading.finding(
            rule,
            "The keyphrase is not in the address part.",
            reading.place("slug", 0, len(slug)),
            evidence=f"“{phrase}”",
            fix="Use the words of the keyphrase.",
        )


def in_headings(reading: Reading, rule: Rule) -> Iterator[Finding]:
    phrase = phrase_of(reading)
    heads = [block for block in reading.headings if block.level in (2, 3)]
    if len(heads) < rule.limit("headings"):
        raise DoesNotApply
    having = [block for block in heads if share_of(block.plain, phrase, reading.language) >= 0.5]
    share = len(having) / len(heads)
    if not rule.limit("least") <= share <= rule.limit("most"):
        few = share < rule.limit("least")
        yield reading.finding(
            rule,
            f"Too {'few' if few else 'many'} headings reflect the keyphrase.",
            None if few else reading.place("body", having[0].start, having[0].end),
            evidence=f"{len(having)} of {len(heads)} H2 and H3 headings ({percent(share)}) have words of “{phrase}”.",
            fix="Say in more headings what they are about." if few else "Word some headings without it.",
        )


def density(reading: Reading, rule: Rule) -> Iterator[Finding]:
    phrase = phrase_of(reading)
    total = len(reading.words)
    if total < rule.limit("words"):
        raise DoesNotApply
    wanted = content_words(phrase, reading.language)
    times = sum(_times(block.plain, wanted) for block in reading.blocks if block.kind not in ("code", "html"))
    share = times / total
    if not rule.limit("least") <= share <= rule.limit("most"):
        few = share < rule.limit("least")
        yield reading.finding(
            rule,
            f"The keyphrase stands in the text too {'rarely' if few else 'often'}.",
            evidence=f"{times} times in {total} words ({share:.1%}).".replace("%", " %"),
            fix="Name the subject where it helps the reader." if few else "Use other words for it.",
        )


def _times(text: str, wanted: list[str]) -> int:
    """How often all wanted words stand in the block: as often as the rarest of them."""
    there = Counter(plain_words(text))
    return min((sum(times for word, times in there.items() if same_word(one, word)) for one in wanted), default=0)


CHECKS: dict[str, Check] = {
    "seo.keyphrase_title": in_title,
    "seo.keyphrase_start": at_start,
    "seo.keyphrase_slug": in_slug,
    "seo.keyphrase_description": in_description,
    "seo.keyphrase_headings": in_headings,
    "seo.keyphrase_density": density,
}
