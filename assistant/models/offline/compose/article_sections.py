"""Writing one section: its points as paragraphs, steps, a table or questions, with the quotes that belong to them.

The whole article is written in order each time and one section handed out, so that a sentence pattern used in one
section is not used in another. That costs a few milliseconds and needs no shared state. A client's words keep their
capitals; they stand at the beginning of a sentence or after a colon.
"""

from collections.abc import Callable
from itertools import groupby

from assistant.models.offline.compose.article_plan import STEPS_NAMED, Article, named_steps, open_article
from assistant.models.offline.compose.article_research import read_findings, told
from assistant.models.offline.compose.aspects import aspect_of, aspects_of
from assistant.models.offline.compose.intake_reading import phrase_of
from assistant.models.offline.compose.language import fits
from assistant.models.offline.compose.material import Fact, Quote
from assistant.models.offline.compose.pairing import answer_to, paired, solved_by
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import closest
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import bare, capital, closed, words
from knowledge.errors import Invalid
from knowledge.json_values import as_list, as_object

_ROLE_OF = {
    "problem": "pain", "before": "pain", "mistakes": "pain", "after": "outcome", "proof": "proof",
    "objections": "objection", "next": "offer", "fit": "audience",
}  # fmt: skip
#: below this many words a section is noted as short
SHORTEST = 60


def write_section(sources: Sources, outline: Document, index: int) -> Composed:
    """The section ``index`` of the outline as Markdown with its heading. ``data``: heading, markdown, quoteIds, words.

    The last section closes with every disclaimer that the canon requires, word for word.
    """
    article = open_article(sources)
    sections = [as_object(section) for section in as_list(outline.get("sections"))]
    if not 0 <= index < len(sections):
        raise Invalid(f"The outline has no section {index + 1}; it has {len(sections)}.")
    writer = SectionWriter(article, sections)
    text = ""
    for section in sections[: index + 1]:
        text = writer.write(section)
    if index == len(sections) - 1:
        text = "\n\n".join([text, *(f"*{line}*" for line in article.material.disclaimers)])
    section = sections[index]
    ids = [name for name in as_list(section.get("quoteIds")) if f"[voc:{name}]" in text]
    notes = [] if len(words(text)) >= SHORTEST else ["The sources have little to say here, so the section is short."]
    return Composed(
        {"heading": section["heading"], "markdown": text, "quoteIds": ids, "wordCount": len(words(text))}, notes=notes
    )


class SectionWriter:
    """Writes the sections of one article in order; ``sections`` is the whole outline, which the first one sums up."""

    def __init__(self, article: Article, sections: list[Document]) -> None:
        self.article = article
        self.language = article.language
        self.material = article.material
        self.pen: Pen = article.pen("text")
        self._sections = sections
        self._facts = {fact.text: fact for fact in article.material.facts}
        self._quotes = {quote.id: quote for quote in article.material.quotes}
        self._answers_used: set[str] = set()
        self._linked: set[str] = set()
        self._reasons: set[str] = set()
        self._found = read_findings(article.sources, article.language, self.pen)

    def write(self, section: Document) -> str:
        purpose = phrase_of(section.get("purpose"))
        research, own = told(self._found, section, self.pen)
        points = self._points_of({**section, "points": own})
        quotes = [self._quotes[name] for name in as_list(section.get("quoteIds")) if name in self._quotes]
        forms: dict[str, Callable[[list[Fact], list[Quote]], list[str]]] = {
            "answer": self._answer, "steps": self._steps, "table": self._table, "objections": self._objections,
            "proof": self._proof, "next": self._next, "fit": self._fit,
            "checklist": self._checklist,
        }  # fmt: skip
        lead = self.pen.say("lead.mistakes") if purpose == "mistakes" and self._planned("steps") else ""
        body = forms.get(purpose, self._points)(points, quotes)
        return "\n\n".join(filter(None, [f"## {bare(phrase_of(section['heading']))}", lead, *body, *research]))

    def _points_of(self, section: Document) -> list[Fact]:
        purpose = phrase_of(section.get("purpose"))
        role = _ROLE_OF.get(purpose, "strength")
        texts = [bare(phrase_of(text)) for text in as_list(section.get("points"))]
        return [self._facts.get(text) or Fact(role, text, "outline", not fits(text, self.language)) for text in texts]

    def _planned(self, purpose: str) -> list[Fact]:
        return [fact for section in self._sections if section.get("purpose") == purpose
                for fact in self._points_of(section)]  # fmt: skip

    def x(self, fact: Fact) -> str:
        """A fact after a colon, in the client's own spelling; in another language it is set as a quotation."""
        return self._marked(fact.text) if fact.foreign else bare(fact.text)

    def head(self, fact: Fact) -> str:
        text = self._marked(capital(fact.text)) if fact.foreign else capital(fact.text)
        self.pen.note(text)
        return text

    def _marked(self, text: str) -> str:
        return f"{self.pen.word('marks.open')}{text}{self.pen.word('marks.close')}"

    def stated(self, key: str, fact: Fact) -> str:
        """A fact after the words of a pattern; one that holds a colon itself stands as a sentence of its own."""
        said = "" if ": " in fact.text else self.pen.say(key, x=self.x(fact))
        return said or closed(self.head(fact))

    def reason(self, text: str) -> str:
        """Why the first aspect of a statement matters; each aspect is explained once in an article."""
        aspect = aspect_of(text)
        if not aspect or aspect in self._reasons:
            return ""
        self._reasons.add(aspect)
        said = self.pen.first(f"aspect.{aspect}.why")
        self.pen.note(said)
        return said

    def introduced(self, quote: Quote, point: Fact | None = None) -> list[str]:
        """A quote with a sentence that says who speaks about what, its source and its id.

        What it is about is what it shares with the point it belongs to, when there is one.
        """
        named = quote.author if quote.author and "," not in quote.author else ""
        who = named or self.pen.word(f"who.{_kind(quote)}")
        aspects = aspects_of(quote.about)
        shared = [aspect for aspect in aspects if point and aspect in aspects_of(point.text)]
        label = next(filter(None, (self.pen.first(f"aspect.{aspect}.label") for aspect in shared or aspects)), "")
        spoken = {"who": who, "Who": capital(who)}
        intro = self.pen.say("quote.on", label=label, **spoken) if quote.mood == "gain" else ""
        intro = intro or self.pen.say(f"quote.{quote.mood}", **spoken) or self.pen.first("quote.plain", **spoken)
        source = self.pen.word(f"kind.{_kind(quote)}")
        if quote.author and quote.author not in intro:
            source = f"{quote.author}, {source}"
        note = f", {self.pen.word('original.note')}" if quote.foreign else ""
        return [intro, f"> {self._marked(quote.text)}\n>\n> — {source}{note} [voc:{quote.id}]"]

    def _all_introduced(self, quotes: list[Quote]) -> list[str]:
        return [block for quote in quotes for block in self.introduced(quote)]

    def _points(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        """Each point in bold, what belongs to it, and the customer who said it."""
        pairs, left = paired(points, quotes, self.material.common)
        blocks: list[str] = []
        for point in points:
            said = [f"**{closed(self.head(point))}**", self._link(point), self.reason(point.text) or self._step(point)]
            blocks.append(" ".join(filter(None, said)))
            if point.text in pairs:
                blocks += self.introduced(pairs[point.text], point)
        return [*blocks, *self._all_introduced(left)]

    def _link(self, point: Fact) -> str:
        """The problem that a strength answers; what the client does for an outcome, or what stands in its way."""
        common = self.material.common
        if point.role == "outcome":
            strength = answer_to(point, self.material, self._linked)
            if strength:
                self._linked.add(strength.text)
                return self.pen.say("link.outcome-strength", x=self.x(strength))
        if point.role not in {"strength", "guarantee", "outcome"}:
            return ""
        pain = solved_by(point, [fact for fact in self.material.of("pain") if fact.text not in self._linked], common)
        if pain is None:
            return ""
        self._linked.add(pain.text)
        return self.pen.say("link.outcome-pain" if point.role == "outcome" else "link.strength-pain", x=self.x(pain))

    def _step(self, point: Fact) -> str:
        """The step of this guide that deals with a problem."""
        planned = {aspect_of(fact.text) for fact in self._planned("steps")}
        step = self.pen.first(f"aspect.{aspect_of(point.text)}.step") if aspect_of(point.text) in planned else ""
        return self.pen.say("link.step", x=step) if point.role == "pain" else ""

    def _answer(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        """The answer in two or three sentences, built from what the rest of the article spells out."""
        said = self._opening()
        audience = self.article.brief.audience
        end = self.pen.say("answer.audience", x=audience)
        return [said or self.pen.say("answer.plain"), *self._all_introduced(quotes), end]

    def _opening(self) -> str:
        pen, material, pattern = self.pen, self.material, self.article.brief.pattern
        pain = next(iter(material.of("pain")), None)
        if pattern == "how-to":
            steps = named_steps(self._named_first(), pen)
            first = pen.say("answer.how-to-verb" if self.article.brief.phrase.verbal else "answer.how-to", steps=steps)
            why = pen.say("answer.reason", x=self.x(pain)) if pain and self.article.topic.score(pain) > 0 else ""
            return " ".join(filter(None, [first, why]))
        if pattern == "comparison":
            labels = [pen.first(f"aspect.{aspect_of(fact.text)}.label") for fact in self._planned("table")]
            return pen.say("answer.comparison", labels=pen.listed(list(filter(None, labels))))
        outcome = (pain and closest(pain.text, material.of("outcome"), material.common)) or next(
            iter(material.of("outcome")), None
        )
        first = pen.say(
            f"answer.{pattern}", x=self.x(pain) if pain else "", y=self.x(outcome) if outcome else ""
        ) or pen.say("answer.plain")
        return " ".join(filter(None, [first, self._sets_against(pain)]))

    def _named_first(self) -> list[Fact]:
        """Of the planned steps those about the topic, in order; the first ones when none is."""
        steps = self._planned("steps")
        close = [fact for fact in steps if self.article.topic.score(fact) > 0]
        chosen = [*close, *(fact for fact in steps if fact not in close)][:STEPS_NAMED]
        return [fact for fact in steps if fact in chosen]

    def _sets_against(self, pain: Fact | None) -> str:
        """What the client does about the problem; its offer for it counts, too."""
        facts = self.material.of("strength", "offer", "guarantee")
        best = closest(pain.text, facts, self.material.common) if pain else None
        score = self.article.topic.score
        near = sorted({*filter(None, [best]), *(fact for fact in facts if score(fact) > 0)}, key=facts.index)
        chosen = sorted(near, key=lambda fact: -score(fact))[:2]
        said = [
            self._set_against(fact, "answer.more" if place else "answer.strength") for place, fact in enumerate(chosen)
        ]
        return " ".join(said)

    def _set_against(self, fact: Fact, key: str) -> str:
        lead = self.pen.say("answer.offer") if fact.role == "offer" and ": " in fact.text else ""
        return f"{lead} {self.stated(key, fact)}".strip()

    def _steps(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        """One step for each aspect: what to do, why, how the client does it, and who has tried it."""
        pairs, left = paired(points, quotes, self.material.common)
        blocks: list[str] = []
        labels: list[str] = []
        for number, (aspect, group) in enumerate(groupby(points, key=lambda point: aspect_of(point.text)), start=1):
            facts = list(group)
            title = capital(self.pen.first(f"aspect.{aspect}.step") or self.head(facts[0]))
            labels.append(self.pen.first(f"aspect.{aspect}.label"))
            lines = [self.stated("step.fact", fact) for fact in facts]
            blocks.append(f"### {number}. {title}")
            blocks.append(" ".join(filter(None, [self.reason(facts[0].text), *lines])))
            for fact in facts:
                blocks += self.introduced(pairs[fact.text], fact) if fact.text in pairs else []
        named = self.pen.listed(list(dict.fromkeys(filter(None, labels))))
        return [*blocks, *self._all_introduced(left), self.pen.say("close.steps", labels=named)]

    def _table(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        """The questions to put to everybody, beside the client's own answers."""
        rows = [
            f"| {question} | {self.head(point)} |"
            for point in points
            if (question := self.pen.first(f"aspect.{aspect_of(point.text)}.ask"))
        ]
        if not rows:
            return self._points(points, quotes)
        need, answer = self.pen.word("table.need"), self.pen.first("table.answer") or self.material.view.name
        lead = self.pen.say("lead.table")
        return [lead, f"| {need} | {answer} |\n|---|---|\n" + "\n".join(rows), *self._all_introduced(quotes)]

    def _checklist(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        """The questions alone, to take along to any provider; the client's answers stand in the sections before."""
        asked = [self.pen.first(f"aspect.{aspect_of(point.text)}.ask") for point in points]
        lines = "\n".join(f"- {question}" for question in dict.fromkeys(filter(None, asked)))
        return [lines and self.pen.say("lead.checklist"), lines, *self._all_introduced(quotes)]

    def _fit(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        people = "\n".join(f"- {self.head(point)}" for point in points if point.role == "audience")
        offers = [f"**{closed(self.head(point))}** {self._link(point)}".strip() for point in points
                  if point.role == "offer"]  # fmt: skip
        return [people and self.pen.say("lead.fit"), people, *offers, *self._all_introduced(quotes)]

    def _proof(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        lines = "\n".join(f"- {closed(self.head(point))}" for point in points)
        lead = self.pen.say("proof.facts") if quotes else self.pen.say("lead.proof-facts")
        return [*self._all_introduced(quotes), lines and lead, lines]

    def _objections(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        pairs, left = paired(points, quotes, self.material.common)
        blocks: list[str] = []
        for point in points:
            blocks.append(f"### {self._marked(capital(point.text))}")
            blocks.append(self._reply(point))
            if point.text in pairs:
                blocks += self.introduced(pairs[point.text], point)
        return [*blocks, *self._all_introduced(left), self.pen.say("close.objections")]

    def _reply(self, doubt: Fact) -> str:
        """What the sources hold against a doubt; each fact answers once, and none is made up."""
        best = answer_to(doubt, self.material, self._answers_used)
        if best is None:
            return self.reason(doubt.text)
        self._answers_used.add(best.text)
        lead = self.pen.say("link.offer") if ": " in best.text else ""
        return " ".join(filter(None, [self.reason(doubt.text), lead, self.stated("link.answer", best)]))

    def _next(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        blocks: list[str] = []
        for key, role in (("offers", "offer"), ("price", "price"), ("guarantee", "guarantee")):
            lines = [f"- {closed(self.head(point))}" for point in points if point.role == role]
            head = self.pen.first(f"next.{key}") if lines else ""
            blocks += [head, "\n".join(lines)]
        return [*blocks, self.call()]

    def call(self) -> str:
        """The call to action with a link that a source names, or without one."""
        label, url = call_to_action(self.article, self.pen)
        return f"**[{label}]({url})**" if url else f"**{label}**"


def _kind(quote: Quote) -> str:
    return quote.kind if quote.kind in {"support", "survey", "sales_call"} else "review"


def call_to_action(article: Article, pen: Pen) -> tuple[str, str | None]:
    """Label and address: the brief's own, else the booking page or the website on file; no address is made up."""
    view = article.material.view
    url = article.brief.url or next(
        (link for link in (view.booking_url, view.website) if link.startswith("http")), None
    )
    shop = not view.booking_url and url
    label = article.brief.call_to_action or pen.first("next.buy_cta" if shop else "next.default_cta")
    label = label or pen.word("email.cta-ask")
    return label, url
