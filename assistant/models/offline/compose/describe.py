"""How a finished text is shown in a search: title, description and address part brought to their lengths."""

import re

from assistant.models.offline.compose.article_plan import META_LEAST, META_MOST, TITLE_MOST
from assistant.models.offline.compose.sources import Document
from assistant.models.offline.compose.wording import capital, clip, fold, sentences, slug

_NO_WORDS = re.compile(r"(?m)^(?:#{1,6}\s|>|\||[-*]\s|\d+[.)]\s).*$|\[voc:[^\]]+\]|[*_`]|\[([^\]]*)\]\([^)]*\)")


def describe_page(outline: Document, text: str) -> Document:
    """``outline``: title, slug, metaDescription and keyphrase as they are; only words of theirs and of the text are used."""
    keyphrase = str(outline.get("keyphrase") or "")
    title = str(outline.get("title") or "") or capital(keyphrase)
    if keyphrase and fold(keyphrase) not in fold(title):
        longer = f"{capital(keyphrase)}: {title}"
        title = longer if len(longer) <= TITLE_MOST else title
    description = str(outline.get("metaDescription") or "")
    if len(description) > META_MOST:
        description = clip(description, META_MOST)
    for sentence in sentences(_NO_WORDS.sub(lambda match: match[1] or "", text)):
        if len(description) >= META_LEAST:
            break
        longer = f"{description} {' '.join(sentence.split())}".strip()
        if len(longer) <= META_MOST and sentence not in description:
            description = longer
    return {
        "title": title if len(title) <= TITLE_MOST else clip(title, TITLE_MOST),
        "slug": str(outline.get("slug") or "") or slug(title) or "page",
        "metaDescription": description,
    }
