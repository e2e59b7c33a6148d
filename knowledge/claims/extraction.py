"""Reads the claims out of the parts of a piece. Pure: no database, no model, the same answer always.

What always holds: a claim's place gives its text word for word (``part[start:end] == text``); words in quotation marks are
claims of their own and count for nothing in the sentence around them; a question, a lead-in that ends in a colon and an
instruction to the reader claim nothing by themselves.
"""

import re
from collections.abc import Container, Iterable
from dataclasses import replace

from knowledge.claims.concepts import Patterns, present_in
from knowledge.claims.models import KINDS, About, ClaimKind, Found, Signal
from knowledge.claims.quotations import Quotation, quotations
from knowledge.claims.sentences import Sentence, sentences
from knowledge.claims.signals import (
    about_client,
    about_product,
    is_advice,
    of_customers,
    signals,
    without_names,
)
from knowledge.claims.weighing import is_opinion, weigh
from knowledge.claims.wording import flat, language_of, light_words, negated, sentence_key, stems

#: parts that hold a line or two, where a question can sell, too
_LINES = re.compile(
    r"^(?:title|subject|preheader|metaDescription|headlines?|descriptions?|callToAction|variants|subjects|paths)\b"
)
#: what a feature says at least, beside the client's name and words that carry nothing
LEAST_STEMS = 2
#: characters beside a quotation in which its source is named
NEAR = 300
_META = re.compile(
    r"^\W*(?:this|the) (?:guide|article|post|email|page|newsletter|section|list)\b|^\W*(?:diese[rs]?|die|der) "
    r"(?:anleitung|artikel|beitrag|mail|seite|liste|abschnitt)\b|"
    r"^\W*(?:esta|este|el|la) (?:guia|articulo|correo|pagina|lista)\b|"
    r"^\W*(?:este|esta|o|a) (?:guia|artigo|email|pagina|lista)\b"
)
_NAMED_GUIDE = re.compile(r"\W*(?:The|La|El|A|O) Gu\w+ [A-ZÀ-Þ]")
_LINK = re.compile(r"[\W_]*\[[^\]]*\]\([^)]*\)[\W_]*")
_OPINION = re.compile(
    r"\b(?:look(?:ing)? forward|good to have you|here for you|"
    r"love|loves|feel|feels|believe|think|hope|enjoy|happy|glad|proud|excited|delicious|beautiful|great|wonderful|lovely|"
    r"cosy|fun|welcome|thank|sorry|care about|lieben|freuen|glauben|finden wir|hoffen|stolz|lecker|herrlich|willkommen|"
    r"danke|encanta|creemos|pensamos|esperamos|orgullos\w+|feliz|felices|delicios\w+|bonit\w+|gracias|bienvenid\w+|"
    r"adoramos|acreditamos|achamos|esperamos|orgulhos\w+|contentes|saboros\w+|lind[oa]s?|obrigad\w+|bem-vind\w+|"
    r"erwarten dich|te esperamos|os esperamos|"
    r"esperamos por si|boas-vindas|agradec\w+|(?:your|deine?|ihre?|la|tu|su|a sua|da) (?:last|letzte[nr]?|ultim[ao]) "
    r"(?:order|visit|purchase|bestellung|besuch|einkauf|pedido|compra|visita|encomenda)|(?:tu|su) ultimo pedido|"
    r"(?:nao ha|sem) encomendas)\b"
)
#: kinds that a question cannot claim
_NOT_ASKED = frozenset({"feature", "comparison", "general"})
_TOPICS = frozenset({"guarantee", "price", "availability", "feature"})
_READER = re.compile(r"^\W*(?:you|you've|you're|your|du|sie haben|ihr habt|tu|usted|voce|a tua|tu)\b")


def extract(parts: Iterable[tuple[str, str]], about: About) -> list[Found]:
    """The claims of (name, text) parts in reading order; a sentence said again in another part is one claim."""
    found: list[Found] = []
    seen: set[str] = set()
    for name, text in parts:
        for one in _of_part(name, text, about, seen):
            key = sentence_key(one.text)
            if key and key not in seen:
                seen.add(key)
                found.append(one)
    return found


def _of_part(name: str, text: str, about: About, seen: Container[str]) -> list[Found]:
    quoted = quotations(text)
    plain = flat(text)
    language, among = language_of(plain), present_in(plain)
    line = bool(_LINES.match(name))
    read = [
        one
        for sentence in sentences(text)
        for one in _of_sentence(name, sentence, quoted, about, among, line=line, language=language)
    ]
    said = [_testimonial(name, text, one) for one in quoted if not _is_doubt(text, one)]
    return sorted((replace(one, language=language) for one in (*read, *said)), key=lambda one: one.start)


def _testimonial(name: str, text: str, one: Quotation) -> Found:
    return Found(
        "testimonial", name, one.start, one.end, text[one.start : one.end], (), one.said, one.voc_id, one.attributed,
        near=f"{text[max(0, one.start - NEAR) : one.start]} {text[one.end : one.end + NEAR]}",
    )  # fmt: skip


def _is_doubt(text: str, one: Quotation) -> bool:
    """A heading in marks, a question in marks, words put into the reader's mouth: nobody is said to have said it."""
    line_start = text.rfind("\n", 0, one.start) + 1
    heading = text[line_start : one.start].lstrip().startswith("#")
    return not one.voc_id and not one.block and (heading or (not one.attributed and one.said.rstrip().endswith("?")))


def _of_sentence(
    name: str, sentence: Sentence, quoted: list[Quotation], about: About, among: Patterns, *, line: bool, language: str
) -> list[Found]:
    if sentence.block == "quote":
        return []
    flat_text = _without_quotes(sentence, quoted)
    if not re.search(r"\w", flat_text) or _lead_in(sentence):
        return []
    asks = sentence.flat.rstrip(' *_”“»")').endswith("?")
    if asks and not line:
        return []
    heading = sentence.block == "heading" or name == "title"
    own = about_client(flat_text, about)
    found = signals(flat_text, about, own=own, heading=heading, among=among)
    content = _content(flat_text, about)
    if _META.match(flat_text):  # it lists what it is about: a guarantee, the price
        found = tuple(one for one in found if one.quantity or one.kind not in _TOPICS)
    if asks:  # in a line a question can sell ("30 % off?"), but it states nothing
        found = tuple(one for one in found if one.quantity or (one.concept and one.kind not in _NOT_ASKED))
    meta = _META.match(flat_text) and not _NAMED_GUIDE.match(sentence.text)
    if not found and not asks and not heading and not meta and not _OPINION.search(flat_text):
        weighed = weigh(flat_text, about, own=own, language=language)
        found = (Signal(weighed[0], "", weighed[1]),) if weighed else ()
    if found:
        return [_found(name, sentence, flat_text, found, about, content)]
    if heading or line or is_advice(flat_text) or _META.match(flat_text) or _LINK.fullmatch(sentence.text.strip()):
        return []
    ours = own or about_product(flat_text, about)
    firm = content - light_words()
    told = _OPINION.search(flat_text) or _READER.match(flat_text) or is_opinion(flat_text)
    if ours and len(firm) >= LEAST_STEMS and not told:
        return [_found(name, sentence, flat_text, (Signal("feature", "", ""),), about, content)]
    return [_found(name, sentence, flat_text, (), about, content)] if len(firm) >= LEAST_STEMS else []


def _found(
    name: str, sentence: Sentence, flat_text: str, found: tuple[Signal, ...], about: About, content: frozenset[str]
) -> Found:
    return Found(
        _kind_of(found), name, sentence.start, sentence.end, sentence.text, found, stems=content, tail=_tail(flat_text, about),
        negated=negated(flat_text), of_customers=of_customers(flat_text),
        own=about_client(flat_text, about) or about_product(flat_text, about),
    )  # fmt: skip


def as_claim(name: str, text: str, sentence: Sentence, kind: ClaimKind, about: About) -> Found:
    """A sentence of ``text`` that somebody else calls a claim of ``kind``, read as those of the rules are."""
    flat_text = _without_quotes(sentence, quotations(text))
    claim = _found(name, sentence, flat_text, (Signal(kind, "", ""),), about, _content(flat_text, about))
    return replace(claim, language=language_of(flat(text)))


def _kind_of(found: tuple[Signal, ...]) -> ClaimKind:
    kinds = {signal.kind for signal in found}
    for kind in KINDS:
        if kind in kinds:
            return kind
    return "general"


def _content(flat_text: str, about: About) -> frozenset[str]:
    return stems(without_names(flat_text, about.names[:1]))


def _tail(flat_text: str, about: About) -> frozenset[str]:
    """The content words after a lead: "What we do about it: every racket is weighed"."""
    lead, mark, rest = flat_text.partition(": ")
    return _content(rest, about) if mark and len(lead.split()) <= 14 else frozenset()


def _without_quotes(sentence: Sentence, quoted: list[Quotation]) -> str:
    text = list(sentence.flat)
    for one in quoted:
        low, high = max(one.start, sentence.start), min(one.end, sentence.end)
        for at in range(low, high):
            text[at - sentence.start] = " "
    return "".join(text)


def _lead_in(sentence: Sentence) -> bool:
    bare = sentence.text.rstrip(" *_")
    return bare.endswith(":") and not re.search(r"\d", sentence.flat)
