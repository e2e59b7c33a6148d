"""What an outline did with a reviewer's remarks, and what a reviewer should know about it."""

import re

from assistant.models.offline.compose.brief_reading import Brief
from assistant.models.offline.compose.change_requests import Request
from assistant.models.offline.compose.material import Material
from assistant.models.offline.compose.pairing import answer_to, best_quote
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.sources import Document
from assistant.models.offline.compose.wording import fold, overlap, stems, words

TITLE_MOST = 60


def account(
    requests: list[Request], data: Document, previous: Document, material: Material
) -> tuple[list[str], list[str]]:
    """Carry out on the outline what can be, and say of each request whether it was."""
    answered: list[str] = []
    unanswered: list[str] = []
    for request in requests:
        done = _carried_out(request, data, previous, material)
        (answered if done else unanswered).append(done or f"Not done: “{request.text}”.")
    return answered, unanswered


def _carried_out(request: Request, data: Document, previous: Document, material: Material) -> str:
    if request.op == "shorten" and request.target in {"", "text"}:
        return "Shortened the article: fewer points and quotes in each section."
    if request.op == "add" and request.target == "quote":
        now, before = (sum(len(s.get("quoteIds", [])) for s in doc.get("sections", [])) for doc in (data, previous))
        return f"More quotes: there are {now} now." if now > before else ""
    if request.target == "title" and request.new and len(request.new) <= TITLE_MOST:
        data["title"] = request.new
        return f"Set the title to “{request.new}”."
    if request.op == "remove" and request.value and _drop_section(data, request.value):
        return f"Took out what names “{request.value}”."
    if data["pattern"] != previous.get("pattern") and data["pattern"] == _named_pattern(request.text):
        return f"The article now follows the pattern {data['pattern']}."
    if request.op == "add" and request.value and _add_supported(data, request.value, material):
        return f"Added what the sources say about “{request.value}”."
    return ""


def _named_pattern(text: str) -> str:
    plain = fold(text)
    named = {"comparison": r"compar|vergleich", "how-to": r"how.to|anleitung|guia|paso|passo|schritt",
             "problem-agitate-solve": r"problem", "before-after-bridge": r"before|vorher|antes"}  # fmt: skip
    return next((name for name, stem in named.items() if re.search(stem, plain)), "")


def _drop_section(data: Document, value: str) -> bool:
    plain = fold(value)
    before = len(data["sections"]), sum(len(section["points"]) for section in data["sections"])
    data["sections"] = [s for s in data["sections"] if plain not in fold(s["heading"]) or len(data["sections"]) == 1]
    for section in data["sections"]:
        section["points"] = [point for point in section["points"] if plain not in fold(point)]
    return (len(data["sections"]), sum(len(section["points"]) for section in data["sections"])) != before


def _add_supported(data: Document, value: str, material: Material) -> bool:
    """Put a fact that the note names into the section before the last, if the sources hold one and it is missing."""
    used = {point for section in data["sections"] for point in section["points"]}
    for fact in material.facts:
        if overlap(fact.text, value) >= 0.5 and fact.text not in used:
            data["sections"][-2 if len(data["sections"]) > 1 else -1]["points"].append(fact.text)
            return True
    return False


def remarks(brief: Brief, material: Material, sections: list[Document], pen: Pen) -> list[str]:
    """Gaps in the sources, and what was left out because of them."""
    missing = [wish for wish in brief.include if not any(overlap(fact.text, wish) >= 0.5 for fact in material.facts)]
    found = [f"The brief asks for “{wish}”; no source says anything about it, so it was left out." for wish in missing]
    found += _uncovered(brief, material) + _unanswered_doubts(material)
    if len(sections) < 5 or (not material.quotes and len(material.facts) < 6):
        found.append(
            "The sources are thin, so the article is short. More offers, pains and customer voices would help."
        )
    if not pen.allows(brief.keyphrase):
        found.append(f"The keyphrase “{brief.keyphrase}” holds a word that this client forbids.")
    if not material.quotes:
        found.append("There are no printable customer quotes; the article has none.")
    if foreign := sum(fact.foreign for fact in material.facts):
        found.append(
            f"{foreign} statements of the client are in another language; the offline writer does not translate: they were "
            "left out, or stand in quotation marks as they are."
        )
    return found


def _uncovered(brief: Brief, material: Material) -> list[str]:
    """Words of the subject that stand in no source: what the article cannot say anything about."""
    known = fold(" ".join(item.about for item in [*material.facts, *material.quotes]))
    subject = words(brief.keyphrase)[1:] if brief.phrase.verbal else words(brief.keyphrase)
    gaps = [word for word in subject if stems(word) and not any(stem[:4] in known for stem in stems(word))]
    named = ", ".join(f"“{word}”" for word in dict.fromkeys(gaps))
    return [f"No source says anything about {named}, so the article does not either."] if gaps else []


def _unanswered_doubts(material: Material) -> list[str]:
    praise = [quote for quote in material.quotes if quote.mood == "gain"]
    open_ones = [
        doubt.text
        for doubt in material.of("objection")
        if not answer_to(doubt, material) and not best_quote(doubt, praise, material.common)
    ]
    return [f"Nothing on file answers the doubt “{doubt}”, so it was left out." for doubt in open_ones]
