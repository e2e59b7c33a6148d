"""What a dropped file seems to be: by its first bytes and letters, and only then by its name.

What always holds: the same file gives the same answer; a file that is none of ours is refused with what would be.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import Invalid
from knowledge.imports.formats import FORMATS, Format, alternatives
from knowledge.imports.mapping import EVERY_NAME, guess
from knowledge.imports.options import Options
from knowledge.imports.readers import ad_json, foreplay_json, meta_ads
from knowledge.imports.readers.encodings import encoding_of
from knowledge.imports.readers.source import CutOff, Unreadable, open_zip, sample_of
from knowledge.imports.readers.tables import Cells, open_table, whole_lines
from knowledge.imports.readers.transcripts import share_said

#: rows of a table that are looked at
ROWS = 200
_NAME = re.compile(r'"([A-Za-z_][\w ]{0,60})"\s*:')
_SUBTITLES = re.compile(r"^(?:WEBVTT|\d+\s*\r?\n\d{1,3}:\d\d:\d\d[,.]\d{3} -->)")
_HTML = re.compile(r"^\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00 ftyp")
_JSON_ADS = {"ad_json": ad_json.NAMES, "foreplay_json": foreplay_json.NAMES, "meta_json": meta_ads.NAMES}
#: columns that tell a table of ads
_AD_COLUMNS = {"external_ad_id", "brand_name", "brand_id", "ad_source_link", "platforms", "landing_page", "cta_type"}
TAKEN = (
    "I take ad libraries (JSON, CSV), reviews (CSV, JSON), calls and texts (TXT, VTT, SRT), PDF, Word and HTML files, "
    "also packed as .gz or .zip."
)


@dataclass(frozen=True)
class Detected:
    """``format`` with how sure that is (0–1) and why; ``alternatives``: what else it could be read as."""

    format: Format
    confidence: float
    why: str
    options: Options = field(default_factory=Options)

    @property
    def alternatives(self) -> list[Format]:
        return alternatives(self.format.name)


def detect(path: Path, filename: str) -> Detected:
    """Look at the file's beginning. Raises ``Invalid`` (``file``) for one that is none of ours."""
    try:
        return _detect(path, filename)
    except Unreadable as wrong:
        raise Invalid(fields={"file": f"{wrong}"}) from wrong


def _detect(path: Path, filename: str) -> Detected:
    with path.open("rb") as file:
        magic = file.read(16)
    if not magic:
        raise Invalid(fields={"file": "is empty"})
    if magic.startswith(b"%PDF"):
        return _as("pdf", 1.0, "it is a PDF")
    if magic.startswith(b"PK\x03\x04") and (office := _office(path)):
        return office
    if magic.startswith(_PICTURES):
        raise Invalid(fields={"file": f"is a picture or a film. {TAKEN}"})
    sample = sample_of(path)
    if sample.startswith(b"%PDF"):
        raise Invalid(fields={"file": "is a packed PDF; unpack it first"})
    text = sample.decode(encoding_of(sample), errors="replace").removeprefix("\ufeff")
    if _is_binary(text):
        raise Invalid(fields={"file": f"is no text that can be read. {TAKEN}"})
    return _of_text(path, text, filename.lower())


def _office(path: Path) -> Detected | None:
    with path.open("rb") as file, open_zip(file) as archive:
        names = set(archive.namelist())
    if "word/document.xml" in names:
        return _as("docx", 1.0, "it is a Word document")
    if "xl/workbook.xml" in names:
        raise Invalid(fields={"file": "is an Excel workbook; save the sheet as CSV and drop that"})
    if "ppt/presentation.xml" in names:
        raise Invalid(fields={"file": f"is a presentation. {TAKEN}"})
    return None


def _is_binary(text: str) -> bool:
    odd = sum(ord(letter) < 9 or 13 < ord(letter) < 32 for letter in text[:4096])
    return odd > max(8, len(text[:4096]) // 20)


def _of_text(path: Path, text: str, filename: str) -> Detected:
    start = text.lstrip()
    if not start:
        raise Invalid(fields={"file": "has nothing in it but blanks"})
    if _SUBTITLES.match(start):
        return _as("transcript", 1.0, "it has the times of subtitles")
    if _HTML.match(start):
        return _as("html", 1.0, "it is a web page")
    if start[0] in "[{" and (found := _json(start)):
        return found
    table = _table(path, filename)
    said, names = share_said(whole_lines(text).splitlines()[:400])
    if said > 0.4 and names >= 2 and (table is None or table.confidence < 0.9):
        return _as("transcript", min(1.0, 0.5 + said / 2), f"{names} people speak by turns")
    if table is not None:
        return table
    lines = [line for line in text.splitlines() if line.strip()]
    long = sum(len(line) for line in lines) / max(1, len(lines)) > 400
    return _as("text_document", 0.5, "it is one running text") if long else _as("text", 0.5, "it is plain text")


def _json(start: str) -> Detected | None:
    names = set(_NAME.findall(start))
    if not names:
        return None
    shares = {format: len(names & known) for format, known in _JSON_ADS.items()}
    best = max(shares, key=lambda format: shares[format])
    if shares[best] >= 2:
        return _as(best, min(1.0, 0.5 + shares[best] / 8), f"its names are those of {FORMATS[best].title.lower()}")
    return _as("review_json", 0.5, "it is a list with names and values")


def _table(path: Path, filename: str) -> Detected | None:
    """A table of ads or of quotes, when the file is one."""
    rows, columns = list[list[str]](), list[str]()
    with suppress(CutOff), open_table(path, Options(), EVERY_NAME) as table:
        for row in table.rows():
            if isinstance(row, Cells):
                rows.append(row.cells)
            if len(rows) >= ROWS:
                break
        columns = table.columns
    if len(columns) < 2 and not filename.endswith((".csv", ".tsv")):
        return None
    ads = {one.field for one in guess("ads", columns, rows) if one.field}
    quotes = [one for one in guess("quotes", columns, rows) if one.field == "text"]
    if "external_ad_id" in ads and len(ads & _AD_COLUMNS) >= 2:
        return _as("meta_csv", 0.95, "its columns are those of ads")
    if not quotes and not filename.endswith((".csv", ".tsv")):
        return None
    sure = max((one.confidence for one in quotes), default=0.3)
    return _as("review_csv", sure, f"its column “{quotes[0].column}” is what was said" if quotes else "it is a table")


def _as(format: str, confidence: float, why: str) -> Detected:
    return Detected(FORMATS[format], round(confidence, 2), why)
