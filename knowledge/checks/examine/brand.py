"""What of the brand's rules can be computed: banned words, wording, tone, address, examples, the name, language, colours."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from knowledge.checks.examine import Check, DoesNotApply, NotChecked
from knowledge.checks.examine.ads import EMOJI
from knowledge.checks.models import Finding, Place
from knowledge.checks.reading import Reading
from knowledge.checks.rules import Rule
from knowledge.checks.text.colours import HEX, chroma, delta_e, hue_apart, lab
from knowledge.checks.text.languages import language_of
from knowledge.checks.text.places import places, words_of
from knowledge.checks.words import pattern
from knowledge.json_values import as_list, as_object

_PLACEHOLDER = re.compile(
    r"\[(?:your|insert|client|company|name|link|url|product|first name|ihr|firmenname|produkt|tu|nombre|empresa|producto|seu|"
    r"nome|produto|date|datum|fecha|data|city|stadt|ciudad|cidade|price|preis|precio|preço|vorname|x+)\b[^\]\n]{0,40}\](?!\()|"
    r"\[[^\]\n]{0,40}\b(?:insert|einfügen|einsetzen|eintragen|insertar|inserte|rellenar|completar|inserir|preencher)\b"
    r"[^\]\n]{0,40}\](?!\()|\blorem ipsum\b|"
    r"(?-i:\bPENDIENTE\b|\b(?:POR|A) DEFINIR\b|\bTODO\b|\bTBD\b|\bXXX+\b|\bundefined\b|(?<=[a-z] )None\b(?=[.,;!?]|$))",
    re.IGNORECASE,
)
#: one of these is in every gap that the pattern before knows
_MAY_GAP = re.compile(r"\[|TODO|TBD|XX|undefined|None|lorem|PENDIENTE|DEFINIR", re.IGNORECASE)
_BRACES = re.compile(r"\{\{?[^{}\n]{1,60}\}?\}")
_CAPITALS = "A-ZÄÖÜÁÉÍÓÚÃÕÇÑ"
_SHOUT = re.compile(
    rf"\b[{_CAPITALS}]{{5,}}(?:\s+[{_CAPITALS}]{{2,}})*\b|\b[{_CAPITALS}]{{2,}}(?:\s+[{_CAPITALS}]{{2,}}){{2,}}\b"
)
_EXCLAIMED = re.compile(r"(?<![^\s!¡])[^\s!¡]+!+")
_QUOTED = r"[“\"„«'‘]([^”\"“»'’]{2,60})[”\"“»'’]"
_SAY_NOT = re.compile(
    rf"{_QUOTED},? (?:not|instead of|rather than|nicht|statt|no|não|en vez de|em vez de) {_QUOTED}", re.IGNORECASE
)
_NOT_BUT = re.compile(
    rf"(?:not|never|nicht|nie|no|nunca|não) {_QUOTED},? (?:but|sondern|sino|mas) {_QUOTED}", re.IGNORECASE
)
_NEVER = re.compile(
    rf"(?:never|don't|do not|avoid|no|nie|niemals|kein\w*|nicht|vermeide\w*|nunca|evitar?|evite|não)(?: \w+){{0,3}} {_QUOTED}",
    re.IGNORECASE,
)
_FORMAL = {"de": re.compile(r"(?<=[a-zäöüß,] )(?:Sie|Ihnen|Ihr(?:e[nmrs]?)?)\b"),
           "es": re.compile(r"\b(?:usted(?:es)?|su cuenta|le invitamos)\b", re.IGNORECASE)}  # fmt: skip
_FAMILIAR = {"de": re.compile(r"\b(?:du|dich|dir|dein\w*)\b"),
             "es": re.compile(r"\b(?:tú|tus?|te|contigo|tienes|puedes|quieres|eres)\b", re.IGNORECASE)}  # fmt: skip
#: words from which on a body alone tells its language
_TELLING = 25
#: letters of a name that is looked for with other spaces
_LONG_NAME = 7
_WANTS_FORMAL = re.compile(
    r"\b(?:Sie-Form|siezen|per Sie|(?:mit|use|usar|usa) [“\"„']?(?:Sie|usted)\b)|\bsiezt\b|\btratar de usted\b", re.I
)
_WANTS_FAMILIAR = re.compile(
    r"\b(?:Du-Form|duzen|per du|(?:mit|use|usar|usa) [“\"„']?(?:du|tú)\b)|\bduzt\b|\btutear\b", re.I
)


def tone_lines(reading: Reading) -> tuple[list[str], list[str]]:
    """What the writing should do and must not do, in the client's words."""
    tone = as_object(as_object((reading.facts.canon or {}).get("brand")).get("toneOfVoice"))
    return _strings(tone.get("do")), _strings(tone.get("dont"))


def _strings(value: object) -> list[str]:
    return [item for item in as_list(value) if isinstance(item, str)]


def tone_text(reading: Reading) -> str:
    do, dont = tone_lines(reading)
    return "\n".join([*do, *dont, reading.facts.tone])


def is_calm(reading: Reading) -> bool:
    """Whether the client asks for a calm tone, in any of the four languages."""
    wanted = pattern("tone_formal")
    return bool(wanted and wanted.search(tone_text(reading)))


def _need_client(reading: Reading) -> None:
    facts = reading.facts
    if facts.canon is None and not facts.banned and not facts.tone:
        raise NotChecked("there is no approved canon to hold it against")


def everywhere(reading: Reading, phrase: str) -> list[Place]:
    """Each place of a phrase in what is read; what the body says is not named again for the title or plain text."""
    found: list[Place] = []
    for part, text in reading.plain_parts.items():
        for start, end in places(text, phrase):
            place = reading.place(part, start, end)
            if part not in ("title", "plainText") or place.text not in reading.body:
                found.append(place)
    return found


def banned(reading: Reading, rule: Rule) -> Iterator[Finding]:
    _need_client(reading)
    _, dont = tone_lines(reading)
    listed = [*reading.facts.banned]
    for line in dont:
        rest = _NOT_BUT.sub(" ", _SAY_NOT.sub(" ", line))
        listed += [match[1] for match in _NEVER.finditer(rest)]
    for phrase in dict.fromkeys(listed):
        for place in everywhere(reading, phrase):
            yield reading.finding(
                rule,
                f"The client bans “{phrase}”.",
                place,
                evidence=f"“{place.text}”",
                fix=f"Take “{place.text}” out or say it in the client's own words.",
            )


def wording(reading: Reading, rule: Rule) -> Iterator[Finding]:
    _need_client(reading)
    pairs = list(wanted_words(tone_text(reading)))
    if not pairs:
        raise DoesNotApply
    for wanted, unwanted in pairs:
        for place in everywhere(reading, unwanted):
            said = wanted[:1].upper() + wanted[1:] if place.text[:1].isupper() and place.text[1:].islower() else wanted
            yield reading.finding(
                rule,
                f"The client says “{wanted}”, not “{unwanted}”.",
                place,
                evidence=f"“{place.text}”",
                fix=f"Write “{said}”.",
                replacement=said,
            )


def wanted_words(tone: str) -> Iterator[tuple[str, str]]:
    """(wanted, unwanted) from lines such as: say “guests”, not “customers”."""
    for match in _SAY_NOT.finditer(tone):
        yield match[1].strip(), match[2].strip()
    for match in _NOT_BUT.finditer(tone):
        yield match[2].strip(), match[1].strip()


def placeholder(reading: Reading, rule: Rule) -> Iterator[Finding]:
    found = reading.matches(_PLACEHOLDER) if any(map(_MAY_GAP.search, reading.piece.parts.values())) else []
    if reading.piece.kind not in ("email", "tiktok"):  # merge tags are an email's own, braces TikTok's
        found += reading.matches(_BRACES)
    for place in found:
        yield reading.finding(
            rule,
            "Something is left to be filled in.",
            place,
            evidence=f"“{place.text}” looks like a gap in a template.",
            fix="Fill it from the canon or take the sentence out.",
        )


def hype(reading: Reading, rule: Rule) -> Iterator[Finding]:
    said = pattern("hype", reading.spoken)
    assert said is not None  # noqa: S101 - every language has the list
    grave = replace(rule, severity="major") if is_calm(reading) else rule
    for place in reading.matches(said):
        yield reading.finding(
            grave,
            f"“{place.text}” promises more than it says.",
            place,
            evidence=f"“{place.text}”",
            fix=f"Name the fact behind “{place.text}”.",
        )


def shouting(reading: Reading, rule: Rule) -> Iterator[Finding]:
    allowed = f"{tone_text(reading)} {reading.facts.client_name}"
    for place in reading.matches(_SHOUT):
        if place.text not in allowed and place.part != "subject":
            yield reading.finding(
                rule, "Words are set in capitals.", place, evidence=f"“{place.text}”", fix="Use normal case."
            )


def exclamation(reading: Reading, rule: Rule) -> Iterator[Finding]:
    none_wanted = pattern("no_exclamation")
    total = sum(len(words_of(text).folded) for text in reading.plain_parts.values())
    strict = is_calm(reading) or bool(none_wanted and none_wanted.search(tone_text(reading)))
    allowed = 0 if strict else max(1, int(total // rule.limit("words")))
    for place in reading.matches(_EXCLAIMED)[allowed:]:
        yield reading.finding(
            rule,
            "There are too many exclamation marks.",
            place,
            evidence=f"“{place.text}”",
            fix="End the sentence with a full stop.",
            replacement=f"{place.text.rstrip('!')}." if "¡" not in reading.body else None,
        )


def emoji(reading: Reading, rule: Rule) -> Iterator[Finding]:
    none_wanted = pattern("no_emoji")
    if not (is_calm(reading) or (none_wanted and none_wanted.search(tone_text(reading)))):
        raise DoesNotApply
    for place in reading.matches(re.compile(rf"(?:{EMOJI.pattern})+")):
        yield reading.finding(
            rule, "An emoji in a calm tone.", place, evidence=f"“{place.text}”", fix="Take it out.", replacement=""
        )


def short_sentences(reading: Reading, rule: Rule) -> Iterator[Finding]:
    wanted = pattern("short_sentences")
    do, _ = tone_lines(reading)
    if not (wanted and wanted.search(" ".join([*do, reading.facts.tone]))) or not reading.sentences:
        raise DoesNotApply
    long = [one for one in reading.sentences if len(one.words) > rule.limit("words")]
    if len(long) / len(reading.sentences) > rule.limit("share"):
        for one in long[:3]:
            yield reading.finding(
                rule,
                "The client asks for short sentences.",
                reading.place("body", one.start, one.end),
                evidence=f"{len(long)} of {len(reading.sentences)} sentences have more than 20 words.",
                fix="Split the sentence.",
            )


def address(reading: Reading, rule: Rule) -> Iterator[Finding]:
    language = reading.language
    if language not in _FORMAL:
        raise DoesNotApply
    formal, familiar = (_own_words(reading, forms[language]) for forms in (_FORMAL, _FAMILIAR))
    tone = tone_text(reading)
    if _WANTS_FORMAL.search(tone) or (formal and familiar and not _WANTS_FAMILIAR.search(tone)):
        wrong, other = familiar, formal
    elif _WANTS_FAMILIAR.search(tone):
        wrong, other = formal, familiar
    else:
        return
    for place in wrong[:1]:
        beside = f"“{place.text}” beside “{other[0].text}”." if other else f"“{place.text}”"
        yield reading.finding(
            rule,
            "The form of address is not the one wanted.",
            place,
            evidence=beside,
            fix="Keep one form of address throughout.",
        )


def _own_words(reading: Reading, forms: re.Pattern[str]) -> list[Place]:
    """Places outside of what customers said: block quotes and quotation marks."""
    quoted = [(block.start, block.end) for block in reading.blocks if block.kind == "quote"]
    quoted += [match.span() for match in re.finditer(r"[“„«\"][^“”„«»\"\n]{3,400}[”“»\"]", reading.body)]
    return [
        place
        for place in reading.matches(forms)
        if not (place.part == "body" and any(low <= place.start < high for low, high in quoted))
    ]


def bad_example(reading: Reading, rule: Rule) -> Iterator[Finding]:
    tone = as_object(as_object((reading.facts.canon or {}).get("brand")).get("toneOfVoice"))
    examples = [*_strings(as_object(tone.get("examples")).get("bad")), *(reading.facts.bad_examples or [])]
    if not examples:
        raise NotChecked("no examples are marked as bad")
    for example in dict.fromkeys(examples):
        if found := _taken_over(reading, example, rule.limit("share")):
            yield reading.finding(
                rule,
                "It reads like an example marked as bad.",
                found,
                evidence=f"“{found.text}” stands in “{example[:160]}”.",
                fix="Write it anew.",
            )


def _taken_over(reading: Reading, example: str, share: float) -> Place | None:
    """The first run of four words that the piece shares with the example, when it shares enough of them."""
    theirs = _runs(words_of(example).folded)
    if not theirs:
        return None
    for part, text in reading.plain_parts.items():
        own = words_of(text)
        if len(_runs(own.folded) & theirs) / len(theirs) < share:
            continue
        for at in range(len(own.folded) - 3):
            if own.folded[at : at + 4] in theirs:
                return reading.place(part, own.spans[at][0], own.spans[at + 3][1])
    return None


@lru_cache(maxsize=256)
def _runs(said: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(said[at : at + 4] for at in range(len(said) - 3))


def name(reading: Reading, rule: Rule) -> Iterator[Finding]:
    wanted = reading.facts.client_name.strip()
    if not wanted:
        raise NotChecked("the client is not known")
    for part, text in reading.plain_parts.items():
        for start, end in places(text, wanted):
            place = reading.place(part, start, end)
            if place.text != wanted and place.text.casefold() == wanted.casefold() and not _is_handle(text, start, end):
                yield _misspelt(reading, rule, place, wanted)
        for match in _spaced(wanted).finditer(text):
            written = " ".join(match[0].split())
            if written.casefold() != wanted.casefold() and not _is_handle(text, *match.span()):
                yield _misspelt(reading, rule, reading.place(part, *match.span()), wanted)


def _misspelt(reading: Reading, rule: Rule, place: Place, wanted: str) -> Finding:
    return reading.finding(
        rule,
        f"The client writes itself “{wanted}”.",
        place,
        evidence=f"“{place.text}”",
        fix=f"Write “{wanted}”.",
        replacement=wanted,
    )


@lru_cache(maxsize=64)
def _spaced(wanted: str) -> re.Pattern[str]:
    """The name with a space too many or too few; a short one may be two words that happen to stand together."""
    letters = [re.escape(letter) for letter in wanted if not letter.isspace()]
    if len(letters) < _LONG_NAME:
        return re.compile(r"(?!)")
    spaced = "[ \n]?".join(letters)
    return re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)


def _is_handle(text: str, start: int, end: int) -> bool:
    """In an account's name or an address: @name, name.com."""
    return (start > 0 and text[start - 1] in "@#/.") or re.match(r"\.\w|@", text[end:]) is not None


def language(reading: Reading, rule: Rule) -> Iterator[Finding]:
    wanted = (reading.facts.language or str(reading.piece.content.get("language") or ""))[:2].lower()
    if not wanted:
        raise NotChecked("no language was asked for")
    # the body first: a title and a description in the right language do not make up for it
    body = reading.plain_parts.get("body", "")
    seen = (language_of(body) if len(body.split()) >= _TELLING else "") or reading.seen_language
    if not seen:
        raise NotChecked("the language of the text does not show")
    if seen != wanted:
        yield reading.finding(
            rule,
            "The text is in another language.",
            evidence=f"It reads as “{seen}”, “{wanted}” was asked for.",
            fix="Translate it.",
        )


def palette(reading: Reading, rule: Rule) -> Iterator[Finding]:
    html = reading.piece.parts.get("html", "")
    if not html.strip():
        raise NotChecked("there is no HTML yet")
    brand = as_object((reading.facts.canon or {}).get("brand"))
    given = _strings(as_object(brand.get("visualStyleRefs")).get("palette"))
    wanted = [colour for one in given if (colour := lab(one))]
    if not wanted:
        raise NotChecked("the canon names no colours as #rrggbb")
    seen: set[str] = set()
    for match in HEX.finditer(html):
        if match[0].lower() in seen:
            continue
        seen.add(match[0].lower())
        own = lab(match[0])
        if own is None or chroma(own) <= rule.limit("neutral"):
            continue
        nearest = min(delta_e(own, colour) for colour in wanted)
        tint = any(chroma(one) > rule.limit("neutral") and hue_apart(own, one) <= rule.limit("hue") for one in wanted)
        if nearest > rule.limit("distance") and not tint:
            yield reading.finding(
                rule,
                "A colour is not of the palette.",
                reading.place("html", *match.span()),
                evidence=f"{match[0]} is {nearest:.0f} from the nearest (ΔE2000).",
                fix=f"Use one of {', '.join(given[:6])}.",
            )


CHECKS: dict[str, Check] = {
    "brand.banned": banned,
    "brand.wording": wording,
    "brand.placeholder": placeholder,
    "brand.hype": hype,
    "brand.shouting": shouting,
    "brand.exclamation": exclamation,
    "brand.emoji": emoji,
    "brand.short_sentences": short_sentences,
    "brand.address": address,
    "brand.bad_example": bad_example,
    "brand.name": name,
    "brand.language": language,
    "brand.palette": palette,
}
