"""Which facts and quotes go into which section of an article.

A fact and a quote are given to one section only, so that nothing is said twice. A quote goes only where a point is
about the same thing; a section without points and quotes is left out, so thin sources give a short article.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.models.offline.compose.aspects import ORDER, REMOTE, aspect_of
from assistant.models.offline.compose.material import Fact, Material, Quote
from assistant.models.offline.compose.pairing import answer_to, best_quote, paired
from assistant.models.offline.compose.relevance import Topic


@dataclass(frozen=True)
class Part:
    """A kind of section: the roles of its points, how many, and the moods and number of its quotes."""

    roles: tuple[str, ...] = ()
    most: int = 0
    moods: tuple[str, ...] = ()
    quotes: int = 0


PARTS = {
    "answer": Part(moods=("gain", "worry"), quotes=1),
    "problem": Part(("pain",), 4, ("worry", "question"), 3),
    "before": Part(("pain",), 4, ("worry", "question"), 3),
    "mistakes": Part(("pain",), 3, ("worry", "question"), 3),
    "after": Part(("outcome",), 3, ("gain",), 2),
    "solution": Part(("strength", "guarantee"), 4, ("gain",), 3),
    "bridge": Part(("strength", "guarantee"), 4, ("gain",), 3),
    "steps": Part(("strength", "guarantee", "price", "offer"), 5, ("gain",), 5),
    "table": Part(("strength", "guarantee", "price", "offer"), 6),
    "checklist": Part(("strength", "guarantee", "price", "offer"), 5),
    "fit": Part(("audience", "offer"), 5),
    "objections": Part(("objection",), 3, ("gain",), 3),
    "proof": Part(("proof",), 3, ("gain",), 3),
    "next": Part(("offer", "price", "guarantee"), 6),
}
SECTIONS = {
    "problem-agitate-solve": ("answer", "problem", "solution", "checklist", "objections", "proof", "next"),
    "before-after-bridge": ("answer", "before", "after", "bridge", "fit", "objections", "proof", "next"),
    "how-to": ("answer", "steps", "mistakes", "objections", "proof", "next"),
    "comparison": ("answer", "table", "mistakes", "fit", "objections", "proof", "next"),
}
#: purposes whose facts stay free for others: terms and offers may be named where they answer something and at the end
_SHARED = frozenset({"objections", "next", "table", "checklist", "fit"})
#: a quote this close to the topic may stand in the answer itself
IN_THE_ANSWER = 2.0
#: with so many points about the topic a section needs no others; with fewer it is filled up to so many
ENOUGH, FILLED = 2, 3


@dataclass
class Stock:
    """What has not been given away yet, most relevant to the topic first."""

    material: Material
    topic: Topic
    quotes: list[Quote]
    given: list[Fact] = field(default_factory=list[Fact])

    def points(self, purpose: str, most: int) -> list[Fact]:
        part = PARTS[purpose]
        if purpose in {"steps", "table", "checklist"}:
            found = by_aspect(
                self._free(part.roles) if purpose == "steps" else self.material.of(*part.roles), self.topic, most
            )
        elif purpose == "objections":
            found = self._answerable()[:most]
        elif purpose == "fit":
            found = [*self.material.of("audience")[:3], *self.material.of("offer")[:3]]
        elif purpose == "next":
            found = [fact for role in part.roles for fact in self.material.of(role)[:4]]
        else:
            found = self._near(self._free(part.roles), most)
        if purpose not in _SHARED:
            self.given += found
        return found

    def _free(self, roles: Sequence[str]) -> list[Fact]:
        return [fact for role in roles for fact in self.material.of(role) if fact not in self.given]

    def _near(self, facts: list[Fact], most: int) -> list[Fact]:
        """Those about the topic, filled up with others; what is about a side offer only when nothing else is there."""
        close = [fact for fact in facts if self.topic.score(fact) > 0]
        rest = [fact for fact in facts if self.topic.score(fact) == 0] if len(close) < ENOUGH else []
        return ([*close, *rest[: max(0, FILLED - len(close))]] or facts)[:most]

    def _answerable(self) -> list[Fact]:
        doubts = self.material.of("objection")
        return [doubt for doubt in doubts if self._answered(doubt)]

    def _answered(self, doubt: Fact) -> bool:
        praise = [quote for quote in self.quotes if quote.mood == "gain"]
        return bool(answer_to(doubt, self.material) or best_quote(doubt, praise, self.material.common))

    def take_quotes(self, purpose: str, points: list[Fact], most: int) -> list[Quote]:
        part = PARTS[purpose]
        free = [quote for quote in self.quotes if quote.mood in part.moods and self.topic.score(quote) >= 0]
        if purpose == "answer":
            found = [quote for quote in free if self.topic.score(quote) >= IN_THE_ANSWER][:most]
        elif purpose == "proof":
            found = self._leftover(free, most)
        else:
            found = self._for_points(points, free, most)
        self.quotes = [quote for quote in self.quotes if quote not in found]
        return found

    def _leftover(self, free: list[Quote], most: int) -> list[Quote]:
        """Praise about the topic; two pieces of other praise when there is none."""
        close = [quote for quote in free if self.topic.score(quote) > 0]
        return (close or free[:2])[:most]

    def _for_points(self, points: list[Fact], free: list[Quote], most: int) -> list[Quote]:
        pairs, _ = paired(points, free, self.material.common)
        return [pairs[point.text] for point in points if point.text in pairs][:most]


def by_aspect(facts: list[Fact], topic: Topic, most: int) -> list[Fact]:
    """One fact for each aspect, those about the topic first, in the order in which a buyer meets the aspects."""
    known = [fact for fact in facts if aspect_of(fact.text) and topic.score(fact) >= 0]
    ranked = sorted(
        known,
        key=lambda fact: (-topic.score(fact), aspect_of(fact.text) in REMOTE, ORDER.index(aspect_of(fact.text))),
    )
    chosen: dict[str, Fact] = {}
    for fact in ranked:
        if len(chosen) < most:
            chosen.setdefault(aspect_of(fact.text), fact)
    return [chosen[aspect] for aspect in ORDER if aspect in chosen]
