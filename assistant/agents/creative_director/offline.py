"""The creative director's own plan without a model: variants to order; in talk, start the production that was asked for."""

from assistant.agents.handing_in import as_json, sources_of
from assistant.models.offline.compose.variants import change_variant, write_variants
from assistant.models.offline.talk import HandTo, Move, Say, Talk, Use
from knowledge.json_values import as_object


def plan(talk: Talk) -> Move:
    if talk.order is not None:
        given, sources = talk.order.sources, sources_of(talk.order)
        if sources.previous and sources.note:
            return as_json(change_variant(sources))
        return as_json(write_variants(sources, as_object(given.get("asset_brief")), int(given["count"])))
    started = talk.result("start_run")
    if started is not None:
        return Say("The variants are being made; each comes here to be decided on." if started.data else started.text)
    return Use("start_run", {"kind": "creative_production"}) if talk.handed_over else HandTo("cmo")
