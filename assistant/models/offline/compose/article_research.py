"""What research adds to an article: its proposed outline, what opened pages say, each with its page, and the questions asked.

What always holds: a page's words stand in quotation marks beside a link to it, unchanged; a question is answered by a
page that answers it or by two of its words in one statement, else it is left out. A proposed section that nothing on file
carries is left out, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.models.offline.compose.intake_reading import phrase_of
from assistant.models.offline.compose.language import code_of, fits
from assistant.models.offline.compose.material import UNPRINTABLE
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.sources import Document, Sources
from assistant.models.offline.compose.wording import bare, fold, stems
from knowledge.json_values import as_list, as_object

#: the purpose of a section that only research carries
FOUND = "research"
#: pages' statements in one section and in the article; terms named in a section, questions in one
MOST_FACTS, MOST_QUOTED, MOST_TERMS, MOST_QUESTIONS = 2, 12, 6, 6
#: words beside the topic's own that a question and its answer share at least
SHARED = 2
#: words of a statement that is quoted
SHORTEST, LONGEST = 5, 60


@dataclass(frozen=True)
class Said:
    """A page's words, with the page."""

    text: str
    url: str
    title: str


@dataclass
class Findings:
    """Research as an article uses it; empty without research in the article's language."""

    topic: frozenset[str] = frozenset()
    outline: list[Document] = field(default_factory=list[Document])
    facts: list[Said] = field(default_factory=list[Said])
    answers: dict[str, Said] = field(default_factory=dict[str, Said])
    questions: dict[str, str] = field(default_factory=dict[str, str])

    def quoted(self, text: str) -> Said | None:
        """The page that says exactly this."""
        return next((fact for fact in self.facts if same(fact.text, text)), None)

    def answer(self, question: str) -> Said | None:
        """What a page says behind the question, else a statement that is about the same."""
        wanted = stems(question) - self.topic
        known = self.answers.get(fold(question))
        if known is not None or not wanted:
            return known if wanted else None  # what asks for the topic itself is answered by the whole article
        best = max(self.facts, key=lambda fact: len(stems(fact.text) & wanted), default=None)
        shared = len(stems(best.text) & wanted) if best else 0
        return best if shared >= max(SHARED, len(wanted) / 2) else None

    def about(self, words: str, used: Sequence[str]) -> list[Said]:
        """Statements that share a word beside the topic's with ``words``, the nearest first; none of ``used``."""
        wanted = stems(words) - self.topic
        near = [fact for fact in self.facts if stems(fact.text) & wanted and not stands_among(fact.text, used)]
        return sorted(near, key=lambda fact: -len(stems(fact.text) & wanted))


def same(one: str, other: str) -> bool:
    return fold(bare(one)) == fold(bare(other))


def stands_among(text: str, others: Sequence[str]) -> bool:
    """Whether it is said by one of ``others``, or says one of them."""
    mine = fold(bare(text))
    return any(mine in theirs or theirs in mine for theirs in (fold(bare(other)) for other in others))


def read_findings(sources: Sources, language: str, pen: Pen) -> Findings:
    """Research in another language gives nothing, and neither does a statement that is."""
    research = sources.research or {}
    if (code_of(str(research.get("language") or "")) or language) != language:
        return Findings()
    facts = [one for one in map(_said, as_list(research.get("facts"))) if _printable(one, language, pen)]
    answers = {
        fold(str(as_object(one).get("question") or "")): said
        for one in as_list(research.get("answers"))
        if _printable(said := _said(one), language, pen)
    }
    asked = [phrase_of(as_object(one).get("text")) for one in as_list(research.get("questions"))]
    outline = [as_object(one) for one in as_list(research.get("outline"))]
    planned = [phrase_of(text) for one in outline for text in as_list(one.get("questions"))]
    questions = {fold(bare(text)): text for text in [*asked, *planned] if text and fits(text, language)}
    headed = [one for one in outline if phrase_of(one.get("heading")) and pen.allows(phrase_of(one["heading"]))]
    return Findings(stems(str(research.get("topic") or "")), headed, facts, answers, questions)


def _said(one: object) -> Said:
    given = as_object(one)
    title = " ".join(str(given.get("title") or "").replace("[", "(").replace("]", ")").split())
    url = str(given.get("url") or "")
    return Said(" ".join(str(given.get("text") or "").split()), url, title or url)


def _printable(said: Said, language: str, pen: Pen) -> bool:
    count = len(said.text.split())
    fine = said.url.startswith("http") and not UNPRINTABLE.search(said.text) and fits(said.text, language)
    return fine and SHORTEST <= count <= LONGEST and pen.allows(f"{said.text} {said.title}")


# ---------------------------------------------------------------- outline


@dataclass
class _Planning:
    found: Findings
    own: list[Document]
    made: list[Document] = field(default_factory=list[Document])
    quoted: list[str] = field(default_factory=list[str])
    asked: set[str] = field(default_factory=set[str])

    def add(self, proposed: Document, *, last: bool) -> None:
        place = self._own_section(proposed, last=last)
        points = self._points(proposed, with_facts=place is None or place["purpose"] == "answer")
        if place is not None:
            self.own.remove(place)
            self.made.append({**place, "heading": _heading(proposed), "points": [*place["points"], *points]})
        elif any(self.found.quoted(text) or fold(bare(text)) in self.found.questions for text in points):
            self.made.append({"heading": _heading(proposed), "purpose": FOUND, "points": points, "quoteIds": []})

    def _own_section(self, proposed: Document, *, last: bool) -> Document | None:
        """The section of the article that does what is proposed: the first answers, a last one of its own closes,
        and the client's own statements stand where most of them stand already."""
        if not self.made:
            return next((one for one in self.own if one["purpose"] == "answer"), None)
        points = [phrase_of(text) for text in as_list(proposed.get("points"))]
        if last and not points and not as_list(proposed.get("questions")):
            return next((one for one in self.own if one["purpose"] == "next"), None)
        shared = {id(one): sum(any(same(a, b) for b in points) for a in one["points"]) for one in self.own}
        best = max(self.own, key=lambda one: shared[id(one)], default=None)
        return best if best is not None and shared[id(best)] and best["purpose"] not in ("answer", "next") else None

    def _points(self, proposed: Document, *, with_facts: bool) -> list[str]:
        """Terms, statements about them, then the questions that can be answered."""
        terms = [phrase_of(text) for text in as_list(proposed.get("points"))][:MOST_TERMS]
        questions: list[str] = []
        for text in map(phrase_of, as_list(proposed.get("questions"))):
            answer = self.found.answer(text)
            known = fold(text) in self.asked or answer is None or stands_among(answer.text, self.quoted)
            if answer is None or known or len(questions) == MOST_QUESTIONS:
                continue
            questions.append(text)
            self.asked.add(fold(text))
            self.quoted.append(answer.text)
        room = MOST_QUOTED - len(self.quoted)
        near = self.found.about(" ".join([_heading(proposed), *terms]), self.quoted) if with_facts else []
        facts = [fact.text for fact in near[: max(0, min(MOST_FACTS, room))]]
        self.quoted += facts
        return [*(terms if with_facts and self.made else []), *facts, *questions]


def _heading(proposed: Document) -> str:
    return phrase_of(proposed.get("heading"))


def follow(found: Findings, own: list[Document]) -> list[Document]:
    """The proposed sections that something carries, in their order; the article's own that nobody proposed stand before
    the last."""
    if not found.outline:
        return own
    planning = _Planning(found, list(own))
    for proposed in found.outline:
        planning.add(proposed, last=proposed is found.outline[-1])
    made, left = planning.made, planning.own
    closing = [one for one in [*left, *made] if one["purpose"] == "next"]
    return [one for one in [*made, *left] if one["purpose"] != "next"] + closing


# ---------------------------------------------------------------- text


def told(found: Findings, section: Document, pen: Pen) -> tuple[list[str], list[str]]:
    """What research says in a section, as blocks of Markdown, and the points that are none of it."""
    terms: list[str] = []
    facts: list[str] = []
    asked: list[str] = []
    rest: list[str] = []
    for text in map(phrase_of, as_list(section.get("points"))):
        said, question = found.quoted(text), found.questions.get(fold(bare(text)))
        if said is not None:
            facts.append(cited(said, pen))
        elif question is not None:
            answer = found.answer(question)
            asked += [f"### {question}", cited(answer, pen)] if answer else []
        elif section.get("purpose") == FOUND:
            terms.append(text)
        else:
            rest.append(text)
    named = pen.say("research.article.terms", x=pen.listed(terms)) if terms else ""
    return [*filter(None, [named]), *facts, *asked], rest


def cited(said: Said, pen: Pen) -> str:
    """A page's words in quotation marks, with a link to it."""
    words = f"{pen.word('marks.open')}{said.text}{pen.word('marks.close')}"
    values = {"source": f"[{said.title}]({said.url})", "x": words}
    return pen.say("research.article.fact", **values) or pen.first("research.article.more", **values)
