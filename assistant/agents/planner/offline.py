"""The planner's own plan without a model: documents to order, and an intake by conversation, one question at a time."""

from assistant.agents.handing_in import document, sources_of
from assistant.agents.intake_words import breaks_off, wants_intake
from assistant.agents.planner.intake_talk import ask
from assistant.models.offline.compose import build_canon, build_metric_schema, build_strategy
from assistant.models.offline.compose.intent import read_intent
from assistant.models.offline.talk import HandTo, Move, Talk
from assistant.models.order import Order

_BUILDERS = {
    "build_canon": build_canon,
    "build_metric_schema": build_metric_schema,
    "build_strategy": build_strategy,
}
#: the person wants something else than to go on with the questions
_ELSEWHERE = {
    "create_client", "choose_client", "create_campaign", "onboard", "strategy", "write_article", "write_email",
    "write_series", "research", "budget", "runs", "inbox", "help", "show", "approve", "newcomer",
}  # fmt: skip


def plan(talk: Talk) -> Move:
    if talk.order is not None:
        return _work(talk.order)
    if talk.context.get("client") is None:
        return HandTo("cmo")
    elsewhere = read_intent(talk.said).kind in _ELSEWHERE and not wants_intake(talk.said)
    if not talk.handed_over and (elsewhere or breaks_off(talk.said)):
        return HandTo("cmo")
    return ask(talk)


def _work(order: Order) -> Move:
    return document(_BUILDERS[order.task](sources_of(order)))
