"""The planner's own plan without a model: documents to order, and an intake by conversation, one question at a time."""

from typing import Any

from assistant.agents.handing_in import document, sources_of
from assistant.models.offline.compose import build_canon, build_metric_schema, build_strategy
from assistant.models.offline.compose.intent import read_intent
from assistant.models.offline.talk import HandTo, Move, Say, Talk, Use
from assistant.models.order import Order
from knowledge.artifacts.intake_form import FIELDS

_BUILDERS = {
    "build_canon": build_canon,
    "build_metric_schema": build_metric_schema,
    "build_strategy": build_strategy,
}
_LISTS = {field.path for field in FIELDS.values() if field.kind in ("list", "multichoice")}
#: the person wants something else than to go on with the questions
_ELSEWHERE = {
    "create_client", "choose_client", "create_campaign", "onboard", "strategy", "write_article", "write_email",
    "budget", "runs", "inbox", "help", "show", "approve",
}  # fmt: skip
_DONE = {"stop", "later", "enough", "pause", "done", "später", "genug", "fertig", "luego", "basta", "depois", "chega"}


def plan(talk: Talk) -> Move:
    if talk.order is not None:
        return _work(talk.order)
    if talk.context.get("client") is None:
        return HandTo("cmo")
    if not talk.handed_over and (read_intent(talk.said).kind in _ELSEWHERE or talk.said.strip().lower() in _DONE):
        return HandTo("cmo")
    return _ask(talk)


def _work(order: Order) -> Move:
    return document(_BUILDERS[order.task](sources_of(order)))


def _ask(talk: Talk) -> Move:
    """Look what is missing; keep the answer to the question asked last; ask the next."""
    kept = talk.result("fill_intake")
    if kept is not None:
        if kept.data is None:
            return Say(f"I could not keep that: {kept.text}")
        return _next_question(kept.data, "Noted. ")
    intake = talk.result("get_intake")
    if intake is None:
        return Use("get_intake")
    if intake.data is None:
        return Say(intake.text)
    asked = _asked_last(talk, intake.data)
    if asked is not None:
        return Use("fill_intake", {"answers": [{"path": asked, "value": _value(asked, talk.said)}]})
    return _next_question(intake.data, "")


def _asked_last(talk: Talk, intake: dict[str, Any]) -> str | None:
    """The path of the question that the last message asked, if it is still open."""
    spoken = next((text for who, text in reversed(talk.before) if who == "assistant"), "")
    if talk.handed_over:
        return None
    return next((item["path"] for item in intake.get("missing", []) if _question(item) in spoken), None)


def _next_question(intake: dict[str, Any], opening: str) -> Say:
    missing = intake.get("missing", [])
    if not missing:
        errors = [f"- {finding['message']}" for finding in intake["findings"]["errors"]]
        if errors:
            return Say(opening + "Every required answer is there. These still need mending:\n\n" + "\n".join(errors))
        return Say(
            opening + "The intake has every required answer. Look it over and approve it (/intake), then /onboard."
        )
    left = len(missing)
    count = "One answer is" if left == 1 else f"{left} answers are"
    return Say(
        f"{opening}{_question(missing[0])}\n\n_{count} still missing. Say “later” to stop here; nothing is lost._"
    )


def _question(item: dict[str, Any]) -> str:
    help_text = f" {item['help']}" if item.get("help") else ""
    return f"**{item['label']}**{help_text}"


def _value(path: str, said: str) -> str | list[str]:
    if path not in _LISTS:
        return said.strip()
    parts = said.replace(";", "\n").splitlines() if ";" in said or "\n" in said else said.split(",")
    return [part.strip(" -•\t") for part in parts if part.strip(" -•\t")]
