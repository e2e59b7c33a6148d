"""What a file can be read as: for each format what it brings, and what people call it."""

from dataclasses import dataclass

from knowledge.imports.mapping import TableKind
from knowledge.imports.models import ImportKind


@dataclass(frozen=True, slots=True)
class Format:
    """``table``: its columns are mapped, as those of ads or of quotes; None when it has none."""

    name: str
    kind: ImportKind
    title: str
    table: TableKind | None = None


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("ad_json", "swipes", "Ads of an ad library (JSON)"),
        Format("foreplay_json", "swipes", "Ads saved in a swipe tool (JSON)"),
        Format("meta_json", "swipes", "Ads of the Meta Ad Library (JSON)"),
        Format("meta_csv", "swipes", "Ads in a table (CSV, Meta Ad Library)", "ads"),
        Format("review_csv", "voc", "Reviews or answers in a table (CSV)", "quotes"),
        Format("review_json", "voc", "Reviews or answers (JSON)"),
        Format("text", "voc", "What customers said, as text"),
        Format("transcript", "voc", "A call, written down"),
        Format("text_document", "document", "A text to keep"),
        Format("pdf", "document", "A PDF to keep"),
        Format("docx", "document", "A Word document to keep"),
        Format("html", "document", "A web page to keep"),
    )
}
#: what else a file may be when it looks like one of these
FAMILIES: tuple[tuple[str, ...], ...] = (
    ("ad_json", "foreplay_json", "meta_json", "review_json"),
    ("review_csv", "meta_csv", "text_document"),
    ("text", "transcript", "text_document"),
    ("pdf",),
    ("docx",),
    ("html", "text_document"),
)


def alternatives(name: str) -> list[Format]:
    """The other formats of a file that looks like ``name``."""
    names = dict.fromkeys(other for family in FAMILIES if name in family for other in family if other != name)
    return [FORMATS[other] for other in names]
