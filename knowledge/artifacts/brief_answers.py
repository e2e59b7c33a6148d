"""What a brief says about one field, turned into an answer of the form.

An answer that cannot be understood is kept as its text where the form can show it, with its error, to a
person; else it is reported as unread. Nothing is guessed silently: every conversion that could be wrong
leaves a note.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from knowledge.artifacts.brief_labels import BUDGET, ORDER_AND_LIFETIME, folded
from knowledge.artifacts.intake_fields import FIELDS
from knowledge.artifacts.languages import language_code
from knowledge.artifacts.plain_values import amount, amounts_in, currency, day_as_written, web_address

_LONGEST_ANSWER = 20_000
#: invisible characters that scripts and emoji need
_JOINERS = "\u00ad\u200c\u200d\u200e\u200f"
_MOST_ENTRIES = 200
_MOST_UNREAD = 50
#: lists of single words or names, which people separate by commas
_BY_COMMA = frozenset(
    {"voice.bannedWords", "voice.languages", "offer.competitors", "access.socialHandles", "delivery.outputs",
     "ecommerce.topSkus", "hiring.roleTypes", "hiring.locations", "services.serviceAreas"}
)  # fmt: skip
_OBJECTIVES = {
    "awareness": r"awareness|bekanntheit|reconocimiento|notoriedad|conocimiento|reconhecimento|visibilidade|visibilidad",
    "leads": r"leads?|lead generation|anfragen|kontakte|contactos|prospectos|cadastros",
    "sales": r"sales?|sell|revenue|orders|verkauf|verkaufe|umsatz|absatz|ventas?|vender|vendas?|conversions?",
    "hiring": r"hiring|hire|recruit\w*|personal|einstellungen|mitarbeiter|contratacion|contratar|contratacao|vagas",
    "partnerships": r"partnerships?|partners|partnerschaften|partner|alianzas|socios|parcerias|parceiros",
    "retention": r"retention|loyalty|churn|kundenbindung|fidelizacion|retencion|fidelizacao|retencao",
}
_FREQUENCIES = {
    "once": r"once|one off|einmal\w*|una vez|unica|uma vez",
    "weekly": r"week\w*|wochentlich|woche\w*|semanal\w*|semana",
    "monthly": r"month\w*|monatlich|monat\w*|mensual\w*|mensal\w*|mes",
}
_OUTPUTS = {"pdf": r"pdfs?", "pptx": r"pptx?|power ?point|slides?|deck|folien|presentacion|apresentacao", "zip": r"zip"}
_NO_WEBSITE = re.compile(
    r"none|no|not yet|no website( yet)?|n a|keine|noch keine|sin|no tiene|sem|nao tem|nenhum|ainda nao"
)
_SPAN = re.compile(r"(\d{1,4})\s*(weeks?|wochen?|semanas?|months?|monate?n?|mes(?:es)?|days?|tagen?|tage?|dias?)?")


@dataclass(slots=True)
class Answers:
    """The answers collected from one brief: ``data`` is a partial intake, ready to be validated."""

    data: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    notes: list[str] = field(default_factory=list[str])
    unread: list[str] = field(default_factory=list[str])

    def note(self, sentence: str) -> None:
        """Keep a sentence for the person, once."""
        if sentence not in self.notes and len(self.notes) < _MOST_UNREAD:
            self.notes.append(sentence)

    def leave(self, text: str) -> None:
        """Keep a piece that was not understood, shortened."""
        piece = " ".join(clean(text).split())
        if piece and len(self.unread) < _MOST_UNREAD:
            self.unread.append(piece if len(piece) <= 200 else f"{piece[:200]}…")

    def add(self, path: str, raw: object) -> None:
        """Take what the brief says about a field; ``raw`` is text, a list, a number, a date or yes/no."""
        texts = _texts(raw)
        if path == BUDGET:
            self._add_budget(texts)
        elif path == ORDER_AND_LIFETIME:
            for name, text in zip(("offer.aov", "offer.ltv"), re.split(r"/|\|", " / ".join(texts)), strict=False):
                self.add(name, text.strip())
        elif path == "identity.noWebsiteYet":
            self._put(
                path, raw if isinstance(raw, bool) else folded(" ".join(texts)) not in ("no", "false", "nein", "nao")
            )
        elif path == "identity.website" and (raw is False or _NO_WEBSITE.fullmatch(folded(" ".join(texts)))):
            self._put("identity.noWebsiteYet", True)
        elif texts:
            self._add_texts(path, texts)

    def _add_texts(self, path: str, texts: list[str]) -> None:
        kind = FIELDS[path].kind
        if kind in ("list", "multichoice"):
            self._add_list(path, texts)
        elif kind in ("text", "longtext") or FIELDS[path].other_allowed:
            joined = currency(texts[0]) if path == "offer.currency" else None
            self._join(path, joined or _run_on(texts, "\n" if kind == "longtext" else ", "))
        else:
            self._add_single(path, " ".join(texts))

    def _add_single(self, path: str, text: str) -> None:
        if self._known(path):
            self.note(f"{FIELDS[path].label} is given more than once; the first was kept.")
            self.leave(f"{FIELDS[path].label}: {text}")
            return
        value = self._converted(path, text)
        if value is None:
            self.leave(f"{FIELDS[path].label}: {text}")
        else:
            self._put(path, value)

    def _converted(self, path: str, text: str) -> str | int | None:
        """Return the stored form of a single answer; malformed text as it is; None when it cannot be stored at all."""
        match FIELDS[path].kind:
            case "url":
                return _address(text)
            case "email":
                return text.removeprefix("mailto:").strip("<> ")
            case "date":
                return self._day(path, text)
            case "money":
                return _amount(text)
            case "number":
                return self._weeks(text)
            case _:
                found = _chosen(_OBJECTIVES if path == "goals.objective" else _FREQUENCIES, text)
                return found[0] if len(found) == 1 else None

    def _day(self, path: str, text: str) -> str:
        found = day_as_written(text)
        if found is None and re.fullmatch(r"\d{1,2}[/-]\d{1,2}[/-]\d{4}", text.strip()):
            self.note(f"{FIELDS[path].label}: {text.strip()} can be read in two ways; please write it as 2026-03-31.")
        return found.isoformat() if found else text

    def _weeks(self, text: str) -> int | None:
        found = _SPAN.search(folded(text))
        if found is None:
            return None
        count, unit = int(found[1]), found[2] or "weeks"
        if unit.startswith(("week", "woche", "semana")):
            return count
        weeks = round(count * (52 / 12 if unit.startswith(("mon", "mes")) else 1 / 7))
        self.note(f'Duration: "{text.strip()[:60]}" was taken as {weeks} weeks.')
        return weeks

    def _add_budget(self, texts: list[str]) -> None:
        amounts = amounts_in(" ".join(texts))
        if len(amounts) == 2 and amounts[0] <= amounts[1]:
            self._add_single("goals.budgetMin", f"{amounts[0]}")
            self._add_single("goals.budgetMax", f"{amounts[1]}")
        elif texts:
            self._add_single("goals.budgetMax", " ".join(texts))
        self._note_currency(" ".join(texts))

    def _note_currency(self, text: str) -> None:
        """Take the currency from the budget when nothing else names one."""
        found = {code for word in re.findall(r"R\$|[^\W\d_]{3,7}|[€$£¥₹]", text) if (code := currency(word))}
        if len(found) == 1 and not self._known("offer.currency"):
            code = found.pop()
            self._put("offer.currency", code)
            self.note(f"The currency {code} was taken from the budget.")

    def _add_list(self, path: str, texts: list[str]) -> None:
        if path in _BY_COMMA:
            texts = [part.strip() for text in texts for part in re.split(r"[,;]|\s/\s|\n", text) if part.strip()]
        if path == "voice.languages":
            texts = [code for text in re.split(r",|\b(?:and|und|y|e)\b", ",".join(texts)) if (code := _language(text))]
        if path == "delivery.outputs":
            wanted = [found for text in texts for found in _chosen(_OUTPUTS, text) or [None]]
            if None in wanted:
                self.leave(f"{FIELDS[path].label}: {', '.join(texts)}")
            texts = [name for name in wanted if name]
        known: list[str] = self.data.get(path.split(".")[0], {}).get(path.split(".")[1], [])
        entries = list(dict.fromkeys([*known, *texts]))
        if len(entries) > _MOST_ENTRIES:
            self.note(f"{FIELDS[path].label}: only the first {_MOST_ENTRIES} entries were kept.")
        if entries:
            self._put(path, entries[:_MOST_ENTRIES])

    def _join(self, path: str, text: str) -> None:
        section, name = path.split(".")
        known = cast("str | None", self.data.get(section, {}).get(name))
        whole = text if not known or known == text else f"{known}\n{text}"
        if len(whole) > _LONGEST_ANSWER:
            self.note(f"{FIELDS[path].label}: only the first {_LONGEST_ANSWER:,} characters were kept.")
        self._put(path, whole[:_LONGEST_ANSWER])

    def _known(self, path: str) -> bool:
        section, name = path.split(".")
        return name in self.data.get(section, {})

    def _put(self, path: str, value: object) -> None:
        section, name = path.split(".")
        self.data.setdefault(section, {})[name] = value


def _run_on(texts: list[str], mark: str) -> str:
    """Join lines: with a space after the end of a sentence, else with the mark."""
    whole = texts[0]
    for text in texts[1:]:
        whole += (" " if mark == ", " and whole.endswith((".", "!", "?", ";", ",")) else mark) + text
    return whole


def clean(text: str) -> str:
    """Return the text without the characters no document may hold."""
    return "".join(c for c in text if c in "\n\t" or c.isprintable() or c in _JOINERS)


def _texts(raw: object) -> list[str]:
    """Return what was given as texts: entries of lists and values of mappings, blanks left out."""
    if isinstance(raw, Mapping):
        parts = [_one_text(part) for part in cast("Mapping[Any, object]", raw).values()]
        return [", ".join(part for part in parts if part)[:_LONGEST_ANSWER]] if any(parts) else []
    if isinstance(raw, list):
        found: list[str] = []
        for item in cast("list[object]", raw):
            found += [_one_text(item)] if not isinstance(item, Mapping) else _texts(cast("object", item))
        return [text for text in found if text]
    return [text] if (text := _one_text(raw)) else []


def _one_text(value: object) -> str:
    if isinstance(value, str):
        return clean(value).strip()[:_LONGEST_ANSWER]
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()[:10]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{value}" if abs(value) < 1e15 else ""
    return ""


def _chosen(words: Mapping[str, str], text: str) -> list[str]:
    wanted = folded(text)
    return [name for name, pattern in words.items() if re.search(rf"\b(?:{pattern})\b", wanted)]


def _language(text: str) -> str:
    return language_code(text) or text.strip()


def _address(text: str) -> str:
    """Return the address, with https:// when only the host was given; a Markdown link gives its target."""
    linked = re.search(r"\((https?://[^)\s]+)\)", text[:2_000])
    wanted = (linked[1] if linked else text).strip().strip("<>")
    return wanted if web_address(wanted) else web_address(f"https://{wanted}") or wanted


def _amount(text: str) -> str:
    value = amount(text)
    if value is None and len(found := amounts_in(text)) == 1:
        value = found[0]
    return f"{value}" if value is not None else text
