"""Reads what may carry a piece's claims: the approved canon and intake, customers' words, brought documents, opened pages.

What always holds: only this client's (row-level security keeps the organisation, the queries the client); evidence that
somebody names is looked up and has to hold its quote word for word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from knowledge.assets.models import Asset
from knowledge.claims import queries
from knowledge.claims import shelf as shelves
from knowledge.claims.matching import OpenedPage, Shelf, judge
from knowledge.claims.models import About, EvidenceKind, Found, Passage, Verdict
from knowledge.claims.quotations import stands_in
from knowledge.claims.wording import flat, stems
from knowledge.clients import service as clients
from knowledge.db import Connection
from knowledge.documents import queries as documents
from knowledge.errors import Invalid, NotFound
from knowledge.ids import ID
from knowledge.json_values import as_list
from knowledge.research import service as research
from knowledge.search.models import Filters
from knowledge.search.service import search
from knowledge.voc.queries import quotes

TITLES = {"client_canon": "Client canon", "intake": "Intake"}
OPEN = frozenset({"unsupported", "contradicted"})
#: passages of documents and quotes that are looked at for one claim
MOST_FOUND = 5
#: characters of a claim that are searched for
LONGEST_QUESTION = 400
#: claims that are searched for in documents, one after the other
MOST_SEARCHED = 120


@dataclass(frozen=True)
class OnFile:
    """What is known before any claim is read."""

    about: About
    shelf: Shelf
    documents: bool


async def on_file(conn: Connection, asset: Asset, text: str) -> OnFile:
    """``text``: everything a reader sees, for the disclaimers and the quote ids in it."""
    ids = [str(one) for one in as_list(asset.content.get("quoteIds"))]
    opened, pages = await _opened(conn, asset)
    found = await of_client(conn, asset.client_id, text, quote_ids=ids, opened=opened)
    return replace(found, shelf=replace(found.shelf, pages=tuple(pages)))


async def of_client(
    conn: Connection, client_id: UUID, text: str, *, quote_ids: Sequence[str] = (), opened: Sequence[Passage] = ()
) -> OnFile:
    """What is on file for anything written for this client. ``opened``: sentences of pages that were opened for it."""
    client = await clients.get_client(conn, client_id)
    approved = await queries.approved(conn, client_id)
    data = {type: document.data for type, document in approved.items()}
    about = shelves.about(client.name, data.get("client_canon", {}), data.get("intake", {}))
    passages: list[Passage] = []
    for type, document in approved.items():
        kind: EvidenceKind = "canon" if type == "client_canon" else "intake"
        title = f"{TITLES[type]} v{document.version}"
        passages += shelves.of_document(kind, str(document.id), title, document.data)
    named = await _named(conn, client_id, [*quote_ids, *re.findall(r"\[voc:([^\]\s]+)\]", text)])
    voices = [*shelves.voices_of_canon(data.get("client_canon", {})), *named]
    disclaimed = all(stands_in(line, text) for line in about.disclaimers)
    shelf = Shelf((*passages, *opened), _each_once(voices), disclaimed)
    return OnFile(about, shelf, await queries.has_documents(conn, client_id))


async def _opened(conn: Connection, asset: Asset) -> tuple[list[Passage], list[OpenedPage]]:
    """What pages that were opened in the research for this piece say with a figure, or in answer to a question asked; and
    the pages themselves, which may be quoted."""
    found = await research.of_asset(conn, asset)
    if found is None:
        return [], []
    pages = await research.opened_pages(conn, found)
    said = [(page.url, fact, page.title) for page in found.data.pages for fact in page.facts]
    said += [(one.url, one.text, one.title) for one in research.answers(found.data, pages)]
    passages = [shelves.passage("source", url, text, title or url) for url, text, title in said]
    return passages, [OpenedPage(page.url, page.title or page.url, page.text) for page in pages]


async def _named(conn: Connection, client_id: UUID, ids: Sequence[str]) -> list[Passage]:
    """The client's customers' words that a text names by id."""
    known = await quotes(conn, [UUID(id) for id in dict.fromkeys(ids) if ID.fullmatch(id)])
    return [voice(str(one.id), one.text, one.author, one.source_name) for one in known if one.client_id == client_id]


def voice(id: str, text: str, author: str | None, source: str) -> Passage:
    return shelves.passage("voc", id, text, f"{author}, {source}" if author else source)


def _each_once(voices: Sequence[Passage]) -> tuple[Passage, ...]:
    return tuple({(one.id, one.text): one for one in voices}.values())


async def look_up(
    conn: Connection, client_id: UUID, claim: Found, *, documents: bool
) -> tuple[list[Passage], list[Passage]]:
    """(passages, voices) that a search finds for one claim, beyond what was at hand."""
    words = (claim.said or claim.text)[:LONGEST_QUESTION]
    filters = Filters(client_id=client_id)
    if claim.kind == "testimonial":
        hits = (await search(conn, kinds=("voc",), words=words, filters=filters, vector=None, limit=MOST_FOUND)).hits
        found = await quotes(conn, [hit.parent_id for hit in hits])
        return [], [voice(str(one.id), one.text, one.author, one.source_name) for one in found]
    if not documents:
        return [], []
    hits = (await search(conn, kinds=("document",), words=words, filters=filters, vector=None, limit=MOST_FOUND)).hits
    titles = await queries.document_titles(conn, [hit.parent_id for hit in hits])
    return [
        one
        for hit in hits
        if hit.parent_id in titles
        for one in shelves.cut("document", str(hit.parent_id), hit.text, titles[hit.parent_id])
    ], []


async def searched(
    conn: Connection, client_id: UUID, found: Sequence[Found], verdicts: list[Verdict], known: OnFile
) -> list[Verdict]:
    """What is not carried by what was at hand is searched for in documents and among all customers' words."""
    left = MOST_SEARCHED
    for at, (one, verdict) in enumerate(zip(found, verdicts, strict=True)):
        if verdict.status not in OPEN or not left:
            continue
        if one.kind != "testimonial" and not known.documents:
            continue
        left -= 1
        passages, voices = await look_up(conn, client_id, one, documents=known.documents)
        if passages or voices:
            shelf = replace(known.shelf, passages=(*known.shelf.passages, *passages),
                            voices=(*known.shelf.voices, *voices))  # fmt: skip
            again = judge(one, shelf)
            if again.status == "supported" or verdict.status == "unsupported":
                verdicts[at] = again
    return verdicts


async def find_evidence(conn: Connection, asset: Asset, words: str, limit: int = 12) -> list[Passage]:
    """Passages on file that share most words with a question, the best first: fields of the canon and the intake, sentences
    of documents and opened pages, customers' words."""
    words = words[:LONGEST_QUESTION]
    known = await on_file(conn, asset, "")
    filters = Filters(client_id=asset.client_id)
    hits = (await search(conn, kinds=("voc", "document"), words=words, filters=filters, vector=None, limit=limit)).hits
    said = await quotes(conn, [hit.parent_id for hit in hits if hit.kind == "voc"])
    titles = await queries.document_titles(conn, [hit.parent_id for hit in hits if hit.kind == "document"])
    found = [voice(str(one.id), one.text, one.author, one.source_name) for one in said]
    for hit in hits:
        if hit.parent_id in titles:
            found += shelves.cut("document", str(hit.parent_id), hit.text, titles[hit.parent_id])
    asked = stems(flat(words)) | frozenset(re.findall(r"\d+", words))
    every = {(one.kind, one.id, one.text): one for one in [*found, *known.shelf.passages, *known.shelf.voices]}
    ranked = sorted(every.values(), key=lambda one: -_alike(asked, one))
    return [one for one in ranked if _alike(asked, one)][:limit]


def _alike(asked: frozenset[str], one: Passage) -> int:
    return len(asked & (one.stems | frozenset(re.findall(r"\d+", one.text))))


# ---------------------------------------------------------------- evidence that somebody names


async def resolve(conn: Connection, client_id: UUID, kind: EvidenceKind, id: str, quote: str) -> Passage:
    """The named evidence when it holds the quote word for word; raises NotFound and Invalid."""
    text, title = await _text_of(conn, client_id, kind, id)
    if not stands_in(quote, text):
        raise Invalid(fields={"quote": "does not stand there word for word"})
    return shelves.passage(kind, id, quote, title)


async def _text_of(conn: Connection, client_id: UUID, kind: EvidenceKind, id: str) -> tuple[str, str]:
    missing = NotFound("That evidence does not exist, or not for this client.")
    if kind == "source":
        page = await queries.page_text(conn, client_id, id)
        if page is None:
            raise NotFound("That page has not been opened for this client; research opens pages.")
        return page, id
    if kind in ("canon", "intake", "offer"):
        return await _field(conn, client_id, id)
    if not ID.fullmatch(id):
        raise missing
    if kind == "voc":
        found = next(iter(await quotes(conn, [UUID(id)])), None)
        if found is None or found.client_id != client_id:
            raise missing
        return found.text, f"{found.author}, {found.source_name}" if found.author else found.source_name
    document = await documents.get(conn, UUID(id))
    if document is None or document.client_id != client_id:
        raise missing
    return document.text, document.title


async def _field(conn: Connection, client_id: UUID, id: str) -> tuple[str, str]:
    """``<artifact id>#way.to.the.field`` or the artifact's id alone: any field of the approved document."""
    for type, document in (await queries.approved(conn, client_id)).items():
        if not id.startswith(str(document.id)):
            continue
        title = f"{TITLES[type]} v{document.version}"
        fields = list(shelves.of_document("canon", str(document.id), title, document.data))
        wanted = [one for one in fields if one.id == id or "#" not in id]
        if wanted:
            return "\n".join(one.text for one in wanted), wanted[0].title if "#" in id else title
    raise NotFound("That field is not in the client's approved documents.")
