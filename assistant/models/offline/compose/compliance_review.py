"""The compliance review: the rules of knowledge/checks on compliance, and figures, links and quotes without a source.

The rules are the preflight's own, so that both say the same of a text. A passed check means that nothing was found, not
that a lawyer has read it.
"""

from assistant.models.offline.compose.claims import (
    is_verbatim,
    quoted_spans,
    source_texts,
    stands_in,
    unsupported_figures,
    unsupported_links,
)
from assistant.models.offline.compose.report import Findings
from assistant.models.offline.compose.rules import checked, facts_of
from assistant.models.offline.compose.sources import Document, Sources


def review_compliance(
    sources: Sources, text: str, *, asset_id: str = "draft", asset_version: int = 1, iteration: int = 1
) -> Document:
    """A ``qa_report`` by the compliance reviewer. Spans refer to ``text``; ``where.part`` is always ``text``."""
    findings = Findings()
    findings.take(checked(sources, text), "compliance.")
    voices, texts = list((facts_of(sources).quotes or {}).values()), source_texts(sources)
    wrong = [
        span
        for span, testimonial in quoted_spans(text)
        if not testimonial and not is_verbatim(span.text, voices) and not stands_in(span.text, texts)
    ]
    findings.rule("quote", "What stands in quotation marks was said or written by somebody on file.", "critical", wrong,
                  "“{span}” is not among the customer voices.", "Quote a snippet verbatim or take the marks off.")  # fmt: skip
    findings.rule("figure-without-source", "Every figure stands in a source.", "major", unsupported_figures(text, sources),
                  "“{span}” stands in no source.", "Name the source or take the figure out.")  # fmt: skip
    findings.rule("link-without-source", "Every link is on file.", "major", unsupported_links(text, sources),
                  "{span} is not an address that a source names.", "Use an address on file.")  # fmt: skip
    return findings.report("compliance", asset_id, asset_version, iteration)
