"""The passages of what is imported, with the columns that are filtered by: one function a kind."""

from uuid import UUID

from knowledge.imports.records import AdRecord, DocumentRecord, QuoteRecord
from knowledge.search.chunking import ad_chunks, passage_chunks, quote_chunks, turn_chunks
from knowledge.search.chunks import ChunkDraft


def ad_drafts(record: AdRecord, id: UUID, brand_id: UUID | None) -> list[ChunkDraft]:
    """Of an ad of the organisation's library. It is also found by its brand's name and its own number."""
    pieces = ad_chunks(
        title=record.title,
        body=record.body,
        link_description=record.link_description,
        cta_text=record.cta_text,
        script=record.ad_script,
    )
    names = f"{record.brand.name if record.brand else ''} {record.external_ad_id}".strip()
    return [
        ChunkDraft(
            kind="swipe",
            parent_id=id,
            part=piece.part,
            ordinal=piece.ordinal,
            text=piece.text,
            language=record.language,
            platforms=record.platforms,
            format=record.display_format,
            brand_id=brand_id,
            day=record.start_date,
            score=_real(record.winning_score),
            tags=record.verticals,
            also_found_by="" if place else names,
        )
        for place, piece in enumerate(pieces)
    ]


def quote_drafts(record: QuoteRecord, id: UUID, client_id: UUID, kind: str) -> list[ChunkDraft]:
    """Of a quote; what was said in a call is cut as turns. ``kind``: where it was said (review, survey …)."""
    if record.speaker is None and record.started_at is None:
        pieces = quote_chunks(record.text)
    else:
        pieces = turn_chunks([(record.speaker, record.started_at, record.text)])
    return [
        ChunkDraft(
            kind="voc",
            parent_id=id,
            part=piece.part,
            ordinal=piece.ordinal,
            text=piece.text,
            client_id=client_id,
            language=record.language,
            speaker=piece.speaker,
            started_at=piece.started_at,
            format=kind,
            day=record.said_on,
            score=record.rating,
            tags=record.themes,
        )
        for piece in pieces
    ]


def document_drafts(record: DocumentRecord, id: UUID, client_id: UUID, language: str | None) -> list[ChunkDraft]:
    """Of a document."""
    return [
        ChunkDraft(
            kind="document",
            parent_id=id,
            part=piece.part,
            ordinal=piece.ordinal,
            text=piece.text,
            client_id=client_id,
            language=language,
        )
        for piece in passage_chunks(record.text)
    ]


def _real(score: float | None) -> float | None:
    """A score that fits the filter column (a ``real``); one that does not says nothing anyway."""
    return score if score is not None and abs(score) < 1e30 else None
