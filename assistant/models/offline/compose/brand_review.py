"""The brand review: what of the canon's tone, words and examples can be computed. Judgement is not pretended."""

import re

from assistant.models.offline.compose.claims import Span, places
from assistant.models.offline.compose.intake_reading import phrase_of, phrases_of
from assistant.models.offline.compose.language import WRITABLE, detect
from assistant.models.offline.compose.material import gather
from assistant.models.offline.compose.report import Findings
from assistant.models.offline.compose.sources import Document, Sources
from assistant.models.offline.compose.wording import fold, sentences, shingles, words
from knowledge.json_values import as_list, as_object

_PLACEHOLDER = re.compile(
    r"\{\{?[^{}\n]{1,60}\}?\}|\[(?:your|insert|client|company|name|link|url|product|ihr|firmenname|produkt|tu|"
    r"nombre|empresa|seu|nome|x+)\b[^\]\n]{0,40}\](?!\()|"
    r"(?-i:\bTODO\b|\bTBD\b|\bXXX+\b|\bundefined\b|(?<=[a-z] )None\b(?=[.,;!?]|$))|\blorem ipsum\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"in today'?s (?:fast-paced |digital |modern )?world|in the (?:ever-changing|fast-paced) world of|"
    r"it'?s no secret that|look no further|"
    r"in der heutigen (?:schnelllebigen )?(?:zeit|welt)|es ist kein geheimnis|in zeiten von|"
    r"en el mundo actual|hoy en día,|no es ningún secreto|no mundo (?:atual|de hoje)|nos dias de hoje|não é segredo",
    re.IGNORECASE,
)
_HYPE = re.compile(
    r"\b(?:revolutionary|game[- ]chang\w+|unleash\w*|unlock your|supercharge\w*|cutting[- ]edge|world[- ]class|"
    r"next[- ]level|must-have|"
    r"revolutionär\w*|einzigartig\w*|bahnbrechend\w*|unschlagbar\w*|weltklasse|revolucionari\w*|incomparable\w*|"
    r"de otro nivel|"
    r"revolucionári\w*|imbatíve\w*|incomparáve\w*)\b",
    re.IGNORECASE,
)
_EMOJI = re.compile(r"[\U0001F300-\U0001FAFF☀-➿]")
_SHOUT = re.compile(r"\b[A-ZÄÖÜÁÉÍÓÚÃÕÇÑ]{5,}(?:\s+[A-ZÄÖÜÁÉÍÓÚÃÕÇÑ]{2,})*\b")
_CALM = re.compile(
    r"formal|sachlich|factual|calm|seri|sober|förmlich|nüchtern|sobri|discret|ruhig|kein\w* (?:hype|ausruf)|"
    r"no hype|no exclamation",
    re.IGNORECASE,
)
_DU = re.compile(r"\b(?:du|dich|dir|dein\w*)\b")
_SIE = re.compile(r"(?<=[a-zäöüß,] )(?:Sie|Ihnen|Ihr(?:e[nmrs]?)?)\b")
#: sentences over 20 words: at most a quarter (Yoast's published readability assessment, read 2025-01)
LONG_SENTENCE, LONG_SHARE = 20, 0.25
#: share of four-word runs taken over from one swipe
COPIED = 0.2


def review_brand(
    sources: Sources, text: str, *, asset_id: str = "draft", asset_version: int = 1, iteration: int = 1
) -> Document:
    """A ``qa_report`` by the brand reviewer. Spans refer to ``text``; ``where.part`` is always ``text``."""
    findings = Findings()
    material = gather(sources, detect(text) or "en")
    banned = [span for phrase in material.forbidden for span in places(text, phrase)]
    findings.rule("banned-word", "No word or phrase that the canon bans.", "critical", banned,
                  "“{span}” is on the client's list.", "Take “{span}” out or say it in the client's own words.")  # fmt: skip
    findings.rule("placeholder", "Nothing is left to be filled in.", "critical", _spans(_PLACEHOLDER, text),
                  "“{span}” looks like a gap in a template.", "Fill it from the canon or take the sentence out.")  # fmt: skip
    findings.rule("filler", "No empty openers.", "minor", _spans(_FILLER, text),
                  "“{span}” says nothing about this client.", "Begin with the answer instead.")  # fmt: skip
    _tone(findings, sources, text)
    _examples(findings, sources, text)
    _language(findings, sources, text)
    _names(findings, material.view.name, text)
    return findings.report("brand", asset_id, asset_version, iteration)


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [Span(match.group(), match.start()) for match in pattern.finditer(text)]


def _tone_of(sources: Sources) -> Document:
    brand = as_object((sources.canon or {}).get("brand"))
    return as_object(brand.get("toneOfVoice"))


def _tone(findings: Findings, sources: Sources, text: str) -> None:
    tone = _tone_of(sources)
    wanted = " ".join([*phrases_of(tone.get("do")), *phrases_of(tone.get("dont"))])
    wanted += " " + phrase_of(as_object((sources.intake or {}).get("voice")).get("tone"))
    calm = bool(_CALM.search(wanted))
    findings.rule("hype", "No hype words.", "major" if calm else "minor", _spans(_HYPE, text),
                  "“{span}” promises more than it says.", "Name the fact behind “{span}”.")  # fmt: skip
    shouts = [span for span in _spans(_SHOUT, text) if span.text not in wanted]
    findings.rule(
        "shouting", "No words in capitals.", "minor", shouts, "“{span}” is set in capitals.", "Use normal case."
    )
    exclaims = _spans(re.compile(r"[^\s!]+!+"), text)
    allowed = 0 if calm else max(1, len(words(text)) // 150)
    findings.rule("exclamation", "Exclamation marks are rare.", "minor", exclaims[allowed:],
                  "“{span}”", "End the sentence with a full stop.")  # fmt: skip
    if calm or re.search(r"emoji", wanted, re.IGNORECASE):
        findings.rule("emoji", "No emoji in this tone.", "minor", _spans(_EMOJI, text), "“{span}”", "Take it out.")
    _sentence_length(findings, text)
    formal, familiar = _spans(_SIE, text), _spans(_DU, text)
    mixed = familiar if detect(text) == "de" and formal and familiar else []
    findings.rule("address", "One form of address throughout.", "major", mixed[:1],
                  "“{span}” beside the formal “Sie”.", "Choose either du or Sie.")  # fmt: skip


def _sentence_length(findings: Findings, text: str) -> None:
    found = [sentence for sentence in sentences(text) if not sentence.startswith(("#", "|", ">"))]
    long = [sentence for sentence in found if len(words(sentence)) > LONG_SENTENCE]
    over = bool(found) and len(long) / len(found) > LONG_SHARE
    spans = [Span(sentence, max(0, text.find(sentence))) for sentence in long] if over else []
    findings.rule("long-sentences", "At most a quarter of the sentences have more than 20 words.", "minor", spans[:3],
                  f"{len(long)} of {len(found)} sentences are longer.", "Split the sentence.")  # fmt: skip


def _examples(findings: Findings, sources: Sources, text: str) -> None:
    """Wording of bad examples, and wording taken over from swipes of others."""
    own = shingles(text)
    bad = [phrase_of(item) for item in as_list(as_object(_tone_of(sources).get("examples")).get("bad"))]
    bad += [swipe.body for swipe in sources.swipes if swipe.is_bad]
    near = [span for example in dict.fromkeys(bad) for span in _taken_over(text, own, example)]
    findings.rule("bad-example", "Nothing that reads like a bad example.", "major", near,
                  "“{span}” stands in an example marked as bad.", "Write it anew.")  # fmt: skip
    good = [swipe.body for swipe in sources.swipes if not swipe.is_bad]
    copied = [span for example in good for span in _taken_over(text, own, example)]
    findings.rule("copied-swipe", "Swipes lend structure, never wording.", "major", copied,
                  "“{span}” stands word for word in a swipe.", "Keep the idea and use the client's own words.")  # fmt: skip


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


def _language(findings: Findings, sources: Sources, text: str) -> None:
    wanted = sources.language[:2].lower()
    seen = detect(text)
    wrong = wanted in WRITABLE and seen is not None and seen != wanted
    findings.rule("language", "The text is in the language that was asked for.", "critical", [None] if wrong else [],
                  f"It reads as {WRITABLE.get(seen or '', seen)}.", "Write it in the language of the brief.")  # fmt: skip


def _in_address(span: Span, text: str) -> bool:
    """Whether the words are part of a web or mail address or a handle."""
    word = next(match.group() for match in re.finditer(r"[^\s()<>]+", text) if match.end() > span.start)
    return bool(re.search(r"://|@|\w\.\w", word))


def _names(findings: Findings, name: str, text: str) -> None:
    wrong = (
        [
            span
            for span in places(text, name)
            if span.text != name and span.text.lower() == name.lower() and not _in_address(span, text)
        ]
        if name
        else []
    )
    findings.rule("name", "The client's name is written as the client writes it.", "minor", wrong,
                  "“{span}”", f"Write “{name}”.")  # fmt: skip
