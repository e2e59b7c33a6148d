"""A piece for the rules: of a stored asset, or of anything somebody pasted.

Part names are those of the finding's place; ``keys`` leads from each to where it stands in the asset's content.
"""

import re
from collections.abc import Iterable
from typing import Any, cast

from knowledge.assets.models import Asset
from knowledge.checks.models import Kind, Mend, Piece, kind_of
from knowledge.checks.text.languages import language_of
from knowledge.json_values import as_list, as_object

#: content key -> part name; the first body there is becomes ``body``
_TEXTS = (
    *(
        "metaDescription",
        "slug",
        "subject",
        "preheader",
        "plainText",
        "html",
        "headline",
        "longHeadline",
        "description",
    ),
    *("primaryText", "introText", "brandName", "businessName", "hook", "voiceover", "overlayText", "linkDescription"),
)
_BODIES = ("markdown", "bodyMarkdown", "plainText", "text", "body")
_LISTS = ("headlines", "descriptions", "paths", "primaryTexts", "longHeadlines")
_LINK = re.compile(
    r"\]\(\s*<?([^\s)>]+)|<(https?://[^>\s]+)>|(?<![\w(<\"'=])(https?://[^\s<>\"'“”)\]]+[^\s<>\"'“”)\].,;!?*])"
)
_HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'>\s]+)""", re.IGNORECASE)
#: the text of a pasted ad belongs in this part
_PASTED: dict[Kind, str] = {
    "meta": "primaryText",
    "linkedin": "introText",
    "tiktok": "text",
    "google_search": "headlines.0",
    "google_display": "headline",
}


def of_asset(asset: Asset) -> Piece:
    return of_content(asset.channel, asset.format, asset.title, asset.content)


def of_content(channel: str, format: str, title: str, content: dict[str, Any]) -> Piece:
    """A piece of stored content, in the shape knowledge/assets/models.py says."""
    parts: dict[str, str] = {}
    keys: dict[str, tuple[str | int, ...]] = {}
    if title and kind_of(channel, format) in ("article", "landing", "text"):
        parts["title"], keys["title"] = title, ("title",)
    body = next((key for key in _BODIES if isinstance(content.get(key), str) and content[key].strip()), None)
    if body:
        parts["body"], keys["body"] = str(content[body]), (body,)
    for key in _TEXTS:
        if isinstance(content.get(key), str) and key != body:
            parts[key], keys[key] = str(content[key]), (key,)
    for key in _LISTS:
        for at, item in enumerate(as_list(content.get(key))):
            if isinstance(item, str):
                parts[f"{key}.{at}"], keys[f"{key}.{at}"] = item, (key, at)
    _call_to_action(content.get("callToAction"), parts, keys)
    written = str(content.get("language") or "")[:2].lower()
    told = " ".join(text for name, text in parts.items() if name not in ("html", "slug"))
    return Piece(channel, format, written or language_of(told), title, parts, links_of(parts), content, keys)


def of_text(text: str, channel: str = "") -> Piece:
    """Anything pasted. A first heading becomes an article's title; an email may begin with ``Subject:`` lines."""
    kind = kind_of(channel, "")
    if kind == "email":
        return of_content("email", "email", "", _pasted_email(text))
    if kind in ("article", "landing"):
        heading = re.search(r"(?m)^#[ \t]+(.+)$", text)
        format = "landing_page" if kind == "landing" else "blog_post"
        return of_content(channel, format, heading[1].strip() if heading else "", {"markdown": text})
    if kind == "google_search":
        return of_content(channel, "search_ad", "", _pasted_search_ad(text))
    if kind in _PASTED:
        return of_content(channel, "ad", "", {_PASTED[kind]: text})
    return of_content(channel or "text", "text", "", {"text": text})


def _pasted_email(text: str) -> dict[str, Any]:
    if re.match(r"\s*<(?:!doctype|html|table|div|body|head)\b", text, re.IGNORECASE):
        return {"html": text}
    content: dict[str, Any] = {}
    rest = text.lstrip()
    names = {"subject": "subject", "betreff": "subject", "asunto": "subject", "assunto": "subject",
             "preheader": "preheader", "preview": "preheader", "vorschau": "preheader"}  # fmt: skip
    while line := re.match(r"([A-Za-z]+):[ \t]*(.*)(?:\n+|$)", rest):
        key = names.get(line[1].lower())
        if key is None or key in content:
            break
        content[key], rest = line[2].strip(), rest[line.end() :]
    return {**content, "bodyMarkdown": rest}


def _pasted_search_ad(text: str) -> dict[str, Any]:
    """Lines of at most 40 characters are meant as headlines, longer ones as descriptions."""
    lines = [line.strip(" -*•\t") for line in text.splitlines() if line.strip(" -*•\t")]
    return {
        "headlines": [line for line in lines if len(line) <= 40],
        "descriptions": [one for one in lines if len(one) > 40],
    }


def _call_to_action(given: object, parts: dict[str, str], keys: dict[str, tuple[str | int, ...]]) -> None:
    if isinstance(given, str):
        parts["callToAction"], keys["callToAction"] = given, ("callToAction",)
    elif label := as_object(given).get("label"):
        parts["callToAction"], keys["callToAction"] = str(label), ("callToAction", "label")


def links_of(parts: dict[str, str]) -> list[str]:
    """Every address in the parts, each once, in order."""
    found: dict[str, None] = {}
    for name, text in parts.items():
        pattern = _HREF if name == "html" else _LINK
        for match in pattern.finditer(text):
            found.setdefault(next(group for group in match.groups() if group))
    return list(found)


def with_part(piece: Piece, part: str, text: str) -> tuple[str, dict[str, Any]]:
    """Title and content of the piece once ``part`` reads ``text``. Raises KeyError for a part that has no place."""
    path = piece.keys[part]
    if path == ("title",):
        return text, {**piece.content, **({"title": text} if "title" in piece.content else {})}
    title = text if path == ("subject",) else piece.title  # an email is called by its subject
    return title, cast("dict[str, Any]", _replaced(piece.content, path, text))


def _replaced(node: Any, path: tuple[str | int, ...], text: str) -> Any:
    if not path:
        return text
    head, rest = path[0], path[1:]
    if isinstance(node, list):
        items = cast("list[Any]", node)
        return [_replaced(item, rest, text) if at == head else item for at, item in enumerate(items)]
    return {**node, head: _replaced(node[head], rest, text)}


def mended(piece: Piece, mends: Iterable[Mend]) -> tuple[str, dict[str, Any]]:
    """Title and content with the mends in place; of two that overlap the one that begins later is made.

    Raises KeyError for a part that has no place in the content.
    """
    by_part: dict[str, list[Mend]] = {}
    for mend in mends:
        by_part.setdefault(mend.part, []).append(mend)
    title, content = piece.title, piece.content
    for part, own in by_part.items():
        text, before = piece.parts[part], len(piece.parts[part]) + 1
        for mend in sorted(own, key=lambda one: (-one.start, -one.end)):
            if mend.end <= before:
                text = text[: mend.start] + mend.replacement + text[mend.end :]
                before = mend.start
        held = Piece(piece.channel, piece.format, piece.language, title, piece.parts, [], content, piece.keys)
        title, content = with_part(held, part, text)
    return title, content
