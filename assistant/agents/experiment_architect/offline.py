"""The architect's own plan without a model: specs to order; in talk, start the design that was asked for."""

from typing import Any

from assistant.agents.handing_in import as_json, document, sources_of
from assistant.models.offline.compose.briefs import write_briefs
from assistant.models.offline.compose.experiments import build_experiments, revise_experiment
from assistant.models.offline.talk import HandTo, Move, Say, Talk, Use
from assistant.models.order import Order
from knowledge.experiments.fitting import Frame, read_frame
from knowledge.json_values import as_object


def plan(talk: Talk) -> Move:
    if talk.order is not None:
        return _work(talk.order)
    started = talk.result("start_run")
    if started is not None:
        return Say("The design has started; each spec comes here for your approval." if started.data else started.text)
    return Use("start_run", {"kind": "experiment_design"}) if talk.handed_over else HandTo("cmo")


def _work(order: Order) -> Move:
    sources = sources_of(order)
    if order.task == "revise_experiment":
        return document(revise_experiment(sources))
    if order.task == "write_briefs":
        return as_json(write_briefs(sources, as_object(order.sources.get("spec"))).data)
    made = build_experiments(sources, _frame(order))
    account: dict[str, Any] = {"answered": made.answered, "unanswered": made.unanswered, "notes": made.notes}
    return as_json({**made.data, **account})


def _frame(order: Order) -> Frame:
    given = order.sources
    documents = (as_object(given.get(name)) for name in ("strategy", "canon", "metric_schema"))
    return read_frame(as_object(given.get("frame")), *documents)
