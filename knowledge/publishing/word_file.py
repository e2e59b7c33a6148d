"""An article as a Word file: headings, paragraphs, lists, quotations, tables, links; nothing is loaded, no macro."""

import io
import re
from typing import Any, cast

from docx import Document, oxml
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from markdown_it.token import Token

from knowledge.publishing.rendering import tokens_of

#: characters that XML does not know
_UNKNOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIST_DEPTHS = 3


def word_file(*, title: str, description: str, language: str, markdown: str) -> bytes:
    """The file's bytes (.docx)."""
    document: Any = Document()
    document.core_properties.title = _known(title)[:255]
    document.core_properties.comments = _known(description)[:255]
    document.core_properties.language = _known(language)[:20]
    document.styles["Normal"].font.size = Pt(11)
    _Writer(document).write(tokens_of(markdown))
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


class _Writer:
    """Walks the tokens of the Markdown and adds to the document."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._lists: list[str] = []
        self._quoted = 0
        self._fresh_item = False

    def write(self, tokens: list[Token]) -> None:
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "table_open":
                end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
                self._table(tokens[at:end])
                at = end
            else:
                self._block(token, tokens[at + 1] if at + 1 < len(tokens) else None)
            at += 1

    def _block(self, token: Token, following: Token | None) -> None:
        match token.type:
            case "heading_open" if following is not None:
                self._say(self._document.add_heading(level=min(int(token.tag[1:]), 9)), following)
            case "paragraph_open" if following is not None:
                self._say(self._document.add_paragraph(style=self._style()), following)
                self._fresh_item = False
            case "bullet_list_open" | "ordered_list_open":
                self._lists.append("List Bullet" if token.type.startswith("bullet") else "List Number")
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._fresh_item = True
            case "blockquote_open" | "blockquote_close":
                self._quoted += 1 if token.nesting > 0 else -1
            case "fence" | "code_block":
                run = self._document.add_paragraph().add_run(_known(token.content.rstrip("\n")))
                run.font.name = "Courier New"
            case "hr":
                self._document.add_paragraph("⁂")
            case _:
                pass

    def _style(self) -> str:
        if self._lists:
            depth = min(len(self._lists), _LIST_DEPTHS)
            kind = self._lists[-1] if self._fresh_item else "List Continue"
            return kind if depth == 1 else f"{kind} {depth}"
        return "Intense Quote" if self._quoted else "Normal"

    def _say(self, paragraph: Any, inline: Token) -> None:
        bold = italic = struck = False
        link: str | None = None
        for child in inline.children or []:
            match child.type:
                case "strong_open" | "strong_close":
                    bold = child.nesting > 0
                case "em_open" | "em_close":
                    italic = child.nesting > 0
                case "s_open" | "s_close":
                    struck = child.nesting > 0
                case "link_open":
                    link = str(child.attrGet("href") or "")
                case "link_close":
                    link = None
                case "softbreak":
                    paragraph.add_run(" ")
                case "hardbreak":
                    paragraph.add_run().add_break()
                case "image":
                    paragraph.add_run(_known(child.content)).italic = True
                case _:
                    run = _linked(paragraph, link) if link else paragraph.add_run()
                    run.text = _known(child.content)
                    run.bold, run.italic, run.font.strike = bold or None, italic or None, struck or None

    def _table(self, tokens: list[Token]) -> None:
        rows: list[list[Token]] = []
        for at, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(tokens[at + 1])
        if not rows:
            return
        table = self._document.add_table(rows=len(rows), cols=max(len(row) for row in rows), style="Table Grid")
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                self._say(table.cell(y, x).paragraphs[0], cell)


def _linked(paragraph: Any, address: str) -> Any:
    """A run that leads to ``address``, blue and underlined."""
    relation = paragraph.part.relate_to(_known(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = cast("Any", oxml).OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run()
    run.font.underline = True
    run.font.color.rgb = RGBColor(0x43, 0x38, 0xCA)
    link.append(run._r)
    paragraph._p.append(link)
    return run


def _known(text: str) -> str:
    return _UNKNOWN.sub("", text)
