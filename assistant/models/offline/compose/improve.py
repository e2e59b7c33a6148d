"""Edits that mend findings without a new fact: lengths, the keyphrase in its places, long sentences, a way on."""

import re
from typing import Any

from assistant.models.offline.compose.describe import describe_page
from assistant.models.offline.compose.line_edits import polished
from assistant.models.offline.compose.sources import Document
from assistant.models.offline.compose.wording import sentences, slug, words
from knowledge.json_values import as_list, as_object

#: sentences mended in one go
MOST = 12
_READ_ON = {"de": "Weiterlesen", "es": "Sigue leyendo", "pt": "Continue a ler"}
_SHOWN = ("seo.title_length", "seo.description_length", "seo.keyphrase_title", "seo.keyphrase_description")
_JOINT = re.compile(r";\s+|\s+[–—]\s+")


def improve_text(order: Document) -> Document:
    """``order``: parts, findings, keyphrase, language, ownPages as the optimiser gives them. Gives {edits}."""
    parts = {name: str(text) for name, text in as_object(order.get("parts")).items()}
    found = [as_object(one) for one in as_list(order.get("findings"))]
    rules = {str(one.get("rule")) for one in found}
    edits = [*_as_shown(parts, str(order.get("keyphrase") or ""), rules), *_sentences(parts, found)]
    if "seo.links_internal" in rules:
        edits += _way_on(as_list(order.get("ownPages")), str(order.get("language") or ""))
    return {"edits": edits}


def _as_shown(parts: dict[str, str], keyphrase: str, rules: set[str]) -> list[Document]:
    found: list[Document] = []
    if rules & set(_SHOWN):
        now = {"title": parts.get("title"), "slug": parts.get("slug"), "metaDescription": parts.get("metaDescription")}
        better = describe_page({**now, "keyphrase": keyphrase}, parts.get("body", ""))
        found += [
            _edit(name, parts[name], str(better[name]), "as a search shows it")
            for name in ("title", "metaDescription")
            if parts.get(name) and better[name] != parts[name]
        ]
    if "seo.keyphrase_slug" in rules and parts.get("slug") and keyphrase:
        found.append(_edit("slug", parts["slug"], slug(keyphrase), "the keyphrase is in the address"))
    return found


def _sentences(parts: dict[str, str], findings: list[Document]) -> list[Document]:
    """Sentences that are too long are parted where they have a joint; padding goes."""
    body = parts.get("body", "")
    found: list[Document] = []
    for finding in findings:
        if finding.get("rule") != "seo.long_sentences" or len(found) == MOST:
            continue
        text = str(finding.get("text") or "")
        better = _parted(polished(text))
        if text and better != text and body.count(text) == 1:
            found.append(_edit("body", text, better, "shorter sentences"))
    return found


def _parted(text: str) -> str:
    """A sentence in two, at a semicolon or a dash near its middle; as it is when it has none."""
    places = [joint for joint in _JOINT.finditer(text) if len(words(text[: joint.start()])) > 3]
    if len(sentences(text)) > 1 or not places:
        return text
    joint = min(places, key=lambda one: abs(one.start() - len(text) // 2))
    rest = text[joint.end() :]
    if len(words(rest)) <= 3:
        return text
    return f"{text[: joint.start()].rstrip(' ,')}. {rest[:1].upper()}{rest[1:]}"


def _way_on(pages: list[Any], language: str) -> list[Document]:
    links = [f"[{page['title']}]({page['url']})" for page in map(as_object, pages[:3]) if page.get("url")]
    if not links:
        return []
    lead = _READ_ON.get(language[:2].lower(), "Read on")
    return [_edit("body", "", f"**{lead}:** {', '.join(links)}", "leads on to the client's own pages")]


def _edit(part: str, find: str, replace: str, why: str) -> Document:
    return {"part": part, "find": find, "replace": replace, "why": why}
