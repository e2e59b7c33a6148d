"""Experiment specs from an approved strategy, within what the team, the money and the traffic allow.

Each compares one concept of the strategy with what is said today. Rates are those that somebody has given; where
nobody has, a working rate stands in and a note says so. Sample sizes are computed, never written.
"""

import copy
import math
import re
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from assistant.models.offline.compose.change_requests import Request, read_requests
from assistant.models.offline.compose.channels import channel_label
from assistant.models.offline.compose.figures import amount, read_days
from assistant.models.offline.compose.intake_reading import phrase_of
from assistant.models.offline.compose.language import language_of
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.revision import Change, Fields, Revision, unique_id
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import bare, clip, closed
from knowledge.artifacts.statistics import detectable_effect, sample_size_per_variant
from knowledge.experiments.fitting import Frame
from knowledge.json_values import as_list, as_object

#: stands in for today's rate while nobody has given it; always with a note
WORKING_RATE = 0.03
#: the effect looked for unless the traffic asks for a larger one: smaller ones take most campaigns too long
USUAL_EFFECT = 0.2
USUAL_DAYS = 28
LEAST_DAYS = 3
ALPHA, POWER = 0.05, 0.8
#: how much work a variant is on a channel, 10 is least
_EASE = {"email": 9, "google_search": 8, "meta": 7, "linkedin": 6, "landing_page": 5, "blog": 4, "tiktok": 3}


def build_experiments(sources: Sources, frame: Frame) -> Composed:
    """``data["specs"]``: as many specs as fit; of the strategy's channels the largest come first."""
    pen = Pen(language_of(sources), sources.client.id, {})
    metric = _metric(frame)
    concepts = [as_object(item) for item in as_list(frame.strategy.get("concepts"))]
    control = next((item for item in concepts if item.get("angleType") == "offer"), concepts[0] if concepts else {})
    challengers = [item for item in concepts if item is not control] or [control]
    plans = _plans(challengers, frame)
    taken = set(frame.taken)
    specs = [
        _spec(sources, frame, pen, metric, control, concept, channel, budget, taken)
        for (concept, channel), budget in zip(plans, _budgets([channel for _, channel in plans], frame), strict=True)
    ]
    return Composed({"specs": specs}, notes=_notes(frame, metric, specs, pen))


def revise_experiment(sources: Sources) -> Composed:
    """One spec, changed as its reviewer asks."""
    requests = read_requests(sources.note, sources.open_comments)
    revision = Revision(copy.deepcopy(sources.previous or {}), _fields())
    revision.carry_out(requests)
    return Composed(revision.data, revision.answered, revision.unanswered)


def _plans(challengers: Sequence[Document], frame: Frame) -> list[tuple[Document, str]]:
    """Which concept is tried on which channel: each channel once before any comes again, no pair twice."""
    channels = frame.channels or ["landing_page"]
    pairs = [
        (challengers[(place + turn) % len(challengers)], channel)
        for turn in range(len(challengers))
        for place, channel in enumerate(channels)
    ]
    return pairs[: frame.most]


def _budgets(channels: Sequence[str], frame: Frame) -> list[str | None]:
    """The budget parted by the channels' shares, in whole cents, never more than there is."""
    if frame.budget is None or not channels:
        return [None] * len(channels)
    entries = [as_object(item) for item in as_list(frame.strategy.get("channels"))]
    shares = {str(item.get("channel")): Decimal(str(item.get("budgetShare") or 0)) for item in entries}
    weights = [shares.get(channel) or Decimal("0.1") for channel in channels]
    total = sum(weights)
    cents = Decimal("0.01")
    return [str((frame.budget * weight / total).quantize(cents, ROUND_DOWN)) for weight in weights]


def _metric(frame: Frame) -> Document:
    """The rate that decides: the primary metric when it is one, else the first that is to rise."""
    metrics = [as_object(item) for item in as_list(frame.metrics.get("metrics"))]
    primary = next((item for item in metrics if item.get("id") == frame.metrics.get("primaryMetricId")), Document())
    rates = [item for item in metrics if item.get("denominator") and item.get("direction") != "down"]
    return primary if primary in rates else [*rates, primary, *metrics, Document()][0]


def _spec(
    sources: Sources, frame: Frame, pen: Pen, metric: Document, control: Document, concept: Document, channel: str,
    budget: str | None, taken: set[str],
) -> Document:  # fmt: skip
    rate = frame.baseline_of(str(metric.get("id"))) or WORKING_RATE
    effect, days = _reach(frame, rate)
    name = phrase_of(metric.get("name"))
    guards = [one for one in as_list(frame.metrics.get("guardrailMetricIds")) if one != metric.get("id")]
    needed = sample_size_per_variant(rate, effect, ALPHA, POWER)
    evidence = as_list(concept.get("evidence"))
    return {
        "id": unique_id(f"{channel} {concept.get('angleType') or 'message'}", taken),
        "name": clip(f"{channel_label(channel)}: {phrase_of(concept.get('name')) or name}", 200),
        "hypothesis": {
            "because": _reason(sources, concept, pen),
            "weBelieve": pen.first("experiments.believe", x=_promise(concept, frame)),
            "will": pen.first("experiments.will", metric=name, effect=f"{effect * 100:g}"),
            "measuredBy": f"{name}: {phrase_of(metric.get('definition'))}" if metric.get("definition") else name,
        },
        "icpId": concept.get("icpId") or _first_id(frame.canon.get("icps"), "id"),
        "funnelStageId": concept.get("funnelStageId") or _first_id(frame.metrics.get("funnel"), "stageId"),
        "channel": channel,
        "variants": _variants(control, concept, frame, pen),
        "primaryMetricId": metric.get("id"),
        "guardrailMetricIds": guards,
        "baselineRate": rate,
        "minimumDetectableEffect": effect,
        "alpha": ALPHA,
        "power": POWER,
        "maxDurationDays": days,
        "budget": budget,
        "currency": as_object(frame.strategy.get("goal")).get("currency") if budget is not None else None,
        "stoppingRule": _stopping(frame, guards, needed, days, pen),
        "priority": {
            "impact": max(1, min(10, round(10 * _share(frame, channel)))) if concept else 1,
            "confidence": min(9, 3 + 2 * len(evidence)),
            "ease": _EASE.get(channel, 5),
        },
    }


def _reach(frame: Frame, rate: float) -> tuple[float, int]:
    """The effect to look for and the days it takes: longer first, then a larger effect, until the traffic is enough."""
    wanted = frame.constraints.minimum_detectable_effect or min(USUAL_EFFECT, 0.9 * (1 / rate - 1))
    users = frame.constraints.users_per_day
    most = max(LEAST_DAYS, min(frame.days, 365))
    if users is None:
        return wanted, min(USUAL_DAYS, most)
    needed = 2 * sample_size_per_variant(rate, wanted, ALPHA, POWER)
    days = max(LEAST_DAYS, min(most, math.ceil(needed / users)))
    if needed <= users * days:
        return wanted, days
    seen = detectable_effect(rate, max(1, users * days // 2), ALPHA, POWER)
    return min(math.ceil(seen * 100) / 100, 0.99 * (1 / rate - 1)), days


def _variants(control: Document, concept: Document, frame: Frame, pen: Pen) -> list[Document]:
    today, new = _promise(control, frame), _promise(concept, frame)
    return [
        {
            "id": "control",
            "name": pen.word("experiments.control"),
            "isControl": True,
            "conceptId": control.get("id"),
            "angleType": control.get("angleType") or "offer",
            "change": pen.first("experiments.control-change", x=bare(today)),
        },
        {
            "id": "variant-a",
            "name": clip(phrase_of(concept.get("name")) or pen.word("experiments.variant"), 200),
            "isControl": False,
            "conceptId": concept.get("id"),
            "angleType": concept.get("angleType") or "message",
            "change": pen.first("experiments.variant-change", x=bare(new)),
        },
    ]


def _promise(concept: Document, frame: Frame) -> str:
    messaging = as_object(frame.strategy.get("messaging"))
    return closed(phrase_of(concept.get("promise")) or phrase_of(messaging.get("promise")) or "—")


def _reason(sources: Sources, concept: Document, pen: Pen) -> str:
    """The customer's words that the concept rests on, or that it has not been tried."""
    said = {quote.id: quote.text for quote in sources.voc}
    quoted = next((said[one] for one in as_list(concept.get("evidence")) if one in said), "")
    if quoted:
        return pen.first("experiments.because-said", x=quoted)
    return pen.first("experiments.because-untried", x=bare(phrase_of(concept.get("name")) or "—"))


def _stopping(frame: Frame, guards: Sequence[str], needed: int, days: int, pen: Pen) -> str:
    metrics = {str(as_object(item).get("id")): as_object(item) for item in as_list(frame.metrics.get("metrics"))}
    names = [phrase_of(metrics[name].get("name")) for name in guards if name in metrics]
    ends = pen.first("experiments.stop", n=f"{needed:,}" if pen.language == "en" else str(needed), days=str(days))
    return " ".join(filter(None, [ends, pen.first("experiments.stop-guard", x=", ".join(names))]))


def _share(frame: Frame, channel: str) -> float:
    entries = [as_object(item) for item in as_list(frame.strategy.get("channels"))]
    return next((float(item.get("budgetShare") or 0) for item in entries if item.get("channel") == channel), 0.1)


def _first_id(items: object, key: str) -> str:
    return next((str(as_object(item).get(key)) for item in as_list(items)), "—")


def _notes(frame: Frame, metric: Document, specs: Sequence[Document], pen: Pen) -> list[str]:
    found: list[str] = []
    if len(specs) < frame.most:
        found.append(pen.first("experiments.fewer", n=str(len(specs))))
    if frame.constraints.team_capacity:
        found.append(pen.first("experiments.capacity", x=bare(frame.constraints.team_capacity)))
    wanted = frame.constraints.minimum_detectable_effect or USUAL_EFFECT
    larger = next((one for one in specs if one["minimumDetectableEffect"] > wanted + 1e-9), None)
    if larger is not None:
        effect = f"{larger['minimumDetectableEffect'] * 100:g}"
        found.append(pen.first("experiments.larger", effect=effect, metric=phrase_of(metric.get("name"))))
    return found


# ---------------------------------------------------------------- changes

_FIGURES = (
    ("minimumDetectableEffect", re.compile(r"effect|\bmde\b|uplift|\blift\b|effekt|efecto|efeito", re.I), True),
    ("baselineRate", re.compile(r"baseline|rate today|today's rate|ausgangs\w*|tasa|taxa", re.I), True),
    ("power", re.compile(r"\bpower\b|teststärke|potencia|potência", re.I), True),
    ("alpha", re.compile(r"\balpha\b|significance|signifikanz|significa", re.I), True),
    ("budget", re.compile(r"budget|presupuesto|orçamento|spend", re.I), False),
)


def _fields() -> Fields:
    special: dict[str, Change] = dict.fromkeys(("replace", "unknown", "shorten", "add", "remove"), _set_figure)
    return Fields(texts={"name": "name", "rule": "stoppingRule"}, special=special)


def _set_figure(revision: Revision, request: Request) -> bool:
    """ "Look for a 30 % effect and end after 14 days": each figure that the words name."""
    done = [_set_one(revision, part) for part in _PARTS.split(request.text)]  # all of them, not only the first
    return any(done)


_PARTS = re.compile(r"[;,]\s|\s(?:and|und|sowie|y|e)\s", re.I)


def _set_one(revision: Revision, text: str) -> bool:
    days = read_days(text)
    if days is not None:
        revision.data["maxDurationDays"] = max(LEAST_DAYS, min(365, days))
        revision.answered.append(f"It now ends after {revision.data['maxDurationDays']} days at the latest.")
        return True
    for key, pattern, share in _FIGURES:
        figure = amount(text) if pattern.search(text) else None
        if figure is not None:
            value = figure / 100 if share and ("%" in text or figure > 1) else figure
            revision.data[key] = value if share else f"{value:.2f}"
            revision.answered.append(f"Set {_SPOKEN[key]} to {f'{value:.4g}' if share else f'{value:g}'}.")
            return True
    return False


_SPOKEN = {"minimumDetectableEffect": "the effect looked for", "baselineRate": "today's rate", "power": "the power",
           "alpha": "alpha", "budget": "the budget"}  # fmt: skip
