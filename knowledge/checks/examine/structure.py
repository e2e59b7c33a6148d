"""How an article is built: title, description, address, headings, lengths, pictures."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from knowledge.checks.examine import Check, DoesNotApply, NotChecked
from knowledge.checks.models import Finding
from knowledge.checks.reading import Reading
from knowledge.checks.rules import Rule
from knowledge.checks.text.blocks import Block
from knowledge.checks.text.sentences import words_in

_PICTURE = re.compile(r"!\[([^\[\]\n]{0,1000})\]\(([^()\n]{0,2000})\)")
_IMG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"[^"]*\S[^"]*"|'[^']*\S[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_UMLAUTS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))


def title_length(reading: Reading, rule: Rule) -> Iterator[Finding]:
    yield from _length(reading, rule, "title", "title")


def description_length(reading: Reading, rule: Rule) -> Iterator[Finding]:
    yield from _length(reading, rule, "metaDescription", "meta description")


def _length(reading: Reading, rule: Rule, part: str, name: str) -> Iterator[Finding]:
    text = reading.piece.parts.get(part, "")
    least, most = rule.limit("least"), rule.limit("most")
    length = len(text.strip())
    if not length:
        if part not in reading.piece.parts and not reading.piece.keys.get("slug") and part != "title":
            raise NotChecked(f"there is no {name} in what was given")
        yield reading.finding(rule, f"There is no {name}.", fix=f"Write one of {least:g} to {most:g} characters.")
    elif not least <= length <= most:
        way = "short" if length < least else "long"
        yield reading.finding(
            rule,
            f"The {name} is too {way}.",
            reading.place(part, 0, len(text)),
            evidence=f"{length} characters.",
            fix=f"Bring it to {least:g} to {most:g} characters.",
        )


def one_h1(reading: Reading, rule: Rule) -> Iterator[Finding]:
    first = [block for block in reading.headings if block.level == 1]
    if not first and reading.headings:
        yield reading.finding(rule, "There is no H1.", fix="Begin the text with its title as “# …”.")
    for block in first[1:]:
        place = reading.place("body", block.start, block.end)
        yield reading.finding(
            rule, "There is a second H1.", place, evidence=f"“{block.plain.strip()}”", fix="Make it an H2 (“## …”)."
        )


def heading_order(reading: Reading, rule: Rule) -> Iterator[Finding]:
    for before, block in pairwise(reading.headings):
        if block.level > before.level + 1:
            yield reading.finding(
                rule,
                f"A heading jumps from H{before.level} to H{block.level}.",
                reading.place("body", block.start, block.end),
                evidence=f"“{block.plain.strip()}” follows “{before.plain.strip()}”.",
                fix=f"Make it an H{before.level + 1}.",
            )


def sections(reading: Reading) -> Iterator[tuple[Block | None, list[Block]]]:
    """Each heading (None: before the first) with the blocks up to the next one."""
    head: Block | None = None
    inside: list[Block] = []
    for block in reading.blocks:
        if block.kind == "heading":
            if inside or head:
                yield head, inside
            head, inside = block, []
        else:
            inside.append(block)
    if inside or head:
        yield head, inside


def section_length(reading: Reading, rule: Rule) -> Iterator[Finding]:
    most = rule.limit("most")
    for head, inside in sections(reading):
        count = sum(len(words_in(block.plain)) for block in inside)
        if count > most:
            at = head or inside[0]
            yield reading.finding(
                rule,
                "A section is too long.",
                reading.place("body", at.start, at.end),
                evidence=f"{count} words under one heading.",
                fix="Put a heading in the middle of it.",
            )


def paragraph_length(reading: Reading, rule: Rule) -> Iterator[Finding]:
    most = rule.limit("most")
    for block in reading.blocks:
        if block.kind != "paragraph":
            continue
        count = len(words_in(block.plain))
        if count > most:
            place = reading.place("body", block.start, block.end)
            yield reading.finding(rule, "A paragraph is too long.", place, evidence=f"{count} words.", fix="Split it.")


def text_length(reading: Reading, rule: Rule) -> Iterator[Finding]:
    count = len(reading.words)
    if count < rule.limit("least"):
        yield reading.finding(
            rule,
            "The text is short.",
            evidence=f"{count} words.",
            fix="Say more where the sources carry it; never pad.",
        )


def slug(reading: Reading, rule: Rule) -> Iterator[Finding]:
    text = reading.piece.parts.get("slug")
    if text is None:
        raise NotChecked("there is no address part in what was given")
    tidy = slugged(text, reading.language)
    if text != tidy or len(text) > rule.limit("most") or not text:
        why = "too long" if len(text) > rule.limit("most") else "not lower-case words joined by hyphens"
        certain = tidy if tidy and len(tidy) <= rule.limit("most") else None
        yield reading.finding(
            rule,
            "The address part is missing." if not text else f"The address part is {why}.",
            reading.place("slug", 0, len(text)),
            evidence=f"“{text}”",
            fix=f"Use “{tidy}”." if certain else "Keep the words that say what the page is about.",
            replacement=certain,
        )


def slugged(text: str, language: str) -> str:
    """Lower-case ASCII words joined by hyphens; German umlauts spelt out."""
    plain = text.strip().lower()
    for letter, pair in _UMLAUTS if language in ("de", "") else ():
        plain = plain.replace(letter, pair)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def image_alt(reading: Reading, rule: Rule) -> Iterator[Finding]:
    pictures = 0
    for picture in _PICTURE.finditer(reading.body):
        pictures += 1
        if not picture[1].strip():
            place = reading.place("body", picture.start(), picture.end())
            yield _no_alt(reading, rule, place.text, picture.start())
    for picture in _IMG.finditer(reading.body):
        pictures += 1
        if not _ALT.search(picture[0]):
            yield _no_alt(reading, rule, picture[0], picture.start())
    if not pictures:
        raise DoesNotApply


def _no_alt(reading: Reading, rule: Rule, text: str, start: int) -> Finding:
    place = reading.place("body", start, start + len(text))
    return reading.finding(
        rule, "A picture has no alternative text.", place, evidence=text, fix="Say what it shows, in a few words."
    )


CHECKS: dict[str, Check] = {
    "seo.title_length": title_length,
    "seo.description_length": description_length,
    "seo.one_h1": one_h1,
    "seo.heading_order": heading_order,
    "seo.section_length": section_length,
    "seo.paragraph_length": paragraph_length,
    "seo.text_length": text_length,
    "seo.slug": slug,
    "seo.image_alt": image_alt,
}
