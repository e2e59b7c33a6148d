"""The intake in conversation without a model: one question at a time, each answer kept as it was given."""

import re
from typing import Any

from assistant.agents.intake_words import passes, wants_intake
from assistant.models.offline.talk import HandTo, Move, Say, Talk, Use
from knowledge.artifacts.intake_form import FIELDS, FormField

_LISTS = ("list", "multichoice")
_PUZZLED = re.compile(
    r"\W*(?:what|why|how|huh|example|such as|wie|was|warum|beispiel|qué|por qué|ejemplo|o que|por que|exemplo)\b",
    re.IGNORECASE,
)
_NO_WEBSITE = re.compile(
    r"\W*(?:no|none|not yet|we have none|no website(?: yet)?|nein|keine|noch nicht|noch keine|ninguno|todavía no|"
    r"nenhum|ainda não|não)\W*$",
    re.IGNORECASE,
)
LAST_ONE = (
    "It is the only one left: the intake can be approved once it is answered. “later” leaves it open; nothing is lost."
)
#: characters of a question about the question
LONGEST_PUZZLE = 60


def ask(talk: Talk) -> Move:
    """Look what is missing; keep the answer to the question asked last; ask the next."""
    kept = talk.result("fill_intake")
    if kept is not None:
        path = str(kept.arguments["answers"][0]["path"])
        return Say(f"I could not keep that: {kept.text}") if kept.data is None else _after(kept.data, path)
    intake = talk.result("get_intake")
    if intake is None:
        return Use("get_intake")
    if intake.data is None:
        return Say(intake.text)
    asked = None if talk.handed_over or wants_intake(talk.said) else _asked_last(talk, intake.data)
    return _next(intake.data, "") if asked is None else _take(talk.said, asked, intake.data)


def _take(said: str, asked: FormField, intake: dict[str, Any]) -> Move:
    if passes(said):
        if [item["path"] for item in intake["missing"]] == [asked.path]:
            return Say(f"Skipped for now. {LAST_ONE}\n\n{_question(asked)}")
        return _next(intake, "Skipped for now. ", asked.path)
    if said.rstrip().endswith("?"):
        puzzled = len(said) <= LONGEST_PUZZLE and _PUZZLED.match(said)
        return Say(f"In your own words, as much as you know. {_question(asked)}") if puzzled else HandTo("cmo")
    path, value = asked.path, _value(asked, said)
    if asked.path == "identity.website" and _NO_WEBSITE.match(said):
        path, value = "identity.noWebsiteYet", True
    return Use("fill_intake", {"answers": [{"path": path, "value": value}]})


def _after(intake: dict[str, Any], path: str) -> Say:
    wrong = _wrong(intake).get(path)
    if wrong is None:
        return _next(intake, "Noted. ", path)
    return Say(f"That does not fit yet: it {wrong}. Say it again, or “skip”.\n\n{_question(FIELDS[path])}")


def _wrong(intake: dict[str, Any]) -> dict[str, str]:
    """What was answered and cannot stand, by its path."""
    missing = {item["path"] for item in intake["missing"]}
    return {one["field"]: one["message"] for one in intake["findings"]["errors"] if one["field"] not in missing}


def _asked_last(talk: Talk, intake: dict[str, Any]) -> FormField | None:
    """The question that the last message asked, if it is still open."""
    spoken = next((text for who, text in reversed(talk.before) if who == "assistant"), "")
    still_open = [*(item["path"] for item in intake["missing"]), *_wrong(intake)]
    return next((FIELDS[path] for path in still_open if _question(FIELDS[path]) in spoken), None)


def _next(intake: dict[str, Any], opening: str, after: str = "") -> Say:
    """The question that follows ``after`` in the form's order, or the first; what to do when none is open."""
    still_open = [item["path"] for item in intake["missing"]] or list(_wrong(intake))
    if not still_open:
        return Say(opening + _complete(intake))
    order = list(FIELDS)
    place = order.index(after) if after else -1
    path = next((path for path in still_open if order.index(path) > place), still_open[0])
    wrong = _wrong(intake).get(path)
    mend = f"This one cannot stand as it is: it {wrong}.\n\n" if wrong else ""
    left = len(still_open)
    count = "One answer is" if left == 1 else f"{left} answers are"
    return Say(
        f"{opening}{mend}{_question(FIELDS[path])}\n\n"
        f"_{count} still to come. “skip” passes one over, “later” stops here; nothing is lost._"
    )


def _complete(intake: dict[str, Any]) -> str:
    if intake["status"] == "approved":
        return "The intake is complete and approved. To change an answer, open the form: /intake."
    return "The intake has every required answer. Look it over and approve it: /intake. Then /onboard."


def _question(field: FormField) -> str:
    choices = f" For example: {', '.join(choice.label for choice in field.choices)}." if field.choices else ""
    return f"**{field.label}**" + (f" {field.help}" if field.help else "") + choices


def _value(field: FormField, said: str) -> str | list[str] | bool:
    said = said.strip()
    if field.kind not in _LISTS:
        return _chosen(field, said)
    parts = said.replace(";", "\n").splitlines() if ";" in said or "\n" in said else said.split(",")
    return [_chosen(field, part.strip(" -•\t")) for part in parts if part.strip(" -•\t")]


def _chosen(field: FormField, said: str) -> str:
    """A choice by its label or value, however it is written; anything else as it was said."""
    meant = said.strip(" .").casefold()
    return next((one.value for one in field.choices if meant in (one.label.casefold(), one.value.casefold())), said)
