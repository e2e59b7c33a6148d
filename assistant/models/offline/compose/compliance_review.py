"""The compliance review: forbidden words, disclaimers, quotes, figures, links, superlatives, red lines.

What can be computed is computed; a passed check means that nothing was found, not that a lawyer has read it.
Sources: CAP Code 3.7 and 3.33 (evidence before publication), FTC 16 CFR 465 (testimonials), as in notes/standards.
"""

import re

from assistant.models.offline.compose.claims import (
    Span,
    is_verbatim,
    places,
    quoted_spans,
    source_texts,
    stands_in,
    unsupported_figures,
    unsupported_links,
)
from assistant.models.offline.compose.intake_reading import phrase_of, read_intake
from assistant.models.offline.compose.language import detect
from assistant.models.offline.compose.material import gather
from assistant.models.offline.compose.report import Findings
from assistant.models.offline.compose.sources import Document, Sources
from assistant.models.offline.compose.wording import fold, stems
from knowledge.json_values import as_list, as_object

_SUPERLATIVE = re.compile(
    r"\b(?:the best|number one|no\. ?1|#1|world's (?:first|best)|the only|market lead\w+|leading provider|"
    r"unbeatable|cheapest|guaranteed results?|"
    r"100 ?% (?:safe|secure|guaranteed)|risk[- ]free|"
    r"(?:der|die|das) beste\w*|nummer eins|nr\. ?1|marktführ\w+|weltweit erste\w*|einzige anbieter\w*|"
    r"günstigste\w*|garantierte ergebnisse|risikofrei|"
    r"(?:el|la|los|las) mejor(?:es)?|número uno|líder(?:es)? del mercado|el único|la única|más barat\w+ de|"
    r"resultados garantizados|sin riesgo|"
    r"(?:o|a|os|as) melhor(?:es)?|líder(?:es)? (?:de|do) mercado|o único|a única|mais barat\w+ d[eo]|"
    r"resultados garantidos|sem risco)\b",
    re.IGNORECASE,
)
_STUDY = re.compile(
    r"\b(?:studies (?:show|prove|have shown)|research (?:shows|proves)|scientifically proven|clinically (?:proven|"
    r"tested)|experts (?:agree|say)|"
    r"studien (?:zeigen|belegen|beweisen)|wissenschaftlich (?:erwiesen|belegt|bewiesen)|klinisch (?:getestet|"
    r"erwiesen)|experten (?:sind|sagen)|"
    r"(?:los )?estudios (?:demuestran|muestran)|científicamente (?:probado|demostrado)|clínicamente probad\w+|"
    r"los expertos|"
    r"(?:os )?estudos (?:mostram|provam|demonstram)|cientificamente (?:provado|comprovado)|"
    r"clinicamente (?:testad\w+|comprovad\w+)|os especialistas)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(?:are you (?:overweight|fat|in debt|broke|depressed|divorced|disabled|gay|pregnant|diabetic)|"
    r"do you suffer from|is your debt|"
    r"(?:sind sie|bist du) (?:übergewichtig|dick|verschuldet|depressiv|geschieden|schwanger)|(?:leiden sie|"
    r"leidest du) (?:an|unter)|"
    r"(?:tienes|tiene) sobrepeso|¿?estás (?:endeudad\w|deprimid\w|gord\w)|¿?sufres de|"
    r"(?:tens|você tem|tem) excesso de peso|está(?:s)? (?:endividad\w|deprimid\w)|sofre(?:s)? de)\b",
    re.IGNORECASE,
)


def review_compliance(
    sources: Sources, text: str, *, asset_id: str = "draft", asset_version: int = 1, iteration: int = 1
) -> Document:
    """A ``qa_report`` by the compliance reviewer. Spans refer to ``text``; ``where.part`` is always ``text``."""
    findings = Findings()
    material = gather(sources, detect(text) or "en")
    forbidden = [span for phrase in material.forbidden for span in places(text, phrase)]
    findings.rule("forbidden-phrase", "No phrase that the canon forbids.", "critical", forbidden,
                  "“{span}” is forbidden for this client.", "Take “{span}” out.")  # fmt: skip
    _disclaimers(findings, material.disclaimers, text)
    _quotes(findings, sources, text)
    findings.rule("figure-without-source", "Every figure stands in a source.", "major", unsupported_figures(text, sources),
                  "“{span}” stands in no source.", "Name the source or take the figure out.")  # fmt: skip
    findings.rule("link-without-source", "Every link is on file.", "major", unsupported_links(text, sources),
                  "{span} is not an address that a source names.", "Use an address on file.")  # fmt: skip
    texts = source_texts(sources)
    bold = [span for span in _spans(_SUPERLATIVE, text) if not stands_in(span.text, texts) and not _quoted(span, text)]
    findings.rule("superlative", "No superlative or guarantee without proof on file.", "major", bold,
                  "Nothing on file proves “{span}”.", "Say what is documented instead.")  # fmt: skip
    studies = [span for span in _spans(_STUDY, text) if not stands_in(span.text, texts)]
    findings.rule("study-without-source", "No study or expert without a source.", "critical", studies,
                  "“{span}” names no source, and none is on file.", "Name the study or take the sentence out.")  # fmt: skip
    _regulated(findings, sources, material.disclaimers, text)
    _red_lines(findings, sources, text)
    return findings.report("compliance", asset_id, asset_version, iteration)


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [Span(match.group(), match.start()) for match in pattern.finditer(text)]


def _quoted(span: Span, text: str) -> bool:
    return any(quote.start <= span.start < quote.end for quote, _ in quoted_spans(text))


def _disclaimers(findings: Findings, disclaimers: list[str], text: str) -> None:
    missing = [line for line in disclaimers if not stands_in(line, [text])]
    if not missing:
        findings.rule("disclaimer", "Every required disclaimer is there, word for word.", "critical", [])
    for number, line in enumerate(missing, start=1):
        findings.rule(f"disclaimer-{number}", "Every required disclaimer is there, word for word.", "critical", [None],
                      f"Missing: “{line}”", f"Add: “{line}”")  # fmt: skip


def _quotes(findings: Findings, sources: Sources, text: str) -> None:
    voices = [snippet.text for snippet in sources.voc] or _canon_voices(sources)
    texts = source_texts(sources)
    wrong = [
        span
        for span, testimonial in quoted_spans(text)
        if not is_verbatim(span.text, voices) and (testimonial or not stands_in(span.text, texts))
    ]
    findings.rule("quote", "Every quote is a customer's, word for word.", "critical", wrong,
                  "“{span}” is not among the customer voices.", "Quote a snippet verbatim or take the marks off.")  # fmt: skip
    known = {snippet.id for snippet in sources.voc}
    unknown = [
        Span(match[1], match.start(1)) for match in re.finditer(r"\[voc:([^\]\s]+)\]", text) if match[1] not in known
    ]
    findings.rule("quote-id", "Every quote id names a customer voice on file.", "major", unknown,
                  "There is no snippet “{span}”.", "Use the id of the snippet that is quoted.")  # fmt: skip


def _canon_voices(sources: Sources) -> list[str]:
    voices = as_object((sources.canon or {}).get("voiceOfCustomer"))
    return [phrase_of(as_object(item).get("text")) for group in voices.values() for item in as_list(group)]


def _regulated(findings: Findings, sources: Sources, disclaimers: list[str], text: str) -> None:
    """A sentence that touches a regulated claim needs the disclaimer on file in the same text."""
    claims = read_intake(sources.intake, sources.client).regulated_claims
    own = stems(text)
    touched = [claim for claim in claims if len(stems(claim) & own) >= max(1, len(stems(claim)) // 2 + 1)]
    covered = bool(disclaimers) and all(stands_in(line, [text]) for line in disclaimers)
    for number, claim in enumerate([] if covered else touched, start=1):
        place = [_first_place(claim, text)]
        findings.rule(f"regulated-{number}", "Regulated claims carry proof and disclaimer.", "major", place,
                      f"The text touches “{claim}”, which is regulated.", "Add the disclaimer or have it cleared.")  # fmt: skip
    if covered or not touched:
        findings.rule("regulated", "Regulated claims carry proof and disclaimer.", "major", [])


def _first_place(claim: str, text: str) -> Span | None:
    wanted = stems(claim)
    for match in re.finditer(r"\w{4,}", text):
        if fold(match.group())[:6] in wanted:
            return Span(match.group(), match.start())
    return None


def _red_lines(findings: Findings, sources: Sources, text: str) -> None:
    rule = "Nothing implies a personal attribute of the reader (Meta red line)."
    findings.rule("personal-attribute", rule, "major", _spans(_PERSONAL, text),
                  "“{span}” speaks to a personal attribute.", "Speak about the situation instead.")  # fmt: skip
    platform = as_object(as_object((sources.canon or {}).get("constraints")).get("platform"))
    past = [span for item in as_list(platform.get("pastViolations")) for span in places(text, phrase_of(item))]
    findings.rule("past-violation", "Nothing that a platform refused before.", "major", past,
                  "“{span}” was refused before.", "Say it differently.")  # fmt: skip
