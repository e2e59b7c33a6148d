"""A piece as the rules read it: once, however many rules ask. Blocks, sentences and words of its body, its language.

What always holds: nothing here looks anything up; the same piece and facts give the same reading.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from knowledge.checks.models import Facts, Finding, Mend, Piece, Place
from knowledge.checks.rules import Rule
from knowledge.checks.text.blocks import Block, blocks
from knowledge.checks.text.languages import language_of
from knowledge.checks.text.sentences import Sentence, sentence_spans, words_in
from knowledge.checks.words import LANGUAGES

#: parts that nobody reads as prose
_NOT_READ = ("slug", "html")
_LABELS = {"metaDescription": "meta description", "body": "text", "plainText": "plain-text version"}


@dataclass
class Reading:
    piece: Piece
    facts: Facts
    #: what a module has read out of the piece, under its own name, so that its next rule need not again
    kept: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def language(self) -> str:
        return self.piece.language

    @property
    def spoken(self) -> str:
        """The language when there are word lists for it, else ""."""
        return self.piece.language if self.piece.language in LANGUAGES else ""

    @cached_property
    def seen_language(self) -> str:
        """What the words themselves are in, whatever the piece says of itself."""
        return language_of(" ".join(self.plain_parts.values()))

    @cached_property
    def body(self) -> str:
        return self.piece.parts.get("body", "")

    @cached_property
    def blocks(self) -> list[Block]:
        return blocks(self.body)

    @cached_property
    def headings(self) -> list[Block]:
        return [block for block in self.blocks if block.kind == "heading"]

    @cached_property
    def prose(self) -> list[Block]:
        """Paragraphs and list items, without customers' words, tables and code."""
        return [block for block in self.blocks if block.kind in ("paragraph", "item") and block.plain.strip()]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of the prose, with positions in the body."""
        found: list[Sentence] = []
        for number, block in enumerate(self.prose):
            for start, end in sentence_spans(block.plain, self.language):
                words = words_in(block.plain[start:end])
                if words:
                    at = block.start
                    found.append(Sentence(self.body[at + start : at + end], at + start, at + end, words, number))
        return found

    @cached_property
    def words(self) -> list[str]:
        """Every word of the body, in order."""
        return [word for block in self.blocks if block.kind != "code" for word in words_in(block.plain)]

    @cached_property
    def plain_parts(self) -> dict[str, str]:
        """What is read, by part, marks turned into spaces: positions are those of the part."""
        parts = self.piece.parts
        plain = {
            name: self._plain_body if name == "body" else _no_addresses(text)
            for name, text in parts.items()
            if name not in _NOT_READ
        }
        if self.piece.kind == "email":  # a merge tag is none of the words that are read
            plain = {name: _without_merge_tags(text, parts[name]) for name, text in plain.items()}
        return plain

    @cached_property
    def _plain_body(self) -> str:
        """The whole body at its own positions, without marks, addresses, code and quote ids."""
        out = [" "] * len(self.body)
        for block in self.blocks:
            if block.kind != "html":
                out[block.start : block.end] = _no_addresses(block.plain)
        for at in (match.start() for match in re.finditer("\n", self.body)):
            out[at] = "\n"
        return "".join(out)

    def place(self, part: str, start: int, end: int) -> Place:
        return Place(part, self.piece.parts[part][start:end], start, end)

    def finding(
        self,
        rule: Rule,
        message: str,
        place: Place | None = None,
        *,
        evidence: str = "",
        fix: str = "",
        replacement: str | None = None,
    ) -> Finding:
        """``replacement``: words that certainly mend it; they take the place's."""
        mend = None
        if place is not None and replacement is not None:
            mend = Mend(place.part, place.start, place.end, replacement)
        return Finding(rule.id, rule.group, rule.severity, message, place, evidence, fix, mend)

    def matches(self, pattern: re.Pattern[str]) -> list[Place]:
        """Where a pattern stands in what is read; in the plain-text version only what the body does not have."""
        found: list[Place] = []
        for name, text in self.plain_parts.items():
            for match in pattern.finditer(text):
                place = self.place(name, match.start(), match.end())
                if not (name in ("plainText", "title") and self._in_body(place.text)):
                    found.append(place)
        return found

    def _in_body(self, words: str) -> bool:
        return words in self.body


#: addresses begin where a word does, so that a long run of marks is looked at once
_ADDRESS = re.compile(
    r"https?://[^\s)\]>]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}|"
    r"(?<![\w.-])(?:[\w-]{1,63}\.){1,6}(?:com|de|es|pt|org|net|io|eu|co|uk)\b(?:/\S*)?"
)
#: Liquid, Handlebars, Mailchimp
MERGE_TAG = re.compile(r"\{\{[^{}]{0,300}\}\}|\{%[^%]{0,500}%\}|\*\|[^|*]{0,300}\|\*")


def _without_merge_tags(plain: str, source: str) -> str:
    """``plain`` with spaces where tags stand in ``source``, whose positions are its own."""
    for tag in MERGE_TAG.finditer(source):
        plain = plain[: tag.start()] + _spaces(tag) + plain[tag.end() :]
    return plain


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _no_addresses(text: str) -> str:
    if "." not in text:
        return text
    return _ADDRESS.sub(_spaces, text)


def label(part: str) -> str:
    """The part as people call it."""
    name, _, number = part.partition(".")
    said = _LABELS.get(name, re.sub(r"([A-Z])", r" \1", name).lower())
    return f"{said} {int(number) + 1}" if number.isdigit() else said
