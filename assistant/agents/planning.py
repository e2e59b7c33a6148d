"""Plans of work without a model: any agent that is asked gathers, plans and carries out the same way."""

from collections.abc import Callable

from assistant.agents.handing_in import as_json, document, sources_of
from assistant.models.offline.compose.plans import do_step, gather_context, write_plan
from assistant.models.offline.talk import Move, Say, Talk
from assistant.models.order import Order
from knowledge.json_values import as_list, as_object

TASKS = frozenset({"gather_context", "write_plan", "do_plan_step"})


def takes_plans(plan: Callable[[Talk], Move]) -> Callable[[Talk], Move]:
    """An agent's own plan, and the three tasks of any piece of planned work."""

    def wider(talk: Talk) -> Move:
        if talk.order is not None and talk.order.task in TASKS:
            return _work(talk.order)
        return plan(talk)

    return wider


def _work(order: Order) -> Move:
    sources, given = sources_of(order), order.sources
    task = str(given.get("task") or "")
    if order.task == "gather_context":
        return as_json(gather_context(sources, task))
    if order.task == "write_plan":
        return document(write_plan(sources, task, as_list(given.get("found")), as_list(given.get("missing"))))
    before = {str(one.get("title")): str(one.get("text")) for one in map(as_object, as_list(given.get("before")))}
    return Say(do_step(sources, task, as_object(given.get("step")), before))
