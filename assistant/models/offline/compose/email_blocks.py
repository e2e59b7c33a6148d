"""The middle of an email, by its purpose: a welcome says what happens next, a reminder answers doubts, a tip gives steps.

Every block is the client's or a customer's words with a short sentence before them. Nothing is repeated in one email.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.models.offline.compose.article_parts import by_aspect
from assistant.models.offline.compose.article_plan import Article
from assistant.models.offline.compose.aspects import aspect_of
from assistant.models.offline.compose.email_purpose import Purpose
from assistant.models.offline.compose.material import Fact, Quote
from assistant.models.offline.compose.pairing import answer_to, best_quote
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import affinity, closest
from assistant.models.offline.compose.wording import bare, capital, closed

#: facts in a list; a shortened email has fewer
MOST, FEW = 4, 2


@dataclass
class Letter:
    """One email in the making. ``used`` keeps facts from standing in it twice."""

    article: Article
    pen: Pen
    purpose: Purpose
    short: bool
    used: list[str] = field(default_factory=list[str])
    quotes: list[Quote] = field(default_factory=list[Quote])

    @property
    def most(self) -> int:
        return FEW if self.short else MOST

    def facts(self, *roles: str, most: int | None = None) -> list[Fact]:
        """Unused facts, those about the topic first; what is about a side offer only when there is nothing else."""
        free = [fact for role in roles for fact in self.article.material.of(role) if fact.text not in self.used]
        score = self.article.topic.score
        near = sorted((fact for fact in free if score(fact) >= 0), key=lambda fact: -score(fact)) or free
        chosen = near[: self.most if most is None else most]
        self.used += [fact.text for fact in chosen]
        return chosen

    def x(self, fact: Fact | None) -> str:
        return "" if fact is None else self.marked(fact.text) if fact.foreign else bare(fact.text)

    def marked(self, text: str) -> str:
        return f"{self.pen.word('marks.open')}{text}{self.pen.word('marks.close')}"

    def doubt(self, fact: Fact) -> str:
        """A doubt in quotation marks, closed as a sentence."""
        text = self.marked(capital(fact.text))
        return text if fact.text[-1:] in "?!." else f"{text}."

    def line(self, fact: Fact) -> str:
        return closed(self.marked(fact.text) if fact.foreign else capital(fact.text))

    def bullets(self, facts: list[Fact], numbered: bool = False) -> str:
        return "\n".join(f"{number}. {self.line(fact)}" if numbered else f"- {self.line(fact)}"
                         for number, fact in enumerate(facts, start=1))  # fmt: skip

    def listed(self, key: str, facts: list[Fact], numbered: bool = False) -> list[str]:
        return [self.pen.say(key), self.bullets(facts, numbered)] if facts else []

    def praise(self, about: list[Fact]) -> list[str]:
        """A piece of praise about what the email says; none rather than one about something else."""
        gains = [quote for quote in self.article.material.quotes if quote.mood == "gain"]
        fitting = [quote for quote in gains if self.article.topic.score(quote) >= 0]
        common = self.article.material.common
        named = self.purpose != "welcome" and bool(fitting) and self.article.topic.score(fitting[0]) > 0
        top = fitting[0] if named else None
        quote = top or next((found for fact in about if (found := best_quote(fact, fitting, common))), None)
        return self.printed(quote, "email.proof") if quote else []

    def printed(self, quote: Quote, key: str) -> list[str]:
        self.quotes.append(quote)
        name = f"\n>\n> — {quote.author}" if quote.author else ""
        return [self.pen.say(key), f"> {self.marked(quote.text)}{name}"]

    def terms(self) -> str:
        price = self.facts("price", most=1)
        safe = self.facts("guarantee", most=1)
        said = [self.pen.say("email.price", x=self.x(price[0]) if price else ""),
                self.pen.say("email.safety", x=self.x(safe[0]) if safe else "")]  # fmt: skip
        return " ".join(filter(None, said))


def blocks(letter: Letter) -> list[str]:
    """The paragraphs between the greeting and the call to action."""
    kinds: dict[Purpose, Callable[[Letter], list[str]]] = {
        "welcome": _welcome, "cart": _cart, "winback": _winback, "launch": _launch, "tip": _tip, "general": _general,
    }  # fmt: skip
    return [block for block in kinds[letter.purpose](letter) if block]


def _welcome(letter: Letter) -> list[str]:
    """Welcome, what happens next in order, what can be changed, one customer, and how to ask."""
    material = letter.article.material
    known = [fact for fact in material.of("strength", "guarantee", "price", "offer")
             if aspect_of(fact.text) not in {"", "price"}]  # fmt: skip
    steps = by_aspect(known, letter.article.topic, letter.most + 1) or letter.facts("strength", "offer")
    letter.used += [fact.text for fact in steps]
    return [
        letter.pen.say("email.welcome"),
        *letter.listed("email.next", steps, numbered=True),
        *([] if letter.short else letter.praise(steps)),
        letter.pen.say("email.welcome-ask"),
    ]


def _cart(letter: Letter) -> list[str]:
    """A reminder, two doubts with their answers, and the terms."""
    doubts = [(doubt, answer) for doubt in letter.article.material.of("objection")
              if (answer := answer_to(doubt, letter.article.material, letter.used))]  # fmt: skip
    said: list[str] = []
    taken: set[str] = set()
    for doubt, answer in doubts:
        if answer.text not in taken and len(said) < (1 if letter.short else 2):
            taken.add(answer.text)
            said.append(f"- {letter.doubt(doubt)} {letter.line(answer)}")
    letter.used += taken
    return [
        letter.pen.say("email.cart"),
        letter.pen.say("email.doubts") if said else "",
        "\n".join(said),
        *letter.praise([answer for _, answer in doubts if answer.text in taken]),
        letter.terms(),
    ]


def _winback(letter: Letter) -> list[str]:
    """Why it is worth another look: the reason the brief names, what can be counted on today, one customer."""
    pain = letter.facts("pain", most=1)
    known = bool(pain) and letter.article.topic.score(pain[0]) >= 2
    facts = letter.facts("strength", "guarantee")
    return [
        letter.pen.say("email.winback"),
        letter.pen.say("email.reason", x=letter.x(pain[0])) if known else "",
        *letter.listed("email.count", facts),
        *letter.praise([*(pain if known else []), *facts]),
        letter.terms(),
    ]


def _launch(letter: Letter) -> list[str]:
    """The offer first, then what speaks for it, what it costs and who has tried it."""
    offer = letter.facts("offer", most=1)
    facts = letter.facts("strength")
    return [
        letter.pen.say("email.launch") if offer else "",
        f"**{letter.line(offer[0])}**" if offer else "",
        *letter.listed("email.count", facts),
        *letter.praise([*offer, *facts]),
        letter.terms(),
    ]


def _tip(letter: Letter) -> list[str]:
    """The problem, steps that help with it, each with what the client does, and one customer."""
    material = letter.article.material
    pain = letter.facts("pain", most=1)
    facts = by_aspect(material.of("strength", "guarantee", "price"), letter.article.topic, letter.most - 1)
    lines: list[str] = []
    for fact in facts:
        letter.used.append(fact.text)
        step = capital(letter.pen.first(f"aspect.{aspect_of(fact.text)}.step"))
        lines.append(f"- **{step}.** {letter.line(fact)}" if step else f"- {letter.line(fact)}")
    return [
        letter.pen.say("email.open-pain", x=letter.x(pain[0]) if pain else ""),
        letter.pen.say("email.tips") if lines else "",
        "\n".join(lines),
        *letter.praise([*pain, *facts]),
    ]


def _general(letter: Letter) -> list[str]:
    """Problem, goal, what the client does, one customer, one doubt, the terms."""
    material = letter.article.material
    pain = letter.facts("pain", most=1)
    worries = [quote for quote in material.quotes if quote.mood == "worry" and letter.article.topic.score(quote) >= 2]
    opening = letter.printed(worries[0], "email.open-quote") if worries else [
        letter.pen.say("email.open-pain", x=letter.x(pain[0]) if pain else "")
    ]  # fmt: skip
    about = worries[0].about if worries else pain[0].text if pain else letter.article.topic.text
    outcome = closest(about, material.of("outcome"), material.common)
    ranked = sorted(material.of("strength"), key=lambda fact: -affinity(fact.text, about, material.common))
    facts = ranked[: letter.most - 1]
    letter.used += [fact.text for fact in facts]
    return [
        *opening,
        letter.pen.say("email.turn", x=letter.x(outcome)),
        *letter.listed("email.answer", facts),
        *letter.praise([*pain, *facts]),
        "" if letter.short else _doubt(letter),
        letter.terms(),
    ]


def _doubt(letter: Letter) -> str:
    """An objection with a fact that answers it and does not stand in the email yet."""
    for doubt in letter.article.material.of("objection"):
        answer = answer_to(doubt, letter.article.material, letter.used)
        if answer:
            letter.used.append(answer.text)
            return letter.pen.say("email.doubt", q=letter.doubt(doubt), x=letter.x(answer))
    return ""
