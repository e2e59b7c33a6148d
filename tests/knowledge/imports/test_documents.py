"""PDF, Word and HTML files as documents: their text, and files that are refused by name."""

import io
import zipfile
from pathlib import Path

import docx
import pytest

from knowledge.imports.detect import detect
from knowledge.imports.options import Options
from knowledge.imports.reading import read
from knowledge.imports.records import DocumentRecord, Item, Rejected
from tests.knowledge.artifacts.briefs import docx_of, pdf_of


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Our voice", 1)
    document.add_paragraph("Plain and warm.")
    return docx_of(document)


def items_of(tmp_path: Path, content: bytes, name: str) -> list[Item]:
    path = tmp_path / "file"
    path.write_bytes(content)
    found = detect(path, name)
    return list(read(path, found.format.name, Options()))


def test_a_word_document_keeps_its_headings_and_is_called_by_the_first(tmp_path: Path) -> None:
    [found] = items_of(tmp_path, word(), "voice.docx")
    assert isinstance(found, DocumentRecord)
    assert (found.row, found.title, found.text) == (1, "Our voice", "# Our voice\nPlain and warm.")


def test_a_pdf_gives_its_text(tmp_path: Path) -> None:
    [found] = items_of(tmp_path, pdf_of(["Soy candles burn without soot."]), "guide.pdf")
    assert isinstance(found, DocumentRecord)
    assert "Soy candles burn without soot." in found.text


def test_a_page_gives_its_title_and_text(tmp_path: Path) -> None:
    [found] = items_of(tmp_path, "<html><title>Größen</title><h1>Maße</h1><p>S bis XL".encode("cp1252"), "x.htm")
    assert found == DocumentRecord(1, "Größen", "# Maße\n\nS bis XL")


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 80_000_000)
    return out.getvalue()


@pytest.mark.parametrize(("content", "name", "said"), [
    (pdf_of([]), "scan.pdf", "text"), (pdf_of(["Cut off"])[:200], "cut.pdf", ""), (b"%PDF-1.7 nothing", "a.pdf", ""),
    (bomb(), "bomb.docx", "unpacks to far more"), (b"<html><script>only()</script>", "a.html", "no text"),
])  # fmt: skip
def test_what_has_no_text_or_too_much_in_it_is_refused_in_words(
    tmp_path: Path, content: bytes, name: str, said: str
) -> None:
    [refused] = items_of(tmp_path, content, name)
    assert isinstance(refused, Rejected)
    assert not refused.kept
    assert said in refused.reason and "brief" not in refused.reason


def test_a_very_long_page_says_how_much_of_it_was_read(tmp_path: Path) -> None:
    first, note = items_of(tmp_path, b"<html><p>" + b"words " * 1_800_000, "long.html")
    assert isinstance(first, DocumentRecord)
    assert isinstance(note, Rejected) and note.kept
    assert "10,000,000 letters" in note.reason
