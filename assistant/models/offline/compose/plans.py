"""Plans of work and their steps: what is on file about a task, the steps it falls into, and the text of each.

A plan says nothing about the client that is not on file; where nothing is, it asks. A step's text lists what the
sources say, in their own words, and names what is missing.
"""

import copy
import re

from assistant.models.offline.compose.change_requests import Request, read_requests
from assistant.models.offline.compose.language import language_of
from assistant.models.offline.compose.material import Material, gather
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import RELATED, affinity
from assistant.models.offline.compose.revision import Fields, Revision, unique_id
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import bare, capital, clip, closed, distinct, tidy
from knowledge.json_values import as_list, as_object

MOST_FOUND = 8
MOST_STEPS = 12
_ARTICLE = re.compile(r"\b(?:articles?|blog posts?|guides?|artikel|ratgeber|artículos?|artigos?)\b", re.I)
_EMAIL = re.compile(r"\b(?:e-?mails?|newsletters?|correos?)\b", re.I)
_PARTS = re.compile(r"\s*(?:\n\s*(?:[-*•]|\d+[.)])?|;|,\s*(?:then|and|dann|und|luego|y|depois|e)\s|\bthen\b|\s(?:and|und|y|e)\s(?=(?:write|draft|plan|schreib|entwirf|escribe|redacta|escreve|send|list|compare|set up)))\s*", re.I)  # fmt: skip # noqa: E501


def gather_context(sources: Sources, task: str) -> Document:
    """``found``: what is on file about the task, with its place; ``missing``: parts of it that nothing bears on."""
    material = gather(sources, language_of(sources))
    near = [part for part in _parts(task) if not _about(part, material)]
    return {"found": _about(task, material)[:MOST_FOUND], "missing": near if len(near) < len(_parts(task)) else []}


def write_plan(sources: Sources, task: str, found: list[str], missing: list[str]) -> Composed:
    """A ``plan``: collect, one step for each part of the task, bring it together; or the last version, revised."""
    pen = Pen(language_of(sources), task, {})
    asked = bool(sources.note or sources.open_comments)
    data = copy.deepcopy(sources.previous) if sources.previous and asked else _built(task, found, missing, pen)
    revision = Revision(data, _fields(pen))
    revision.carry_out(read_requests(sources.note, []))
    for remark in sources.open_comments:
        left = len(revision.unanswered)
        revision.carry_out(read_requests("", [remark]))
        if len(revision.unanswered) == left:
            revision.answered.append(remark)  # word for word, so that it counts as answered
    return Composed(revision.data, revision.answered, revision.unanswered)


def do_step(sources: Sources, task: str, step: Document, before: dict[str, str]) -> str:
    """The text of one step as Markdown, without a heading."""
    material = gather(sources, language_of(sources))
    pen = Pen(material.language, task, {})
    if step.get("id") == "close":
        return _closing(before, pen)
    about = f"{step.get('title', '')} {step.get('does', '')}"
    facts = _about(about, material) or _about(task, material)
    voices = [
        f"“{quote.text}” [voc:{quote.id}]" for quote in material.quotes if affinity(quote.about, about) >= RELATED
    ]
    blocks = [
        _listed(pen.word("plan.facts"), facts[:MOST_FOUND]),
        _listed(pen.word("plan.voices"), voices[:3]),
        _listed(pen.word("plan.rules"), material.disclaimers),
    ]
    written = [block for block in blocks if block]
    if not facts and not voices:
        written.insert(0, pen.first("plan.empty", x=bare(str(step.get("title") or task))))
    return "\n\n".join(written)


def _parts(task: str) -> list[str]:
    return [bare(part) for part in distinct(_PARTS.split(task)) if len(part.split()) > 1][:MOST_STEPS] or [bare(task)]


def _about(text: str, material: Material) -> list[str]:
    """What the client's documents say about ``text``, closest first."""
    ranked = sorted(material.facts, key=lambda fact: -affinity(fact.about, text, material.common))
    near = [fact for fact in ranked if not fact.foreign and affinity(fact.about, text, material.common) >= RELATED]
    return [f"{closed(fact.text)} ({fact.origin})" for fact in near]


def _listed(heading: str, items: list[str]) -> str:
    return "\n".join([heading, "", *(f"- {item}" for item in items)]) if items else ""


def _closing(before: dict[str, str], pen: Pen) -> str:
    lines = [f"{title}: {clip(tidy(_first_line(text)), 200)}" for title, text in before.items()]
    gap = pen.word("plan.empty").split(".")[0]
    still = [title for title, text in before.items() if gap in text]
    ends = _listed(pen.word("plan.open"), still) or pen.word("plan.nothing-open")
    return "\n\n".join(filter(None, [_listed(pen.word("plan.before"), lines), ends]))


def _first_line(text: str) -> str:
    lines = [line.lstrip("-# ") for line in text.splitlines() if line.strip() and not line.rstrip().endswith(":")]
    return lines[0] if lines else "—"


def _built(task: str, found: list[str], missing: list[str], pen: Pen) -> Document:
    taken: set[str] = {"collect", "close"}
    works = [_step(part, taken, pen) for part in _parts(task)]
    collect = pen.pair("plan.collect", x=bare(task)) or ("", "")
    close = pen.pair("plan.close") or ("", "")
    first: Document = {"id": "collect", "title": collect[0], "does": collect[1], "makes": "text",
             "result": pen.word("plan.collect-result"), "needs": []}  # fmt: skip
    last: Document = {"id": "close", "title": close[0], "does": close[1], "makes": "text",
            "result": pen.word("plan.close-result"), "needs": [step["id"] for step in (first, *works)]}  # fmt: skip
    return {
        "task": task,
        "outcome": pen.first("plan.outcome", x=bare(tidy(task))),
        "found": found,
        "steps": [first, *works, last],
        "assumptions": [pen.word("plan.assume")],
        "questions": [pen.first("plan.ask-open", x=part) for part in missing],
    }


def _step(part: str, taken: set[str], pen: Pen) -> Document:
    makes = "article" if _ARTICLE.search(part) else "email" if _EMAIL.search(part) else "text"
    title, does = capital(part), part if makes != "text" else pen.first("plan.work-does", x=part)
    result = pen.word(f"plan.{makes if makes != 'text' else 'work'}-result")
    return {"id": unique_id(part, taken), "title": clip(title, 200), "does": does, "makes": makes, "result": result,
            "needs": ["collect"]}  # fmt: skip


# ---------------------------------------------------------------- changes

_STEP = re.compile(r"(?:an? |another |one |einen |noch |un |otro |um |mais )*(?:steps?|schritte?|pasos?|passos?)\b[\s:]*"
                   r"(?:to |for |that |zu |zum |para |de )?", re.I)  # fmt: skip


def _fields(pen: Pen) -> Fields:
    def add(revision: Revision, request: Request) -> bool:
        text = bare(_STEP.sub("", request.value or request.text, count=1))
        if len(text) < 3:
            return False
        steps = as_list(revision.data["steps"])
        step = _step(text, {str(one["id"]) for one in steps}, pen)
        step["needs"] = [one for one in step["needs"] if any(other["id"] == one for other in steps)]
        place = next((number for number, one in enumerate(steps) if one["id"] == "close"), len(steps))
        steps.insert(place, step)
        if place < len(steps) - 1:
            steps[place + 1]["needs"] = [*as_list(steps[place + 1].get("needs")), step["id"]]
        revision.answered.append(f"Added the step “{step['title']}”.")
        return True

    return Fields(
        lists={"assumption": ("assumptions", closed)},
        texts={"title": "outcome"},
        special={"add": add, "add.": add, "add.text": add, "remove": _remove, "remove.": _remove, "unknown": _ask},
    )


def _remove(revision: Revision, request: Request) -> bool:
    """A step by its number or by its words; what needed it no longer does."""
    steps = [as_object(one) for one in as_list(revision.data["steps"])]
    wanted = _STEP.sub("", request.text)
    number = re.search(r"\d+", request.text)
    gone = steps[int(number[0]) - 1] if number and 0 < int(number[0]) <= len(steps) else None
    if gone is None:
        made = "email" if _EMAIL.search(wanted) else "article" if _ARTICLE.search(wanted) else None
        pieces = [one for one in steps if one.get("makes") == made]
        gone = pieces[0] if len(pieces) == 1 else None
    if gone is None:
        near = sorted(steps, key=lambda one: -affinity(str(one["title"]), wanted))
        gone = near[0] if near and affinity(str(near[0]["title"]), wanted) >= 1 else None
    if gone is None or len(steps) == 1:
        return False
    left = [one for one in steps if one is not gone]
    for one in left:
        one["needs"] = [name for name in as_list(one.get("needs")) if name != gone["id"]]
    revision.data["steps"] = left
    revision.answered.append(f"Took out the step “{gone['title']}”.")
    return True


def _ask(revision: Revision, request: Request) -> bool:
    """A remark that asks for no change that can be read is kept as an open question, word for word."""
    questions = as_list(revision.data.setdefault("questions", []))
    if not request.text.rstrip().endswith("?"):
        return False
    questions.append(request.text)
    revision.answered.append(f"Kept as an open question: “{request.text}”")
    return True
