"""The metric schema: a funnel by objective, its metrics, and honest gaps.

Baselines are never made up: without a figure they stay empty and become a gap with a way to close it.
"""

import copy
import datetime as dt
import re
from collections.abc import Callable

from assistant.models.offline.compose.change_requests import Request, read_requests
from assistant.models.offline.compose.figures import Target, amount, read_date, read_days, read_target
from assistant.models.offline.compose.intake_reading import IntakeView, read_intake
from assistant.models.offline.compose.language import language_of
from assistant.models.offline.compose.pen import Bank, phrases
from assistant.models.offline.compose.revision import Fields, Revision
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import capital, fold
from knowledge.json_values import as_list

#: metric: (numerator, denominator, direction, source); things are named in phrases/*/documents.toml
METRICS = {
    "orders": ("orders", "", "up", "billing"),
    "purchase_rate": ("orders", "visits", "up", "analytics"),
    "revenue": ("revenue", "", "up", "billing"),
    "average_order": ("revenue", "orders", "up", "billing"),
    "cost_per_order": ("spend", "orders", "down", "ads"),
    "refund_rate": ("refunds", "orders", "down", "billing"),
    "leads": ("leads", "", "up", "crm"),
    "lead_rate": ("leads", "visits", "up", "analytics"),
    "cost_per_lead": ("spend", "leads", "down", "ads"),
    "qualified_rate": ("qualified", "leads", "up", "crm"),
    "reach": ("impressions", "", "up", "ads"),
    "visits": ("visits", "", "up", "analytics"),
    "engaged_rate": ("engaged", "visits", "up", "analytics"),
    "cost_per_visit": ("spend", "visits", "down", "ads"),
    "subscribers": ("subscribers", "", "up", "email"),
    "applications": ("applications", "", "up", "other"),
    "application_rate": ("applications", "visits", "up", "analytics"),
    "cost_per_application": ("spend", "applications", "down", "ads"),
    "interview_rate": ("interviews", "applications", "up", "other"),
    "enquiries": ("enquiries", "", "up", "crm"),
    "enquiry_rate": ("enquiries", "visits", "up", "analytics"),
    "agreements": ("agreements", "", "up", "crm"),
    "repeat_rate": ("repeat", "customers", "up", "billing"),
    "churn_rate": ("cancellations", "customers", "down", "billing"),
    "unsubscribe_rate": ("unsubscribes", "emails", "down", "email"),
}
#: objective: (primary, further metrics, guardrails, funnel events)
_PLANS = {
    "sales": ("purchase_rate", ["orders", "revenue", "average_order"], ["cost_per_order", "refund_rate"],
              ["page_view", "offer_view", "add_to_cart", "purchase"]),
    "leads": ("lead_rate", ["leads"], ["cost_per_lead", "qualified_rate"],
              ["page_view", "offer_view", "form_start", "lead", "qualified_lead"]),
    "awareness": ("reach", ["visits", "subscribers"], ["engaged_rate", "cost_per_visit"],
                  ["impression", "page_view", "engaged_visit", "subscribe"]),
    "hiring": ("application_rate", ["applications"], ["cost_per_application", "interview_rate"],
               ["page_view", "role_view", "application", "interview"]),
    "partnerships": ("enquiry_rate", ["enquiries", "agreements"], ["cost_per_visit"],
                     ["page_view", "offer_view", "enquiry", "agreement"]),
    "retention": ("repeat_rate", ["revenue"], ["churn_rate", "unsubscribe_rate"],
                  ["customer_active", "repeat_purchase", "cancellation"]),
}  # fmt: skip
_EVENT_SOURCE = {
    "purchase": "billing", "qualified_lead": "crm", "impression": "ads", "subscribe": "email", "application": "other",
    "interview": "other", "enquiry": "crm", "agreement": "crm", "customer_active": "billing", "cancellation": "billing",
    "repeat_purchase": "billing",
}  # fmt: skip
_PROPERTIES = {
    "purchase": ["orderId", "amount", "currency"], "repeat_purchase": ["orderId", "amount", "currency"],
    "offer_view": ["offerId"], "add_to_cart": ["offerId"], "lead": ["form", "campaign"], "page_view": ["campaign"],
    "application": ["role"], "role_view": ["role"],
}  # fmt: skip
_SOURCES = ["analytics", "ads", "billing", "crm", "email", "other"]
_IN_PLACE = re.compile(
    r"\b(?:yes|ready|live|installed|in place|set up|connected|active|running|ga4|vorhanden|eingerichtet|läuft|"
    r"aktiv|ja|bereit|"
    r"listo|instalad[oa]|activ[oa]|sí|funciona|pront[oa]|ativ[oa]|sim|configurad[oa])\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:not|no|none|missing|planned|nicht|kein\w*|noch|geplant|fehlt|falta|sin|não|nenhum\w*|sem|ainda|"
    r"todavía)\b",
    re.IGNORECASE,
)
_SHOP = re.compile(r"commerce|shop|retail|store|handel|tienda|comercio|loja", re.IGNORECASE)


def objective_of(sources: Sources) -> str:
    """The intake's objective, else what the goal's words point at, else leads for services and sales for shops."""
    view = read_intake(sources.intake, sources.client)
    if view.objective in _PLANS:
        return view.objective
    plain = fold(f"{sources.goal} {' '.join(view.kpi_targets)}")
    stems = {
        "hiring": "hire|hiring|recruit|applicat|bewerb|einstell|contratar|candidat|recrut",
        "retention": "retention|retain|churn|repeat|bestandskund|kundenbind|fideliz|retenc|retencao|recompra",
        "partnerships": "partner|parceri|alianza",
        "awareness": "awareness|reach|known|bekannt|reichweite|notoriedad|alcance|notoriedade|conhecid",
        "leads": "lead|demo|enquir|anfrag|termin|contacto|solicitud|reuni|marcac",
        "sales": "sale|sell|order|revenue|verkauf|umsatz|bestell|venta|vender|pedido|venda|encomenda",
    }
    named = next((name for name, stem in stems.items() if re.search(rf"\b(?:{stem})", plain)), "")
    return named or ("sales" if _SHOP.search(view.industry) else "leads")


def build_metric_schema(sources: Sources) -> Composed:
    """A ``metric_schema``. With a note or comments the previous version is revised, otherwise it is built anew."""
    language = language_of(sources)
    requests = read_requests(sources.note, sources.open_comments)
    data = copy.deepcopy(sources.previous) if sources.previous and requests else _built(sources, language)
    fields = Fields(
        special={
            "add": _add_metric_for(language, sources),
            "remove": _remove_metric,
            "replace.target": _set_target,
            "replace.metric": _set_primary,
            "focus": _set_primary,
            "replace": _set_target,
            "replace.attribution": _set_window,
        }
    )
    revision = Revision(data, fields)
    revision.carry_out(requests)
    notes = [f"{gap['what']} {gap['fix']}" for gap in revision.data.get("gaps", [])]
    return Composed(revision.data, revision.answered, revision.unanswered, notes)


def _built(sources: Sources, language: str) -> Document:
    view = read_intake(sources.intake, sources.client)
    bank = phrases(language)
    primary, further, guards, events = _PLANS[objective_of(sources)]
    targets = [read_target(text) for text in view.kpi_targets] or _goal_target(sources.goal)
    named = [target.metric_id for target in targets if target.metric_id]
    metrics = list(dict.fromkeys([primary, *named, *further, *guards]))
    if not _SHOP.search(view.industry):
        events = [event for event in events if event != "add_to_cart"]
    used = {METRICS[name][3] for name in metrics} | {_EVENT_SOURCE.get(event, "analytics") for event in events}
    kpis = _kpis(targets, primary, _deadline(view))
    return {
        "dataSources": [_source(name, view, bank) for name in _SOURCES if name in used],
        "events": [_event(name, bank) for name in events],
        "funnel": [
            {"stageId": name, "name": bank[f"events.{name}"][0], "order": place, "eventId": name}
            for place, name in enumerate(events, start=1)
        ],
        "metrics": [metric(name, language, view.currency or "EUR") for name in metrics],
        "kpis": kpis,
        "primaryMetricId": primary,
        "guardrailMetricIds": [name for name in guards if name != primary],
        "attribution": {"model": "last_click", "windowDays": 7},
        "gaps": _gaps(view, kpis, targets, used, bank),
    }


def _goal_target(goal: str) -> list[Target]:
    target = read_target(goal)
    return [target] if target.metric_id and target.figure is not None else []


def _source(name: str, view: IntakeView, bank: Bank) -> Document:
    said = {"analytics": view.analytics, "ads": view.ad_accounts}.get(name, "")
    status = "missing" if _NOT_YET.search(said) else "available" if _IN_PLACE.search(said) else "unknown"
    return {"id": name, "kind": name, "name": bank[f"sources.{name}"][0], "status": status}


def _event(name: str, bank: Bank) -> Document:
    label, trigger = bank[f"events.{name}"]
    return {
        "id": name,
        "name": name,
        "trigger": f"{label}: {trigger}",
        "properties": _PROPERTIES.get(name, []),
        "source": _EVENT_SOURCE.get(name, "analytics"),
    }


def metric(name: str, language: str, currency: str) -> Document:
    """A metric of the catalogue above, described in ``language``; amounts are in ``currency``."""
    bank = phrases(language)
    top, below, direction, source = METRICS[name]
    numerator = bank[f"things.{top}"][0]
    denominator = bank[f"things.{below}"][0] if below else None
    money = top in {"spend", "revenue"}
    kind = "ratio" if below else "sum" if money else "count"
    definition = bank[f"metrics.{kind}"][0].replace("{numerator}", numerator)
    return {
        "id": name,
        "name": bank[f"metrics.{name}"][0],
        "definition": capital(definition.replace("{denominator}", denominator or "")),
        "numerator": numerator,
        "denominator": denominator,
        "unit": currency if money else "share" if below else numerator,
        "direction": direction,
        "source": source,
    }


def _deadline(view: IntakeView) -> dt.date | None:
    if end := read_date(view.end_date):
        return end
    start = read_date(view.start_date)
    return start + dt.timedelta(weeks=view.weeks) if start and view.weeks else None


def _kpis(targets: list[Target], primary: str, by: dt.date | None) -> list[Document]:
    """One KPI for each metric that a target names; the primary metric always has one."""
    figures = {target.metric_id: target.figure for target in reversed(targets) if target.metric_id}
    names = list(dict.fromkeys([*figures, primary]))
    when = by.isoformat() if by else None
    return [{"metricId": name, "baseline": None, "target": figures.get(name), "by": when} for name in names]


def _gap(key: str, bank: Bank, **values: str) -> Document:
    what, fix = bank[f"gaps.{key}"]
    for name, value in values.items():
        what, fix = what.replace(f"{{{name}}}", value), fix.replace(f"{{{name}}}", value)
    return {"what": what, "fix": fix}


def _gaps(view: IntakeView, kpis: list[Document], targets: list[Target], used: set[str], bank: Bank) -> list[Document]:
    found: list[Document] = []
    for kpi in kpis:
        name = bank[f"metrics.{kpi['metricId']}"][0]
        source = bank[f"sources.{METRICS[kpi['metricId']][3]}"][0]
        found.append(_gap("baseline", bank, metric=name, source=source))
        if kpi["target"] is None and not any(t.metric_id == kpi["metricId"] for t in targets):
            found.append(_gap("target", bank, metric=name))
    for target in targets:
        if not target.metric_id:
            found.append(_gap("unclear", bank, target=target.text))
        elif target.figure is None:
            found.append(_gap("relative", bank, target=target.text))
    for name, said in (("analytics", view.analytics), ("ads", view.ad_accounts)):
        if name in used and (not _IN_PLACE.search(said) or _NOT_YET.search(said)):
            found.append(_gap(name, bank))
    return found


def _metric_named(text: str) -> str:
    """The metric of the catalogue that ``text`` names, by id, by name in any language, or by what it counts."""
    plain = fold(text).replace("-", " ")
    for name in sorted(METRICS, key=len, reverse=True):
        names = {
            name.replace("_", " "),
            *(fold(phrases(code)[f"metrics.{name}"][0]) for code in ("en", "de", "es", "pt")),
        }
        if any(label in plain for label in names):
            return name
    return read_target(text).metric_id


def _add_metric_for(language: str, sources: Sources) -> Callable[[Revision, Request], bool]:
    currency = read_intake(sources.intake, sources.client).currency or "EUR"

    def add_metric(revision: Revision, request: Request) -> bool:
        name = _metric_named(request.text)
        metrics = as_list(revision.data["metrics"])
        if not name or any(item["id"] == name for item in metrics):
            return False
        entry = metric(name, language, currency)
        metrics.append(entry)
        sources_known = as_list(revision.data["dataSources"])
        if all(item["id"] != entry["source"] for item in sources_known):
            view = read_intake(sources.intake, sources.client)
            sources_known.append(_source(entry["source"], view, phrases(language)))
        if "guardrail" in request.text.lower():
            as_list(revision.data["guardrailMetricIds"]).append(name)
        revision.answered.append(f"Added the metric “{entry['name']}”.")
        return True

    return add_metric


def _remove_metric(revision: Revision, request: Request) -> bool:
    """Take out a metric with all that names it; the primary metric stays."""
    name = _metric_named(request.value or request.text)
    data = revision.data
    if not name or name == data["primaryMetricId"] or all(item["id"] != name for item in data["metrics"]):
        return False
    data["metrics"] = [item for item in data["metrics"] if item["id"] != name]
    data["kpis"] = [item for item in data["kpis"] if item["metricId"] != name]
    data["guardrailMetricIds"] = [item for item in data["guardrailMetricIds"] if item != name]
    revision.answered.append(f"Took out the metric “{name}”.")
    return True


def _set_primary(revision: Revision, request: Request) -> bool:
    name = _metric_named(request.new or request.value or request.text)
    data = revision.data
    if not name or re.search(r"\d", request.text) or all(item["id"] != name for item in data["metrics"]):
        return False
    data["primaryMetricId"] = name
    data["guardrailMetricIds"] = [item for item in data["guardrailMetricIds"] if item != name]
    revision.answered.append(f"The primary metric is now “{name}”.")
    return True


def _set_target(revision: Revision, request: Request) -> bool:
    """ "Set the target for leads to 120": a figure for a KPI, in shares when it is a percentage."""
    figure = amount(request.new or request.text)
    data = revision.data
    named = _metric_named(request.text)
    known = {item["id"]: item for item in data["metrics"]}
    name = named if named in known else "" if named else data["primaryMetricId"]
    if figure is None or not name or read_days(request.new):
        return False
    value = figure / 100 if "%" in request.text else figure
    kpi = next((item for item in data["kpis"] if item["metricId"] == name), None)
    if kpi is None:
        kpi = {"metricId": name, "baseline": None, "target": None, "by": None}
        as_list(data["kpis"]).append(kpi)
    field = (
        "baseline"
        if re.search(r"baseline|ausgangswert|punto de partida|ponto de partida", request.text, re.I)
        else "target"
    )
    kpi[field] = value
    label = known[name]["name"]
    data["gaps"] = [gap for gap in data["gaps"] if not (label in gap["what"] and _is_gap(gap, field))]
    revision.answered.append(f"Set the {field} of “{label}” to {value:g}.")
    return True


def _is_gap(gap: Document, kind: str) -> bool:
    """Whether a gap is of this kind, told from its wording in any of the languages."""
    for code in ("en", "de", "es", "pt"):
        head = phrases(code)[f"gaps.{kind}"][0].split("{metric}")[0]
        if gap["what"].startswith(head):
            return True
    return False


def _set_window(revision: Revision, request: Request) -> bool:
    days = read_days(request.text)
    if not days:
        return False
    revision.data["attribution"]["windowDays"] = min(365, days)
    revision.answered.append(f"The attribution window is now {min(365, days)} days.")
    return True
