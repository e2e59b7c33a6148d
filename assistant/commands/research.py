"""/research: find out about a topic, on the pages of a search or on those whose addresses the person gives."""

import re

from assistant.commands.answer import Answer, Card, Next, literal
from assistant.commands.desk import Desk
from assistant.commands.work import start_work
from knowledge.research import queries

HOW = (
    "What shall I find out about? Say it after the command, with pages to open if you know some:\n\n"
    "`/research How to keep coffee fresh https://…`"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]+[^\s<>\"“”«».,;:!?)]", re.IGNORECASE)
#: of earlier research, as many are offered
MOST_SHOWN = 3


async def research(desk: Desk, words: str) -> Answer:
    """With a topic: start. Without: what was found out before."""
    client = await desk.need_client()
    urls = list(dict.fromkeys(_ADDRESS.findall(words)))
    topic = " ".join(_ADDRESS.sub(" ", words).split())
    if not topic:
        return await _earlier(desk, urls)
    session = await desk.session()
    campaign = {"campaignId": str(session.campaign_id)} if session.campaign_id else {}
    card = await start_work(desk, "seo_research", clientId=str(client.id), topic=topic, urls=urls, **campaign)
    return Answer(f"Finding out about “{literal(topic)}” for **{literal(client.name)}**. {_from(desk, urls)}", (card,))


def _from(desk: Desk, urls: list[str]) -> str:
    named = f"the {len(urls)} pages you named" if len(urls) > 1 else "the page you named"
    if desk.services.search.provider() is not None:
        return f"I search the web{f' and open {named}' if urls else ''}; only pages that were really opened count."
    if urls:
        return f"No web search is set up, so I open {named}."
    return (
        "No web search is set up (ADROOM_SEARCH) and no page was named, so this rests on the client's own material. "
        "Put addresses of competing pages behind the topic to have them read."
    )


async def _earlier(desk: Desk, urls: list[str]) -> Answer:
    client = await desk.need_client()
    if urls:
        return Answer("Which topic are these pages about? Put it before the addresses.")
    async with desk.services.db.org(desk.caller.org_id) as conn:
        filters = {"client_id": client.id, "before_at": None, "before_id": None, "limit": MOST_SHOWN}
        found = await queries.list_research(conn, filters)
    if not found:
        return Answer(HOW)
    cards = tuple(Card("ResearchCard", {"researchId": str(one.id)}) for one in found)
    return Answer(
        f"{HOW}\n\nFound out lately:",
        cards,
        (Next(f"Write about “{found[0].topic[:60]}”", f"/write {found[0].topic}"),),
    )
