"""Writing a whole article the way the agents do: outline, sections one by one, then the whole."""

from assistant.models.offline.compose import (
    Composed,
    Sources,
    build_canon,
    join_article,
    outline_article,
    strip_quote_ids,
    write_section,
)
from assistant.models.offline.compose.wording import shingles


def with_canon(sources: Sources) -> Sources:
    return sources.model_copy(update={"canon": build_canon(sources).data})


def write_article(sources: Sources) -> tuple[Composed, list[str], Composed]:
    """Outline, section texts, article."""
    outline = outline_article(sources)
    count = len(outline.data["sections"])
    sections = [write_section(sources, outline.data, index).data["markdown"] for index in range(count)]
    return outline, sections, join_article(sources, outline.data, sections)


def likeness(one: str, other: str) -> float:
    """Shared four-word runs over the smaller text's."""
    left, right = shingles(strip_quote_ids(one)), shingles(strip_quote_ids(other))
    return len(left & right) / min(len(left), len(right))
