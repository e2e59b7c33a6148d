"""The compliance critic's own plan without a model: what can be computed from the canon is computed."""

from assistant.agents.handing_in import as_json, sources_of
from assistant.models.offline.compose import Sources, review_compliance
from assistant.models.offline.talk import Move, Say, Talk

_HANDED_IN = ("score", "verdict", "checks")


def plan(talk: Talk) -> Move:
    if talk.order is not None and talk.order.task == "read_claims":
        return as_json({"claims": []})  # the rules have named what they see
    if talk.order is not None:
        found = review_compliance(sources_of(talk.order), str(talk.order.sources["text"]))
        return as_json({name: found[name] for name in _HANDED_IN})
    found = review_compliance(Sources(), talk.said)
    broken = [f"- {check['rule']}: {check['fix']}" for check in found["checks"] if not check["passed"]]
    return Say("\n".join(broken) if broken else "Nothing to object to, as far as rules go.")
