"""Weighs a sentence in which no concept and no figure was found: does it say something that could be checked?

A sentence is a claim when it is *about* somebody who answers for it or feels it (the client, what it sells, the reader) and
says something *of substance* (without exception, when, more, what changes, what is not paid), and that outweighs what makes
it harmless (an opinion, a hedge, a general truth). Some turns need nobody: nearly everyone, nothing comes close, the most
quiet room of the valley, a promise. The marks stand in marks.toml; the points below are the whole of the judgement.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from knowledge.claims.models import About, ClaimKind
from knowledge.claims.quantities import Quantity, quantities
from knowledge.claims.signals import firm, is_advice, is_order, of_own_points
from knowledge.claims.wording import WORD, flat, stem

#: points that make a claim; what an anchor has to bring at least
ENOUGH, LEAST_ANCHOR = 2.5, 0.5
OF_CLIENT, OF_PRODUCT, OF_READER, OF_HOUSE, EVERY_ONE, OF_STATE, OF_KIND = 2.0, 1.5, 1.0, 1.0, 0.5, 1.0, 0.5
#: points of substance; what is not named here weighs only together with its other half (a body and its relief)
SUBSTANCE = {"without_exception": 1.0, "never": 1.5, "again": 1.5, "reach": 0.5, "lacking": 0.5, "when": 1.5, "more": 1.0,
             "change": 1.0, "future": 1.5}  # fmt: skip
#: a number in words, or a figure of which nobody says whose it is
A_FIGURE = 1.5
HARMLESS = {"opinion": 9.0, "hedge": 2.0, "general_truth": 2.0, "kind_of_thing": 1.0, "as_long_as": 2.0}
#: marks of substance that say what kind of claim it is, the first that is there; others make it a feature
_KIND: tuple[tuple[str, ClaimKind], ...] = (("again", "guarantee"), ("when", "availability"))
_SURE: dict[str, ClaimKind] = {
    "share": "statistic", "unequalled": "superlative", "first_of": "superlative", "promise": "guarantee",
    "scarce": "availability", "any_hour": "availability", "ages": "statistic",
}  # fmt: skip
#: the determiner of a thing that both know
_THE = re.compile(
    r"^\W*(?:(?:and|but|also|now|here|with|in|at|on|mit|in|bei|auf|con|en|com|em) )?"
    r"(?:the|this|these|der|die|das|den|dem|diese[rsnm]?|el|la|los|las|estos?|estas?|o|a|os|as|no|na|nos|nas) "
    r"((?:[\w'-]+ ){0,2}[\w'-]+)"
)
_EVERY = re.compile(
    r"^\W*(?:every|each|all|jede[rsnm]?|alle|samtliche|cada|tod[oa]s?(?: [oa]s?| l[oa]s?| el)?) ((?:[\w'-]+ ){0,2}[\w'-]+)"
)
#: every one of them *is* or *has* something: a property, no saying
_STATES = re.compile(
    r"^\W*(?:every|each|all|jede[rsnm]?|alle|cada|tod[oa]s?)(?: [\w'-]+){1,4} (?:is|are|has|have|comes?|contains?|includes?|"
    r"gets?|receives?|ist|sind|hat|haben|kommt|kommen|enthalt|bekommt|wird|tienen?|es|son|viene|vienen|incluye|lleva|recibe|"
    r"tem|e|sao|vem|inclui|leva|recebe)\b"
)
_ENGLISH = re.compile(r"\b(?:the|and|is|are|your|with|of|to|you|it|on|by|longer|from)\b")
#: an article in Portuguese or Spanish that is another word in English
_ARTICLE_ELSEWHERE = re.compile(r"^\W*(?:a|o|as|os|no|nos) ")
_OUR = re.compile(r"^.{0,40}\b(?:our|we|wir|unser\w*|nuestr\w+|noss\w+|\w+[aei]mos)\b")
LONG_NAME, SHORT = 5, 3
#: characters from the beginning in which a subject stands
SUBJECT = 40
_CONDITION = re.compile(r"^\W*(?:if|when|unless|wenn|falls|sobald|si|cuando|se|quando)\b[^,]{2,120}, ?")
_TAIL = re.compile(r"(?:,| -| –| —)?\s(?:and|then|und|dann|y|e|luego)\s|:\s|–\s|—\s")


@lru_cache(maxsize=1)
def _marks() -> dict[str, dict[str, re.Pattern[str]]]:
    data = tomllib.loads((Path(__file__).parent / "marks.toml").read_text(encoding="utf-8"))
    return {
        group: {name: re.compile("|".join(_numbered(ones))) for name, ones in marks.items()}
        for group, marks in data.items()
    }


def _numbered(patterns: list[str]) -> list[str]:
    return [f"(?:{pattern})" for pattern in patterns]


def weigh(flat_text: str, about: About, *, own: bool, language: str = "") -> tuple[ClaimKind, str] | None:
    """The kind of claim and the words that make it one; None for a sentence that nobody has to prove."""
    marks = _marks()
    order = is_order(flat_text)
    text = _after_order(flat_text) if order else flat_text
    own = own and not order
    english = language == "en" or (not language and _ENGLISH.search(text) is not None)
    if not text or (own and is_advice(text)):
        return None
    promise = marks["sure"]["promise"].search(text)
    if promise or is_opinion(text):  # "if you don't like it, keep your money"
        return ("guarantee", promise.group().strip()) if promise else None
    for name, kind in _SURE.items():
        match = marks["sure"][name].search(text)
        if match and not (name in ("ages", "share") and marks["harmless"]["hedge"].search(text)):
            return kind, match.group().strip()
    condition = _CONDITION.match(text)
    main = text[condition.end() :] if condition else text
    regulated = _regulated(text, main, english=english)
    if regulated and not order:
        return regulated
    gone = _gone(flat_text)
    if gone:
        return gone
    paid = _paid(main, order=order)
    if paid:
        return paid
    approved = _approved(main, own=own)
    if approved:
        return approved
    anchor = _anchor(main, about, own=own, english=english)
    found = {name: match for name, mark in marks["substance"].items() if (match := mark.search(main)) is not None}
    points = anchor + sum(SUBSTANCE.get(name, 0.0) for name in found)
    points -= sum(HARMLESS[name] for name in _harmless(text, english=english))
    points -= 1.0 if condition else 0.0
    figure = any(_says(main, one) for one in quantities(main))
    points += A_FIGURE if figure else 0.0
    if figure and marks["anchor"]["here"].search(main):
        anchor, points = anchor + OF_HOUSE, points + OF_HOUSE
    if anchor < LEAST_ANCHOR or points < ENOUGH or (own and not found.keys() - {"reach"} and not figure):
        return None
    for name, kind in _KIND:
        if name in found and not own:
            return kind, ""
    return "feature", ""


def _harmless(text: str, *, english: bool) -> list[str]:
    names = [name for name, mark in _marks()["harmless"].items() if mark.search(text)]
    elsewhere = not english and _ARTICLE_ELSEWHERE.match(text)
    return [name for name in names if name != "kind_of_thing" or not elsewhere]


def is_opinion(flat_text: str) -> bool:
    """Whether it tells what somebody feels, likes or finds."""
    return _marks()["harmless"]["opinion"].search(flat_text) is not None


def _says(text: str, one: Quantity) -> bool:
    """Whether a figure says something: neither the text's own points nor a stretch of time that is told, not promised."""
    told = one.kind == "duration" and one.spelt and not firm(text, one)
    return not told and not of_own_points(text, one)


def _after_order(text: str) -> str:
    """ "Order tonight, and it is there by breakfast": what is promised for it; empty when nothing follows."""
    tail = _TAIL.search(text)
    return text[tail.end() :] if tail else ""


def _anchor(text: str, about: About, *, own: bool, english: bool) -> float:
    anchor = OF_CLIENT if own else 0.0
    marks = _marks()["anchor"]
    the, every = _THE.match(text), _EVERY.match(text)
    the = None if english and the and _ARTICLE_ELSEWHERE.match(text) else the
    known = the is not None and any(_on_file(word, about) for word in WORD.findall(the[1]))
    if known or marks["thing"].search(text) or _part_of_name(text, about):
        anchor += OF_PRODUCT
    elif (first := WORD.search(text)) is not None and len(first.group()) > SHORT and _on_file(first.group(), about):
        anchor += OF_KIND
    if every:
        of_body = _marks()["substance"]["body"].search(every[1])
        anchor += EVERY_ONE + (OF_STATE if _STATES.match(text) and not of_body else 0.0)
    anchor += OF_READER if not own and marks["reader"].search(text) else 0.0
    return anchor + (OF_HOUSE if marks["house"].search(text) else 0.0)


def _on_file(word: str, about: About) -> bool:
    """Whether the word is one of what the client says of itself; a day of its opening hours is nothing that it sells."""
    return stem(word) in about.words and not _marks()["substance"]["when"].fullmatch(word)


def _part_of_name(text: str, about: About) -> bool:
    """ "Brackwater" for "Brackwater Pet Foods"."""
    first = {words[0] for name in about.names[:1] if (words := WORD.findall(flat(name))) and len(words[0]) >= LONG_NAME}
    return any(word in first for word in WORD.findall(text))


def _regulated(text: str, main: str, *, english: bool) -> tuple[ClaimKind, str] | None:
    marks = _marks()["substance"]
    if _harmless(text, english=english):
        return None
    body, relief = marks["body"].search(main), marks["relief"].search(main)
    if body and relief and body.group() != relief.group():
        return "regulated", f"{relief.group()} {body.group()}"
    change = marks["change"].search(main) or marks["more"].search(main)
    money = marks["money"].search(main)
    if money and change and _marks()["anchor"]["reader"].search(main):
        return "regulated", f"{change.group()} {money.group()}"
    return None


def _gone(text: str) -> tuple[ClaimKind, str] | None:
    """ "Forget your sciatica": an order that promises."""
    marks = _marks()["substance"]
    body, farewell = marks["body"].search(text), marks["farewell"].search(text)
    return ("regulated", f"{farewell.group()} {body.group()}") if body and farewell else None


def _paid(text: str, *, order: bool) -> tuple[ClaimKind, str] | None:
    marks = _marks()
    pay, nothing = marks["substance"]["pay"].search(text), marks["substance"]["nothing"].search(text)
    if pay is None or nothing is None or pay.group() == nothing.group() or abs(pay.start() - nothing.start()) > 40:
        return None
    return None if marks["harmless"]["hedge"].search(text) else ("price", f"{pay.group()} {nothing.group()}")


def _approved(text: str, *, own: bool) -> tuple[ClaimKind, str] | None:
    marks = _marks()
    voice, approval = marks["substance"]["voice"].search(text), marks["substance"]["approval"].search(text)
    if voice and not approval and voice.start() < SUBJECT:
        approval = voice if own and not _OUR.match(text) else marks["anchor"]["here"].search(text)
    if voice is None or approval is None or marks["harmless"]["hedge"].search(text):
        return None
    return "authority", f"{voice.group()} {approval.group()}"
