"""/swipe, /voc, /import: the ads worth learning from, what customers said, and bringing either in."""

from assistant.commands.answer import Answer, Card, Next, literal
from assistant.commands.desk import Desk
from knowledge.swipes import queries
from knowledge.swipes.models import Wanted
from tools.call import check_scope
from tools.imports.pages import open_page

HOW = (
    "Drop a file here, or anywhere into the chat when it has less than 20 MB, and I show you what is in it before anything "
    "comes in. A page of the web: `/import https://…`."
)


async def swipe(desk: Desk, words: str) -> Answer:
    """The gallery: searched by ``words``, or all of it."""
    client = await desk.client()
    props: dict[str, object] = {"query": words}
    if client:
        props |= {"clientId": str(client.id), "clientName": client.name, "mine": await _only_own(desk)}
    told = f"Ads for “{literal(words)}”." if words else "The swipe library."
    return Answer(told, (Card("SwipeGallery", props),))


async def voc(desk: Desk, words: str) -> Answer:
    """What the chosen client's customers said, about ``words`` or at all."""
    client = await desk.need_client()
    told = (
        f"What customers of **{literal(client.name)}** say about “{literal(words)}”."
        if words
        else (f"What customers of **{literal(client.name)}** say.")
    )
    props = {"query": words, "clientId": str(client.id), "clientName": client.name}
    return Answer(told, (Card("VocQuotes", props),))


async def bring_in(desk: Desk, words: str) -> Answer:
    """How to import; or the page whose address ``words`` is, for the chosen client."""
    if words.lower().startswith(("http://", "https://")):
        client = await desk.need_client()
        check_scope(desk.caller, "imports:write")
        view = await open_page(desk.context, words, client_id=client.id)
        told = f"The page, as it would be kept for **{literal(client.name)}**; nothing has come in yet."
        return Answer(told, (Card("ImportCard", {"importId": str(view.id)}),))
    client = await desk.client()
    props = {"clientId": str(client.id), "clientName": client.name} if client else {}
    return Answer(HOW, (Card("ImportDrop", props),), (Next("Show the swipe library", "/swipe"),))


async def _only_own(desk: Desk) -> bool:
    """Whether there are no ads but the clients' own: then those are what there is to see."""
    async with desk.services.db.org(desk.caller.org_id) as conn:
        return await queries.total(conn, Wanted()) == 0
