"""The SEO writer's own plan without a model: outline and sections to order; in talk, start the article."""

from assistant.agents.handing_in import as_json, sources_of
from assistant.agents.pieces_talk import piece_talk
from assistant.models.offline.compose import (
    describe_page,
    outline_article,
    outline_landing_page,
    propose_research,
    write_section,
)
from assistant.models.offline.compose.improve import improve_text
from assistant.models.offline.talk import Move, Say, Talk
from assistant.models.order import Order


def plan(talk: Talk) -> Move:
    if talk.order is not None:
        return _work(talk.order)
    return piece_talk(talk, "seo_write", "write_article", "article")


def _work(order: Order) -> Move:
    if order.task == "describe_page":
        return as_json(describe_page(order.sources["outline"], str(order.sources["text"])))
    if order.task == "improve_text":
        return as_json(improve_text(order.sources))
    sources = sources_of(order)
    if order.task == "outline_article":
        return as_json(outline_article(sources).data)
    if order.task == "research_topic":
        return as_json(propose_research(sources, order.sources["found"]))
    if order.task == "outline_landing_page":
        return as_json(outline_landing_page(sources).data)
    section = write_section(sources, order.sources["outline"], int(order.sources["index"]))
    return Say(str(section.data["markdown"]))
