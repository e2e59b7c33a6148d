"""What the offline writer has looked up in this turn, as sources to answer from."""

from typing import Any

from assistant.models.offline.compose.answers import asks_for_voices
from assistant.models.offline.compose.sources import ClientFacts, Sources, VocSnippet
from assistant.models.offline.talk import Move, Talk, Use
from knowledge.json_values import as_list, as_object

#: what a question about a client is answered from, in the order in which it is looked up
MOST_QUOTES = 60
_DOCUMENTS = ("client_canon", "strategy_sheet", "metric_schema")


def next_lookup(talk: Talk) -> Move | None:
    """The next thing to look up before answering about the client in view; None when all is there."""
    if talk.context.get("client") is None:
        return None
    if "get_intake" in talk.tools and talk.result("get_intake") is None:
        return Use("get_intake")
    read = {result.arguments.get("artifactId") for result in talk.results if result.tool == "get_artifact"}
    for document in talk.context.get("documents", []):
        if document["type"] in _DOCUMENTS and document["id"] not in read:
            return Use("get_artifact", {"artifactId": document["id"], "withData": True})
    if "search_voc" in talk.tools and talk.result("search_voc") is None:
        return Use(
            "search_voc", {"query": talk.said[:1_000] if asks_for_voices(talk.said) else "", "limit": MOST_QUOTES}
        )
    return None


def looked_up(talk: Talk) -> Sources:
    """Everything found so far; what was not found is absent, never guessed."""
    client = as_object(talk.context.get("client"))
    documents = {data["type"]: data.get("data") for data in _answers(talk, "get_artifact") if data.get("type")}
    intake = next((data.get("data") for data in _answers(talk, "get_intake")), None)
    quotes = next((as_list(data.get("items")) for data in _answers(talk, "search_voc")), list[Any]())
    return Sources(
        client=ClientFacts(id=str(client.get("id", "")), name=str(client.get("name", ""))),
        intake=intake,
        canon=documents.get("client_canon"),
        strategy=documents.get("strategy_sheet"),
        metric_schema=documents.get("metric_schema"),
        voc=[_quote(quote) for quote in quotes],
        brief=talk.said,
    )


def was_searched(talk: Talk) -> bool:
    """Whether the quotes that were looked up are those that answer the question, rather than the newest."""
    return any(result.arguments.get("query") for result in talk.results if result.tool == "search_voc")


def _answers(talk: Talk, tool: str) -> list[dict[str, Any]]:
    return [result.data for result in talk.results if result.tool == tool and result.data is not None]


def _quote(quote: dict[str, Any]) -> VocSnippet:
    rating = quote.get("rating")
    return VocSnippet(
        id=str(quote["id"]),
        kind=str(quote.get("kind") or "review"),
        text=str(quote["text"]),
        author=str(quote.get("author") or ""),
        rating=float(rating) if rating is not None else None,
        language=str(quote.get("language") or ""),
        themes=list(quote.get("themes") or []),
    )
