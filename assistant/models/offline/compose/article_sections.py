"""Writing one section: its points as paragraphs, steps, a table or questions, with the quotes that belong to them.

The whole article is written in order each time and one section handed out, so that a sentence pattern used in one
section is not used in another. That costs a few milliseconds and needs no shared state.
"""

from collections.abc import Callable

from assistant.models.offline.compose.article_plan import Article, open_article
from assistant.models.offline.compose.intake_reading import as_list, phrase_of
from assistant.models.offline.compose.language import fits
from assistant.models.offline.compose.material import Fact, Quote
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import affinity, closest
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.themes import theme_of
from assistant.models.offline.compose.wording import bare, capital, closed, inline, words
from knowledge.errors import Invalid

_ROLE_OF = {
    "problem": "pain", "before": "pain", "cost": "pain", "mistakes": "pain", "table": "pain", "criteria": "outcome",
    "after": "outcome", "solution": "strength", "bridge": "strength", "steps": "strength", "proof": "proof",
    "objections": "objection", "next": "offer", "fit": "audience",
}  # fmt: skip
_MOOD_OF = {"pain": "worry", "objection": "worry", "audience": "worry"}


def write_section(sources: Sources, outline: Document, index: int) -> Composed:
    """The section ``index`` of the outline as Markdown with its heading. ``data``: heading, markdown, quoteIds, words."""
    article = open_article(sources)
    sections = as_list(outline.get("sections"))
    if not 0 <= index < len(sections):
        raise Invalid(f"The outline has no section {index + 1}; it has {len(sections)}.")
    writer = SectionWriter(article)
    text = ""
    for section in sections[: index + 1]:
        text = writer.write(section)
    section = sections[index]
    ids = [name for name in as_list(section.get("quoteIds")) if f"[voc:{name}]" in text]
    notes = [] if len(words(text)) >= SHORTEST else ["The sources have little to say here, so the section is short."]
    return Composed(
        {"heading": section["heading"], "markdown": text, "quoteIds": ids, "wordCount": len(words(text))}, notes=notes
    )


#: below this many words a section is noted as short
SHORTEST = 90


class SectionWriter:
    """Writes the sections of one article in order."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.language = article.language
        self.material = article.material
        self.pen: Pen = article.pen("text")
        self._facts = {fact.text: fact for fact in article.material.facts}
        self._quotes = {quote.id: quote for quote in article.material.quotes}
        self._answers_used: set[str] = set()
        self._linked: set[str] = set()

    def write(self, section: Document) -> str:
        purpose = phrase_of(section.get("purpose"))
        points = [self._fact(phrase_of(text), purpose) for text in as_list(section.get("points"))]
        quotes = [self._quotes[name] for name in as_list(section.get("quoteIds")) if name in self._quotes]
        forms: dict[str, Callable[[list[Fact], list[Quote]], list[str]]] = {
            "answer": self._answer, "steps": self._steps, "table": self._table, "objections": self._objections,
            "proof": self._proof, "next": self._next, "fit": self._fit, "criteria": self._criteria,
        }  # fmt: skip
        known = purpose if purpose in _ROLE_OF else "other"
        if purpose == "proof" and not quotes:
            known = "proof-facts"
        lead = "" if purpose == "answer" else self.pen.say(f"lead.{known}")
        body = forms.get(purpose, self._points)(points, quotes)
        end = "" if purpose == "answer" else self._end(known)
        heading = f"## {bare(phrase_of(section['heading']))}"
        return "\n\n".join(filter(None, [heading, lead, *body, end]))

    def _end(self, purpose: str) -> str:
        """Something to do, and the sentence that closes the section."""
        return " ".join(filter(None, [self.pen.say(f"tip.{purpose}"), self.pen.say(f"close.{purpose}")]))

    def _fact(self, text: str, purpose: str) -> Fact:
        known = self._facts.get(bare(text))
        role = _ROLE_OF.get(purpose, "strength")
        return known or Fact(role, bare(text), "outline", not fits(text, self.language))

    def x(self, fact: Fact) -> str:
        """A fact inside a sentence; in another language it is set as a quotation."""
        return self._marked(fact.text) if fact.foreign else inline(fact.text, self.language)

    def head(self, fact: Fact) -> str:
        text = self._marked(capital(fact.text)) if fact.foreign else capital(fact.text)
        self.pen.note(text)
        return text

    def _marked(self, text: str) -> str:
        return f"{self.pen.word('marks.open')}{text}{self.pen.word('marks.close')}"

    def comment(self, theme: str, mood: str) -> str:
        return self.pen.say(f"{mood}.{theme}") or self.pen.say(f"{mood}.general")

    def quoted(self, quote: Quote, named: bool = False) -> str:
        """A quote with its source and id; the author is left out when the sentence before names them."""
        source = self.pen.word(f"kind.{_kind(quote)}")
        if quote.author and not named:
            source = f"{quote.author}, {source}"
        note = f", {self.pen.word('original.note')}" if quote.foreign else ""
        return f"> {self._marked(quote.text)}\n>\n> — {source}{note} [voc:{quote.id}]"

    def introduced(self, quote: Quote) -> list[str]:
        who = quote.author or self.pen.word(f"who.{_kind(quote)}")
        intro = self.pen.say(f"quote.{quote.mood}", who=who, Who=capital(who))
        return [*([intro] if intro else []), self.quoted(quote, named=quote.author in intro and bool(quote.author))]

    def _paired(self, points: list[Fact], quotes: list[Quote]) -> tuple[dict[str, Quote], list[Quote]]:
        """Which quote belongs to which point, and the quotes that belong to none."""
        left = list(quotes)
        pairs: dict[str, Quote] = {}
        for point in sorted(
            points,
            key=lambda point: -max((affinity(q.text, point.text, self.material.common) for q in quotes), default=0),
        ):
            quote = closest(point.text, left, self.material.common)
            if quote:
                pairs[point.text] = quote
                left.remove(quote)
        return pairs, left

    def _points(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        """Each point in bold, a thought on it, and the customer who said it."""
        pairs, left = self._paired(points, quotes)
        blocks: list[str] = []
        for point in points:
            mood = _MOOD_OF.get(point.role, "gain")
            said = [f"**{closed(self.head(point))}**", self.comment(point.theme, mood), self._link(point)]
            blocks.append(" ".join(filter(None, said)))
            if point.text in pairs:
                blocks += self.introduced(pairs[point.text])
        for quote in left:
            blocks += self.introduced(quote)
            blocks.append(self.comment(quote.theme, "gain" if quote.mood == "gain" else "worry"))
        return blocks

    def _link(self, point: Fact) -> str:
        """What a strength answers, or what stands in the way of an outcome: a pain that shares its subject."""
        if point.role not in {"strength", "outcome"}:
            return ""
        pains = [fact for fact in self.material.of("pain") if fact.text not in self._linked]
        pain = closest(point.text, pains, self.material.common, at_least=1.0)
        if pain is None:
            return ""
        self._linked.add(pain.text)
        return self.pen.say(f"link.{point.role}-pain", x=self.x(pain))

    def _criteria(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        lines: list[str] = []
        for point in points:
            said = [f"- **{closed(self.head(point))}**", self.comment(point.theme, "gain"), self._link(point)]
            lines.append(" ".join(filter(None, said)))
        return ["\n".join(lines), *self._with_comment(quotes)]

    def _with_comment(self, quotes: list[Quote]) -> list[str]:
        blocks: list[str] = []
        for quote in quotes:
            blocks += [*self.introduced(quote), self.comment(quote.theme, "gain" if quote.mood == "gain" else "worry")]
        return blocks

    def _steps(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        """Goal, obstacle, check, question, terms: each step with what the sources say to it."""
        first = {role: next(iter(self.material.of(role)), None) for role in ("outcome", "pain", "objection", "price")}
        facts = {
            "goal": [first["outcome"]], "obstacle": [first["pain"]], "check": points, "ask": [first["objection"]],
            "terms": [first["price"], next(iter(self.material.of("guarantee")), None)],
        }  # fmt: skip
        lines: list[str] = []
        for step, found in facts.items():
            shown = [self._marked(fact.text) if step == "ask" else self.x(fact) for fact in found if fact]
            named = "; ".join(shown)
            body = self.pen.say(f"step.{step}", x=named)
            title = self.pen.first(f"step.{step}-title")
            if body and title:
                lines.append(f"{len(lines) + 1}. **{title}** {body}")
        return ["\n".join(lines), *self._with_comment(quotes)]

    def _answer(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        pen, brief = self.pen, self.article.brief
        top = {role: next(iter(self.material.of(role)), None) for role in ("outcome", "pain", "strength")}
        said = {role: self.x(fact) for role, fact in top.items() if fact}
        audience = inline(brief.audience, self.language) if brief.audience else ""
        first = " ".join(filter(None, [pen.say("answer.first"), pen.say("answer.outcome", x=said.get("outcome", ""))]))
        second = " ".join(
            filter(
                None,
                [
                    pen.say("answer.pain", x=said.get("pain", "")),
                    pen.say("answer.strength", x=said.get("strength", "")),
                ],
            )
        )
        quote = [block for item in quotes for block in self.introduced(item)]
        about = [self.comment(quotes[0].theme, "gain" if quotes[0].mood == "gain" else "worry")] if quotes else []
        third = " ".join(filter(None, [pen.say("answer.audience", x=audience), pen.say(f"answer.map-{brief.pattern}")]))
        return [first, second, *quote, *about, third]

    def _table(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        """Needs beside the strengths that answer them; a strength stands in one row."""
        strengths = self.material.of("strength", "guarantee")
        rows: list[str] = []
        thoughts: list[str] = []
        for point in points:
            answer = closest(point.text, strengths, self.material.common) or (strengths[0] if strengths else None)
            if answer is None:
                continue
            strengths = [fact for fact in strengths if fact is not answer]
            rows.append(f"| {self.head(point)} | {self.head(answer)} |")
            thoughts.append(f"- *{self.head(point)}:* {self.comment(point.theme, 'worry')}")
        if not rows:
            return self._points(points, quotes)
        need, answer_head = self.pen.word("table.need"), self.pen.first("table.answer") or self.material.view.name
        return [f"| {need} | {answer_head} |\n|---|---|\n" + "\n".join(rows), "\n".join(thoughts)]

    def _fit(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        people = [point for point in points if point.role == "audience"]
        offers = [point for point in points if point.role == "offer"]
        lines = "\n".join(f"- {self.head(point)}" for point in people)
        parts = [f"**{closed(self.head(offer))}** {self.comment(offer.theme, 'gain')}".rstrip() for offer in offers]
        return [lines, *parts, *self._with_comment(quotes)]

    def _proof(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        lines = "\n".join(f"- {closed(self.head(point))}" for point in points)
        return [*self._with_comment(quotes), lines and self.pen.say("proof.facts"), lines]

    def _objections(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        pairs, left = self._paired(points, quotes)
        blocks: list[str] = []
        for point in points:
            blocks.append(f"### {self._marked(capital(point.text))}")
            reply = self._reply(point, answered=point.text in pairs and pairs[point.text].mood == "gain")
            blocks.append(" ".join(filter(None, [self._doubt(point), reply])))
            if point.text in pairs:
                blocks += self.introduced(pairs[point.text])
        for quote in left:
            blocks += self.introduced(quote)
            reply = self._reply(Fact("objection", quote.text, "voc"))
            blocks.append(reply or self.comment(quote.theme, "gain"))
        return blocks

    def _doubt(self, point: Fact) -> str:
        theme = point.theme
        return (theme != "general" and self.pen.say(f"worry.{theme}")) or self.pen.say("doubt.any")

    def _reply(self, doubt: Fact, answered: bool = False) -> str:
        """What the sources hold against a doubt; each fact answers once, and none is made up.

        ``answered``: a customer answers it anyway, so that nothing has to be said when no fact does.
        """
        answers = [f for f in self.material.of("guarantee", "strength", "price") if f.text not in self._answers_used]
        best = closest(doubt.text, answers, self.material.common)
        if best is None and theme_of(doubt.text) in {"trust", "choice", "switching", "price"}:
            best = next((fact for fact in answers if fact.role == "guarantee"), None)
        if best is None:
            return "" if answered else self.pen.say("link.open")
        self._answers_used.add(best.text)
        return self.pen.say("link.answer", x=self.x(best))

    def _next(self, points: list[Fact], quotes: list[Quote]) -> list[str]:
        outcome = next(iter(self.material.of("outcome")), None)
        prepare = self.pen.say("next.prepare", x=self.x(outcome)) if outcome else ""
        lines: list[str] = []
        for key, role in (("offers", "offer"), ("price", "price"), ("guarantee", "guarantee")):
            texts = [self.x(point) for point in points if point.role == role]
            said = self.pen.say(f"next.{key}", x="; ".join(texts)) if texts else ""
            if said:
                lines.append(f"- {said}")
        return [prepare, "\n".join(lines), self.call()]

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
