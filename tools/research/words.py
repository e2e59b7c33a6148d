"""A research document as text to read. What pages and customers said is set as they said it, never as Markdown."""

import re
from collections.abc import Iterable
from itertools import starmap

from knowledge.research.models import CompetingPage, KeywordGroup, ProposedSection, Question, ResearchData, Source

MOST_OUTLINE, MOST_FACTS, MOST_TERMS = 12, 5, 40
_MARKS = re.compile(r"([\\`*_\[\]<>#|~!])")
_IN_ADDRESS = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "[": "%5B", "]": "%5D", "\\": "%5C"}
_PROVIDERS = {"openai": "OpenAI's web search", "tavily": "Tavily", "brave": "Brave", "searxng": "SearXNG"}
_WHY_NOT = {
    "forbidden": "not allowed by its host",
    "refused": "cannot be read",
    "failed": "did not answer",
    "not_opened": "not opened; there were enough pages",
}


def as_markdown(data: ResearchData) -> str:
    """Sections without content are left out; what is missing is said in the notes."""
    parts = [
        f"# Research: {said(data.topic)}",
        _found_by(data),
        _section("Intent", [f"**{data.intent.kind.capitalize()}.** {said(data.intent.why)}".strip()]),
        _section("Angle", [f"**{said(data.angle.sentence)}** {said(data.angle.why)}".strip()] if data.angle else []),
        _section("Proposed outline", starmap(_proposed, enumerate(data.outline, 1)), "\n"),
        _section("What people ask", map(_question, data.questions), "\n"),
        _section("Keyword groups", map(_group, data.keyword_groups), "\n"),
        _gap(data),
        _section("Competing pages", map(_page, data.pages)),
        _section("Terms they share", [_terms(data)] if data.terms else []),
        _section("Your own pages about it", [f"- {said(one.title)}: {_link(one.url)}" for one in data.own_pages], "\n"),
        _section("Sources", map(_source, data.sources), "\n"),
        _section("Worth knowing", [f"- {said(note)}" for note in data.notes], "\n"),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def said(text: str) -> str:
    """Somebody's words on one line, with nothing in them read as a mark."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _link(url: str) -> str:
    """The address as a link that reads as the address; what could end it is escaped as addresses escape it."""
    whole = "".join(_IN_ADDRESS.get(letter, letter) for letter in url)
    return f"[{said(url.partition('://')[2] or url)}]({whole})"


def _section(heading: str, lines: Iterable[str], between: str = "\n\n") -> str:
    kept = [line for line in lines if line]
    return f"## {heading}\n\n{between.join(kept)}" if kept else ""


def _found_by(data: ResearchData) -> str:
    given = sum(source.given for source in data.sources)
    opened = f"{len(data.pages)} of {len(data.sources)} pages opened" if data.sources else "No page was opened"
    if data.provider == "none":
        how = "; no web search is set up" + (f", {given} were named by you" if given else "")
    else:
        how = f"; found by {_PROVIDERS[data.provider]}" + (f", {given} named by you" if given else "")
    return f"*{opened}{how}.*"


def _proposed(number: int, one: ProposedSection) -> str:
    lines = [f"{number}. **{said(one.heading)}** {said(one.purpose)}".rstrip()]
    lines += [f"   - {said(point)}" for point in one.points]
    lines += [f"   - *{said(question)}*" for question in one.questions]
    return "\n".join(lines)


def _question(one: Question) -> str:
    where = f" ({_link(one.url)})" if one.url else " (a customer)" if one.quote_id else ""
    return f"- {said(one.text)}{where}"


def _group(one: KeywordGroup) -> str:
    return f"- **{said(one.name)}** ({one.intent}): {said(', '.join(one.terms))}"


def _gap(data: ResearchData) -> str:
    groups = (
        ("No page answers", data.gap.missing),
        ("Only one page speaks of", data.gap.thin),
        ("Only you can say", data.gap.ours),
    )
    texts = [f"**{name}**\n\n" + "\n".join(f"- {said(one)}" for one in lines) for name, lines in groups if lines]
    return _section("The gap", texts)


def _page(page: CompetingPage) -> str:
    facts = [f"{page.words:,} words"] + ([f"from {page.published_on:%d %B %Y}"] if page.published_on else [])
    lines = [f"**{said(page.title or page.url)}**, {', '.join(facts)}  \n{_link(page.url)}"]
    outline = [f"{'  ' * max(0, one.level - 1)}- {said(one.text)}" for one in page.outline[:MOST_OUTLINE]]
    lines += ["\n".join(outline)] if outline else []
    lines += [f"> {said(fact)}" for fact in page.facts[:MOST_FACTS]]
    return "\n\n".join(lines)


def _terms(data: ResearchData) -> str:
    count = len(data.pages)
    return ", ".join(f"{said(one.term)} ({one.pages} of {count})" for one in data.terms[:MOST_TERMS])


def _source(one: Source) -> str:
    title = f"{said(one.title)}: " if one.title else ""
    if one.status == "opened":
        when = f"opened {one.opened_at:%d %B %Y, %H:%M} UTC" if one.opened_at else "opened"
        return f"- {title}{_link(one.url)}, {when}"
    why = f": {said(one.reason)}" if one.reason else ""
    return f"- {title}{_link(one.url)}, **{_WHY_NOT[one.status]}**{why}"
