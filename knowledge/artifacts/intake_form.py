"""Reading an intake against its form: what is missing, malformed or odd, and how far it is.

The answers may be half filled, mistyped or rubbish; nothing here raises because of them. An intake may be
approved only when ``check_intake`` finds no errors; warnings never block.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from knowledge.artifacts.intake_fields import FIELDS, SECTIONS, FormField, Section
from knowledge.artifacts.intake_warnings import warnings
from knowledge.artifacts.languages import language_code
from knowledge.artifacts.plain_values import amount, currency, day, is_email, web_address

__all__ = [
    "FIELDS",
    "SECTIONS",
    "Finding",
    "FormField",
    "IntakeFindings",
    "Section",
    "SectionProgress",
    "answer_at",
    "check_intake",
    "is_shown",
    "missing_fields",
    "progress",
    "shown_fields",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one field. ``by`` is the model that noticed it, or None for a rule."""

    field: str
    message: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class IntakeFindings:
    """Errors block the approval, warnings do not."""

    errors: list[Finding]
    warnings: list[Finding]

    @property
    def ok(self) -> bool:
        """True when nothing stands in the way of an approval."""
        return not self.errors

    def with_model_warnings(self, model: str, found: list[Finding]) -> "IntakeFindings":
        """Return these findings with a model's own warnings added, marked with its name; a model adds no errors."""
        return IntakeFindings(self.errors, self.warnings + [replace(finding, by=model) for finding in found])


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How far one section is; only questions that apply count."""

    key: str
    title: str
    filled: int
    total: int
    required_filled: int
    required_total: int

    @property
    def complete(self) -> bool:
        """True when every required question of the section has an answer."""
        return self.required_filled == self.required_total


def answer_at(data: object, path: str) -> Any:
    """Return the answer at a path such as "offer.aov", or None; rubbish on the way counts as no answer."""
    value = data
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        group = cast("Mapping[Any, Any]", value)
        value = group.get(part, group.get(_snake(part)))
    return value


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def is_shown(field: FormField, data: object) -> bool:
    """Tell whether a question applies to these answers."""
    if field.shown_when is None:
        return True
    answer = " ".join(_texts(answer_at(data, field.shown_when.path))).casefold()
    words = f" {' '.join(answer.replace(',', ' ').replace('/', ' ').split())} "
    return any(f" {word} " in words for word in field.shown_when.any_of)


def shown_fields(section: Section, data: object) -> list[FormField]:
    """Return the questions of a section that apply to these answers."""
    return [field for field in section.fields if is_shown(field, data)]


def missing_fields(data: dict[str, Any]) -> list[FormField]:
    """Return the required questions without an answer, in the order of the form."""
    return [field for field in _shown(data) if field.required and not _is_answered(field, data)]


def progress(data: dict[str, Any]) -> list[SectionProgress]:
    """Return how far each of the seven sections is."""
    found: list[SectionProgress] = []
    for section in SECTIONS:
        fields = [field for field in shown_fields(section, data) if field.kind != "bool"]
        answered = [field for field in fields if _is_answered(field, data)]
        required = [field for field in fields if field.required]
        done = sum(field in answered for field in required)
        found.append(SectionProgress(section.key, section.title, len(answered), len(fields), done, len(required)))
    return found


def check_intake(data: dict[str, Any]) -> IntakeFindings:
    """Return every error and every warning, each at its field; never raises, whatever the data is."""
    errors = [Finding(field.path, "is required") for field in missing_fields(data)]
    for field in _shown(data):
        value = answer_at(data, field.path)
        wrong = _malformed(field, value)
        if wrong and not any(error.field == field.path for error in errors):
            errors.append(Finding(field.path, wrong))
    errors += _out_of_order(data)
    order = list(FIELDS)
    errors.sort(key=lambda finding: order.index(finding.field))
    odd = [Finding(*found) for found in warnings(lambda path: _texts(answer_at(data, path)))]
    return IntakeFindings(errors, odd)


def _shown(data: object) -> list[FormField]:
    return [field for section in SECTIONS for field in shown_fields(section, data)]


def _is_answered(field: FormField, data: object) -> bool:
    if field.unless is not None and answer_at(data, field.unless) is True:
        return True
    if field.path == "voice.languages":
        return True  # English unless said
    return not _is_blank(answer_at(data, field.path))


def _is_blank(value: object) -> bool:
    """Tell whether nothing was answered; an answer of the wrong kind is malformed, not missing."""
    if isinstance(value, list):
        items = cast("list[object]", value)
        return all(not isinstance(item, (list, dict)) and _is_blank(item) for item in items)
    return value is None or value == {} or (isinstance(value, str) and not value.strip())


def _texts(value: object) -> list[str]:
    """Return the texts of an answer: one, several, or none; numbers as text, blanks and anything else left out."""
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    as_text = [str(item) if _is_number(item) else item for item in items]
    return [item for item in as_text if isinstance(item, str) and item.strip()]


def _is_number(value: object) -> bool:
    # an integer of more digits than Python turns into text is no answer
    return isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15)


def _malformed(field: FormField, value: object) -> str | None:
    """Say what is wrong with an answer that was given, or None."""
    if _is_blank(value):
        return None
    if field.kind in ("list", "multichoice"):
        return _malformed_list(field, value)
    if field.kind == "bool":
        return None if isinstance(value, bool) else "must be yes or no"
    texts = _texts(value)
    if not isinstance(value, (str, int, float)) or (not texts and not isinstance(value, str)):
        return "must be a single answer in words or figures"
    return _malformed_text(field, texts[0].strip()) if texts else None


def _malformed_list(field: FormField, value: object) -> str | None:
    if not isinstance(value, list):
        return "must be a list of texts"
    items = cast("list[object]", value)
    if any(not isinstance(item, str) and not _is_number(item) for item in items):
        return "must be a list of texts"
    texts = _texts(items)
    if field.path == "voice.languages":
        unknown = [text for text in texts if language_code(text) is None]
        return f"unknown language: {', '.join(_short(text) for text in unknown)}" if unknown else None
    return next((wrong for text in texts if (wrong := _outside_choices(field, text))), None)


def _malformed_text(field: FormField, text: str) -> str | None:
    match field.kind:
        case "url" if web_address(text) is None:
            return "must be a full web address such as https://example.com"
        case "email" if not is_email(text):
            return "must be an email address such as name@example.com"
        case "date" if day(text) is None:
            return "must be a date such as 2026-03-31"
        case "money" if amount(text) is None:
            return "must be an amount such as 1,500 or 49.90"
        case "number" if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) > 0):
            return "must be a whole number above 0"
        case "choice" if field.path == "offer.currency":
            return None if currency(text) else "must be a currency such as EUR or USD"
        case "choice":
            return _outside_choices(field, text)
        case _:
            return None


def _outside_choices(field: FormField, text: str) -> str | None:
    values = [choice.value for choice in field.choices]
    if not values or field.other_allowed or text in values:
        return None
    return f"must be one of {', '.join(values)}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _out_of_order(data: object) -> list[Finding]:
    """Return what runs backwards: an end before its start, a highest budget below the lowest."""
    found: list[Finding] = []
    start, end = (day(" ".join(_texts(answer_at(data, f"goals.{name}")))) for name in ("startDate", "endDate"))
    if start and end and end < start:
        found.append(Finding("goals.endDate", f"is before the start on {start.isoformat()}"))
    low, high = (amount(" ".join(_texts(answer_at(data, f"goals.{name}")))) for name in ("budgetMin", "budgetMax"))
    if low is not None and high is not None and high < low:
        found.append(Finding("goals.budgetMax", "is below the least budget"))
    return found
