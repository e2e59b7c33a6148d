"""/swipe, /voc, /import: the ads worth learning from, what customers said, and bringing either in."""

from assistant.commands.answer import Answer, Card, Next, literal
from assistant.commands.desk import Desk

HOW = (
    "Drop a file into the chat and I show you what is in it before anything comes in: an ad library (JSON, or the CSV of "
    "Meta's Ad Library), reviews (CSV), a call's transcript, a PDF or Word document, a text. "
    "For a page of the web: `/import https://…`."
)


async def swipe(desk: Desk, words: str) -> Answer:
    """The gallery: searched by ``words``, or all of it."""
    client = await desk.client()
    props = {"query": words, "clientId": str(client.id), "clientName": client.name} if client else {"query": words}
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
    """How to import."""
    return Answer(HOW, (), (Next("Show the swipe library", "/swipe"),))
