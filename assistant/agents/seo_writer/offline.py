"""The SEO writer's own plan without a model: outline and sections to order; in talk, start the article."""

import re

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
from assistant.models.offline.compose.intent import read_intent
from assistant.models.offline.talk import Move, Say, Talk, Use
from assistant.models.order import Order

#: what a run takes
MOST_URLS, LONGEST_TOPIC = 20, 400
_ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]+[^\s<>\"“”«».,;:!?)]", re.IGNORECASE)


def plan(talk: Talk) -> Move:
    if talk.order is not None:
        return _work(talk.order)
    wanted = read_intent(talk.said)
    if wanted.kind == "research":
        return _research(talk, wanted.args["topic"])
    return piece_talk(talk, "seo_write", "write_article", "article")


def _research(talk: Talk, said: str) -> Move:
    """Start it, with the addresses that the person wrote."""
    started = talk.result("start_run")
    if started is not None:
        return Say("I have started the research. Its card shows how far it is." if started.data else started.text)
    topic = " ".join(_ADDRESS.sub(" ", said).split())
    if not topic:
        return Say("Which topic shall I find out about?")
    urls = list(dict.fromkeys(_ADDRESS.findall(said)))[:MOST_URLS]
    return Use("start_run", {"kind": "seo_research", "topic": topic[:LONGEST_TOPIC], "urls": urls})


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
