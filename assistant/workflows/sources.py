"""What a piece of work may draw on: the client's approved documents, customers' words, swipes, and the last version.

Reads only; the result is what is put to a model, fenced as data. Sizes are bounded so that a prompt stays a prompt.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from assistant.models.offline.compose.sources import ClientFacts, Sources, Swipe, VocSnippet
from knowledge.artifacts import queries as artifacts
from knowledge.artifacts.models import Artifact, Source
from knowledge.artifacts.registry import SPECS, ArtifactType
from knowledge.clients import service as clients
from knowledge.comments import queries as comments
from knowledge.comments.models import Comment
from knowledge.db import Connection
from knowledge.embeddings.models import QueryVector
from knowledge.ids import ID
from knowledge.swipes.library import look
from knowledge.swipes.models import Wanted as WantedAds
from knowledge.swipes.queries import links as links_of
from knowledge.swipes.queries import list_client_swipes
from knowledge.voc.listening import listen
from knowledge.voc.models import Quote, Wanted
from knowledge.voc.queries import page, quotes

MOST_QUOTES = 80
MOST_SWIPES = 20
#: of the quotes, as many are those that a search finds for the work
MOST_FOUND = 40
#: characters of a brief that are searched for
LONGEST = 1_000
MOST_LOOKED_AT = 500


@dataclass(frozen=True)
class Material:
    """``sources`` for the writer; the rest says where they came from and which comments they answer."""

    sources: Sources
    built_from: dict[str, Source]
    previous: Artifact | None
    comments: list[Comment] = field(default_factory=list[Comment])


async def read_material(
    conn: Connection,
    *,
    client_id: UUID,
    campaign_id: UUID | None,
    type: ArtifactType | None = None,
    key: str = "",
    goal: str = "",
    brief: str = "",
    language: str = "",
    vector: QueryVector | None = None,
    cited: Collection[str] = (),
) -> Material:
    """``type`` and ``key``: the document to be written, whose last version, notes and open comments are to be answered.

    Quotes and swipes come in this order: those that ``cited`` and, for a piece, the approved documents name by id;
    those that a search finds for the brief (``vector``: the brief as the embedding model sees it); the others.
    """
    approved = await _approved(conn, client_id, campaign_id)
    previous = await artifacts.latest(conn, client_id, type, _scope(type, campaign_id), key) if type else None
    remarks = [c for c in await comments.of_document(conn, previous.id) if not c.resolved_at] if previous else []
    # a document is written from the same again as long as nothing has changed, whatever its last version cites
    named = [*cited, *(ids_in([_data(one) for one in approved.values()]) if type is None else [])]
    sources = Sources(
        client=await _client(conn, client_id),
        intake=_data(approved.get("intake")),
        canon=_data(approved.get("client_canon")),
        metric_schema=_data(approved.get("metric_schema")),
        strategy=_data(approved.get("strategy_sheet")),
        voc=await _quotes(conn, client_id, named, brief, vector),
        swipes=await _swipes(conn, client_id, named, brief, vector),
        goal=goal,
        brief=brief,
        note=_open_note(previous),
        open_comments=[comment.body for comment in remarks],
        previous=_data(previous),
        language=language,
    )
    return Material(sources, {name: found.source for name, found in approved.items()}, previous, remarks)


def _scope(type: ArtifactType, campaign_id: UUID | None) -> UUID | None:
    return None if SPECS[type].scope == "client" else campaign_id


async def _approved(conn: Connection, client_id: UUID, campaign_id: UUID | None) -> dict[str, Artifact]:
    heads = await artifacts.heads(conn, client_id)
    mine = [head for head in heads if head.campaign_id is None or head.campaign_id == campaign_id]
    return {head.type: head for head in mine if head.status == "approved"}


async def _client(conn: Connection, client_id: UUID) -> ClientFacts:
    client = await clients.get_client(conn, client_id)
    return ClientFacts(
        id=str(client.id),
        name=client.name,
        industry=client.industry or "",
        website=client.website or "",
        markets=client.primary_markets,
        languages=client.primary_languages,
    )


def ids_in(value: object) -> list[str]:
    """Every id that documents name, in their order: of quotes, swipes, pieces; once each."""
    found: dict[str, None] = {}
    _collect(value, found)
    return list(found)


def _collect(value: object, found: dict[str, None]) -> None:
    if isinstance(value, dict):
        for inner in cast("dict[str, object]", value).values():
            _collect(inner, found)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            _collect(inner, found)
    elif isinstance(value, str) and ID.fullmatch(value):
        found[value] = None


async def _quotes(
    conn: Connection, client_id: UUID, named: list[str], brief: str, vector: QueryVector | None
) -> list[VocSnippet]:
    wanted = Wanted(client_id)
    chosen = [one for one in await quotes(conn, [UUID(id) for id in named]) if one.client_id == client_id]
    if brief:
        chosen += (await listen(conn, words=brief[:LONGEST], vector=vector, wanted=wanted, limit=MOST_FOUND)).quotes
    if len(chosen) < MOST_QUOTES:
        chosen += await page(conn, wanted, MOST_QUOTES, 0)
    return [_quote(one) for one in list({one.id: one for one in chosen}.values())[:MOST_QUOTES]]


def _quote(quote: Quote) -> VocSnippet:
    return VocSnippet(
        id=str(quote.id),
        kind=quote.kind,
        text=quote.text[:2000],
        author=quote.author or "",
        rating=float(quote.rating) if quote.rating is not None else None,
        language=quote.language or "",
        themes=quote.themes,
    )


async def _swipes(
    conn: Connection, client_id: UUID, named: list[str], brief: str, vector: QueryVector | None
) -> list[Swipe]:
    """The client's examples, by the ids that documents cite (client_swipe_assets.id)."""
    mine = await list_client_swipes(conn, client_id, MOST_LOOKED_AT)
    order = {id: place for place, id in enumerate(named)}
    if brief and len(mine) > MOST_SWIPES:
        wanted = WantedAds(client_id=client_id)
        ads = (await look(conn, words=brief[:LONGEST], vector=vector, wanted=wanted, limit=MOST_SWIPES)).ads
        links = await links_of(conn, [ad.id for ad in ads])
        order |= {str(link.id): len(order) for link in links if str(link.id) not in order}
    mine.sort(key=lambda swipe: order.get(str(swipe.id), len(order)))
    return [
        Swipe(
            id=str(swipe.id),
            title=swipe.title or "",
            body=(swipe.body or "")[:2000],
            cta=swipe.cta or "",
            format=swipe.format or "",
            is_good=swipe.is_good_example,
            is_bad=swipe.is_bad_example,
            notes=swipe.notes or "",
        )
        for swipe in mine[:MOST_SWIPES]
    ]


def _open_note(previous: Artifact | None) -> str:
    """What reviewers asked for on this very version; an approved one has nothing left to answer."""
    if previous is None or previous.status == "approved":
        return ""
    return "\n".join(note.text for note in previous.notes if note.kind in ("changes_requested", "rejected"))


def _data(artifact: Artifact | None) -> dict[str, Any] | None:
    return artifact.data if artifact else None
