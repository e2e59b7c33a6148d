"""The strategy sheet from canon, metric schema, goal and customers' words.

Figures come from the goal, the intake or the note; what nobody has said stays empty and is listed as an assumption.
"""

import copy

from assistant.models.offline.compose.change_requests import read_requests
from assistant.models.offline.compose.channels import approach, channel_plan
from assistant.models.offline.compose.figures import amount, read_budget, read_days, read_target
from assistant.models.offline.compose.intake_reading import IntakeView, phrase_of
from assistant.models.offline.compose.language import language_of
from assistant.models.offline.compose.material import Fact, Material, Quote, gather
from assistant.models.offline.compose.metric_schema import build_metric_schema, objective_of
from assistant.models.offline.compose.pairing import answer_to
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import SAME_ASPECT, SAME_FIRST, affinity, by_relevance, closest
from assistant.models.offline.compose.revision import Revision, unique_id
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.strategy_changes import strategy_fields
from assistant.models.offline.compose.wording import bare, capital, clip, closed, fold
from knowledge.json_values import as_list, as_object


def build_strategy(sources: Sources) -> Composed:
    """A ``strategy_sheet``. With a note or comments the previous version is revised, otherwise it is built anew."""
    language = language_of(sources)
    material = gather(sources, language)
    requests = read_requests(sources.note, sources.open_comments)
    data = copy.deepcopy(sources.previous) if sources.previous and requests else _built(sources, material)
    revision = Revision(data, strategy_fields(sources, language))
    revision.carry_out(requests)
    return Composed(revision.data, revision.answered, revision.unanswered, list(revision.data.get("assumptions", [])))


def _metrics(sources: Sources) -> Document:
    return (
        sources.metric_schema or build_metric_schema(sources.model_copy(update={"note": "", "open_comments": []})).data
    )


def _built(sources: Sources, material: Material) -> Document:
    view = material.view
    pen = Pen(material.language, sources.client.id + sources.goal, {"client": view.name or "—"}, material.forbidden)
    schema = _metrics(sources)
    primary = phrase_of(schema.get("primaryMetricId"))
    goal = _goal(sources, view, schema, primary)
    focus = _icp_focus(sources)
    picked = {
        role: by_relevance(material.of(role), sources.goal)
        for role in ("pain", "outcome", "strength", "objection", "offer")
    }
    quotes = by_relevance([quote for quote in material.quotes if quote.mood == "gain"], sources.goal)
    channels = channel_plan(sources, view, goal["objective"], primary, pen)
    return {
        "goal": goal,
        "icpFocus": focus,
        "positioning": _positioning(sources, picked, view, pen),
        "messaging": _messaging(picked, quotes, material, pen),
        "contentPillars": _content_pillars(picked, quotes, pen),
        "concepts": _concepts(picked, quotes, focus, schema, material, pen),
        "channels": channels,
        "platformStrategy": [approach(item["channel"], pen) for item in channels],
        "measurementPlan": _measurement(schema, primary, pen),
        "assumptions": _assumptions(sources, view, goal, pen, schema),
        "risks": _risks(material, picked, schema, pen),
    }


def _goal(sources: Sources, view: IntakeView, schema: Document, primary: str) -> Document:
    target = read_target(sources.goal)
    known = [item["id"] for item in as_list(schema.get("metrics"))]
    kpis = {item["metricId"]: item for item in as_list(schema.get("kpis"))}
    set_kpi = next((name for name, kpi in kpis.items() if kpi.get("target") is not None), primary)
    metric_id = target.metric_id if target.metric_id in known else set_kpi
    kpi = as_object(kpis.get(metric_id))
    figure = target.figure if target.metric_id == metric_id else None
    low, high = read_budget(sources.goal)
    if low is None and high is None:
        low, high = amount(view.budget[0]), amount(view.budget[1])
    return {
        "objective": objective_of(sources),
        "metricId": metric_id,
        "baseline": kpi.get("baseline"),
        "target": figure if figure is not None else kpi.get("target"),
        "timeframeDays": _days(sources, view) or DEFAULT_DAYS,
        "budgetMin": _money(low),
        "budgetMax": _money(high),
        "currency": (view.currency or None) if low is not None or high is not None else None,
    }


#: a quarter; used when nobody has named a timeframe, and then listed as an assumption
DEFAULT_DAYS = 90


def _days(sources: Sources, view: IntakeView) -> int | None:
    """The goal's timeframe, else the intake's duration, else the one inside a KPI target."""
    return read_days(sources.goal) or (view.weeks or 0) * 7 or read_days(" ".join(view.kpi_targets)) or None


def _money(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _icp_focus(sources: Sources) -> list[str]:
    icps = [as_object(item) for item in as_list((sources.canon or {}).get("icps"))]
    ranked = sorted(icps, key=lambda icp: -_mentions(sources.goal, phrase_of(icp.get("name"))))
    return [icp["id"] for icp in ranked[:2]]


def _mentions(goal: str, name: str) -> int:
    plain = fold(goal)
    return sum(fold(word)[:6] in plain for word in name.split() if len(word) > 3)


def _first(picked: dict[str, list[Fact]], role: str) -> str:
    return picked[role][0].text if picked[role] else ""


def _positioning(sources: Sources, picked: dict[str, list[Fact]], view: IntakeView, pen: Pen) -> str:
    icps = as_list((sources.canon or {}).get("icps"))
    audience = phrase_of(as_object(icps[0]).get("name")) if icps else next(iter(view.audience), "")
    parts = [
        pen.say(
            "strategy.positioning",
            audience=bare(audience),
            strength=_first(picked, "strength"),
        )
        or pen.say("strategy.positioning_plain", offer=_first(picked, "offer")),
        pen.say("strategy.positioning_against", competitors=", ".join(view.competitors[:3])),
    ]
    return " ".join(filter(None, parts)) or view.name or "—"


def _messaging(picked: dict[str, list[Fact]], quotes: list[Quote], material: Material, pen: Pen) -> Document:
    outcome = _first(picked, "outcome")
    # only a strength about the same thing may stand behind a promise; anything else would claim a cause
    behind = closest(outcome, picked["strength"], at_least=3.0) if outcome else None
    strength = behind.text if behind else ""
    promise = pen.say("strategy.promise_with", outcome=capital(outcome), strength=strength) or capital(
        outcome or _first(picked, "strength") or _first(picked, "offer") or material.view.name or "—"
    )
    pillars = [
        pen.say("strategy.pillar_pain", x=_first(picked, "pain")),
        *(pen.first("strategy.pillar_strength", x=fact.text) for fact in picked["strength"][:2]),
        *(pen.first("strategy.pillar_outcome", x=fact.text) for fact in picked["outcome"][1:2]),
        pen.say("strategy.pillar_objection", x=_first(picked, "objection")),
    ]
    proof = [{"claim": f"“{quote.text}”", "evidenceIds": [quote.id]} for quote in quotes[:4]]
    proof += [{"claim": capital(fact.text), "evidenceIds": [fact.origin]} for fact in material.of("proof")[:3]]
    return {"promise": closed(promise), "pillars": list(filter(None, pillars)), "proof": proof}


def _content_pillars(picked: dict[str, list[Fact]], quotes: list[Quote], pen: Pen) -> list[Document]:
    subjects = {
        "pain": _first(picked, "pain"), "choice": _first(picked, "objection"),
        "proof": pen.word(f"value.{quotes[0].theme}") if quotes and quotes[0].theme != "general" else "",
        "how": _first(picked, "offer"),
    }  # fmt: skip
    found: list[Document] = []
    for key, subject in subjects.items():
        pair = pen.pair(f"strategy.content_{key}", x=subject)
        if subject and pair:
            found.append({"name": pair[0], "description": pair[1]})
    return found


def _concepts(
    picked: dict[str, list[Fact]], quotes: list[Quote], focus: list[str], schema: Document, material: Material, pen: Pen
) -> list[Document]:
    stages = [item["stageId"] for item in as_list(schema.get("funnel"))]
    if not focus or not stages:
        return []
    taken: set[str] = set()

    def concept(angle: str, x: str, promise: str, evidence: list[str], place: int) -> Document:
        name = clip(pen.first(f"strategy.concept_{angle}", x=x) or capital(x), 200)
        icp = focus[min(place, len(focus) - 1)]
        stage = stages[min(place, len(stages) - 1)]
        return {"id": unique_id(f"{angle} {x}", taken), "name": name, "icpId": icp, "funnelStageId": stage,
                "angleType": angle, "promise": promise, "evidence": evidence}  # fmt: skip

    found: list[Document] = []
    for angle, place in (("pain", 0), ("outcome", 1), ("objection", 1), ("offer", 2)):
        if picked[angle]:
            fact = picked[angle][0]
            shown = fact.text.split(":", 1)[0] if angle == "offer" else fact.text
            promise, behind = _kept_promise(angle, fact, material, pen)
            found.append(concept(angle, shown, promise, [*_evidence(fact, quotes)[:2], *behind], place))
    if quotes:
        said = quotes[0]
        who = said.author or pen.word(f"who.{said.kind if said.kind in _SPEAKERS else 'review'}")
        found.append(concept("proof", who, f"“{said.text}”", [said.id], 2))
    return found


_SPEAKERS = frozenset({"support", "survey", "sales_call"})


def _kept_promise(angle: str, fact: Fact, material: Material, pen: Pen) -> tuple[str, list[str]]:
    """What a concept promises, with the place of the fact that stands behind it when one answers the problem."""
    answer = answer_to(fact, material) if angle in {"pain", "objection"} else None
    if answer is not None:
        return closed(answer.text), [answer.origin]
    patterns = pen.fill(f"strategy.promise_{angle}", x=fact.text)
    return closed(patterns[0] if patterns else fact.text), []


def _evidence(fact: Fact, quotes: list[Quote]) -> list[str]:
    return [
        fact.origin,
        *(quote.id for quote in quotes if affinity(quote.about, fact.text) >= SAME_ASPECT + SAME_FIRST),
    ][:3]


def _measurement(schema: Document, primary: str, pen: Pen) -> str:
    metrics = {item["id"]: item for item in as_list(schema.get("metrics"))}
    names = {item["id"]: item["name"] for item in as_list(schema.get("dataSources"))}
    chosen = as_object(metrics.get(primary))
    guards = [metrics[name]["name"] for name in as_list(schema.get("guardrailMetricIds")) if name in metrics]
    gaps = [phrase_of(as_object(gap).get("what")) for gap in as_list(schema.get("gaps"))][:2]
    parts = [
        pen.say("strategy.measure", metric=phrase_of(chosen.get("name")), source=names.get(chosen.get("source"), "—")),
        pen.say("strategy.measure_guard", guardrails=", ".join(guards)),
        pen.say("strategy.measure_gap", gaps=" ".join(gaps)),
    ]
    return " ".join(filter(None, parts)) or phrase_of(chosen.get("name"))


def _assumptions(sources: Sources, view: IntakeView, goal: Document, pen: Pen, schema: Document) -> list[str]:
    names = {item["id"]: item["name"] for item in as_list(schema.get("metrics"))}
    found = [pen.say("strategy.assume_share")]
    if _days(sources, view) is None:
        found.append(pen.say("strategy.assume_time", days=str(DEFAULT_DAYS)))
    if goal["budgetMin"] is None and goal["budgetMax"] is None:
        found.append(pen.say("strategy.assume_budget"))
    if goal["target"] is None:
        found.append(pen.say("strategy.assume_target", metric=names.get(goal["metricId"], goal["metricId"])))
    return [*found, pen.say("strategy.assume_icp")]


def _risks(material: Material, picked: dict[str, list[Fact]], schema: Document, pen: Pen) -> list[str]:
    gaps = [phrase_of(as_object(gap).get("what")) for gap in as_list(schema.get("gaps"))]
    found = [
        pen.say("strategy.risk_claims", claims=", ".join(material.view.regulated_claims)),
        pen.say("strategy.risk_objection", x=_first(picked, "objection")),
        pen.say("strategy.risk_measure", x=gaps[-1] if gaps else ""),
        pen.say("strategy.risk_proof") if len(material.quotes) < 3 else "",
        Pen(material.language, "", {}).say("strategy.risk_banned", words=", ".join(material.view.banned_words)),
    ]
    return list(filter(None, found))
