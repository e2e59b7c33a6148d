"""What the database knows that the rules may hold a piece against: canon, intake, customers' words, research.

Only documents that were approved count; one that is flagged for review was. What is not there is left unknown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from knowledge.artifacts.queries import latest
from knowledge.assets.given_links import links_given
from knowledge.assets.models import Asset
from knowledge.checks import queries
from knowledge.checks.examine.links import host
from knowledge.checks.models import Facts, Piece, Term
from knowledge.checks.text.places import QUOTE_ID, quotations
from knowledge.clients.queries import get_client
from knowledge.db import Connection
from knowledge.ids import ID
from knowledge.json_values import as_list, as_object
from knowledge.research import service as research

_WEB = re.compile(r"https?://[^\s<>\"'“”)\]]+[^\s<>\"'“”)\].,;!?*]")
_VOICES = ("supportSnippets", "salesCallSnippets", "surveySnippets", "reviews")


@dataclass(frozen=True)
class Approved:
    canon: dict[str, Any] | None
    intake: dict[str, Any]


async def facts_of(conn: Connection, asset: Asset, piece: Piece) -> Facts:
    """For a stored piece: its client's, with the keyphrase it was written for and what research found."""
    facts = await facts_of_client(conn, asset.client_id, piece)
    facts.keyphrase = str(asset.seo.get("targetKeyword") or "") or None
    brief = await queries.run_input(conn, asset.run_id) if asset.run_id else {}
    if facts.opened_urls is not None:
        facts.opened_urls |= _addresses(brief) | links_given(asset)
    if found := await research.facts_for(conn, asset):
        facts.terms = [Term(text, weight) for text, weight, _ in found.terms if weight > 0]
        facts.facts = [fact for fact, _ in found.facts]
        facts.competitor_texts = list(found.competitor_texts.values())
    return facts


async def facts_of_client(conn: Connection, client_id: UUID, piece: Piece) -> Facts:
    """For anything written for a client."""
    client = await get_client(conn, client_id)
    known = await approved(conn, client_id)
    voice, goals = as_object(known.intake.get("voice")), as_object(known.intake.get("goals"))
    texts = list(strings_in(_claims_of(known)))
    quotes = await _quotes(conn, client_id, piece)
    website = (client.website or "") if client else ""
    return Facts(
        canon=known.canon,
        client_name=client.name if client else "",
        website=website,
        own_pages=_pages(known.canon) or None,
        opened_urls=await _opened(conn, client_id, piece, website) | _addresses([known.canon, known.intake]),
        quotes={**_canon_voices(known.canon), **quotes},
        bad_examples=[text for text in await queries.bad_examples(conn, client_id) if text.strip()],
        banned=[*_phrases(voice.get("bannedWords")), *_phrases(goals.get("forbiddenTopics"))],
        topics=_phrases(goals.get("regulatedClaims")),
        tone=str(voice.get("tone") or ""),
        known_texts=[*texts, *quotes.values()],
    )


async def approved(conn: Connection, client_id: UUID) -> Approved:
    canon = await latest(conn, client_id, "client_canon")
    intake = await latest(conn, client_id, "intake")
    there = [one if one and one.status in ("approved", "flagged_for_review") else None for one in (canon, intake)]
    return Approved(there[0].data if there[0] else None, there[1].data if there[1] else {})


async def _quotes(conn: Connection, client_id: UUID, piece: Piece) -> dict[str, str]:
    """Of the client's customers' words those that the piece names by id, and those in which its quotations stand."""
    text = piece.parts.get("body", "")
    named = [one for one in as_list(piece.content.get("quoteIds")) if isinstance(one, str)]
    named += [match[1] for match in QUOTE_ID.finditer(text)]
    ids = [UUID(one) for one in named if ID.fullmatch(one)]
    said = [" ".join(one.text.replace("’", "'").split()).rstrip(".,;") for one in quotations(text)]
    return await queries.quotes(conn, client_id, ids, said) if ids or said else {}


def _canon_voices(canon: dict[str, Any] | None) -> dict[str, str]:
    voices = as_object((canon or {}).get("voiceOfCustomer"))
    snippets = [as_object(one) for name in _VOICES for one in as_list(voices.get(name))]
    return {str(one["id"]): str(one.get("text") or "") for one in snippets if one.get("id")}


async def _opened(conn: Connection, client_id: UUID, piece: Piece, website: str) -> set[str]:
    """Addresses that research opened, and those of the piece that are the client's own: by its site map when that was
    read, else by its host."""
    listed = await queries.own_pages(
        conn, client_id, [one for url in piece.links for one in (url, url.rstrip("/"), f"{url}/")]
    )
    own = set(listed) if listed is not None else {url for url in piece.links if website and host(url) == host(website)}
    return await research.opened_urls(conn, client_id) | own


def _addresses(value: object) -> set[str]:
    """Every web address that somebody gave in a document or a brief."""
    return {url for text in strings_in(value) for url in _WEB.findall(text)}


def _pages(canon: dict[str, Any] | None) -> list[str]:
    offers = [as_object(offer) for offer in as_list((canon or {}).get("offers"))]
    pages = [as_object(page) for offer in offers for page in as_list(offer.get("funnelAssets"))]
    return [str(page["url"]) for page in pages if page.get("url")]


def _claims_of(known: Approved) -> list[object]:
    """Documents that carry claims; rules about wording carry none ("no claim of being the best" proves nothing)."""
    canon = {key: part for key, part in (known.canon or {}).items() if key != "constraints"}
    canon["brand"] = {key: part for key, part in as_object(canon.get("brand")).items() if key != "toneOfVoice"}
    intake = {key: part for key, part in known.intake.items() if key not in ("voice", "goals")}
    return [canon, intake]


def strings_in(node: object) -> Iterator[str]:
    """Every text inside a JSON value."""
    if isinstance(node, str):
        yield node
    for part in as_list(node):
        yield from strings_in(part)
    for part in as_object(node).values():
        yield from strings_in(part)


def _phrases(value: object) -> list[str]:
    """An answer as phrases: list items; of one text, its lines, or what its commas part."""
    given = [item for item in as_list(value) if isinstance(item, str)] or ([value] if isinstance(value, str) else [])
    parts = [part for text in given for line in text.splitlines() for part in line.split(",")]
    return [part.strip(' .;“”„"«»') for part in parts if part.strip(' .;“”„"«»')]
