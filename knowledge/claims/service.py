"""The ledger of a piece's claims: read with every version, judged against what is on file, settled by people.

What always holds: a version is approved only when each objective claim in it has evidence that carries it, or an entitled
person has accepted it by name; both stay with a sentence as long as its words stay the same, and an acceptance ends on its
last day. Claims are judged anew whenever a decision rests on them, because what is on file changes.
Lock order: the asset's row first, as everywhere.
"""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from knowledge.assets import queries as assets
from knowledge.assets.models import Asset
from knowledge.claims import queries
from knowledge.claims.concepts import RULES
from knowledge.claims.evidence import OPEN, on_file, resolve, searched
from knowledge.claims.extraction import extract
from knowledge.claims.matching import Shelf, judge, judge_given
from knowledge.claims.models import Claim, EvidenceKind, Found, Named, Passage, Verdict
from knowledge.claims.named import merged, standing
from knowledge.claims.parts import parts_of
from knowledge.claims.wording import flat, light_words, sentence_key, stems
from knowledge.db import Connection
from knowledge.errors import AdroomError, Conflict, Denied, Invalid, NotFound
from knowledge.people.models import Caller
from knowledge.plain_text import storable

#: who may answer by name for what nothing on file carries
MAY_ACCEPT = frozenset({"legal", "partner", "admin"})


async def ensure_read(conn: Connection, asset: Asset) -> list[Claim]:
    """The claims of this version, read now when they have not been, or were by older rules."""
    known = await queries.reading(conn, asset.id, asset.version)
    if known is not None and (known.content_hash, known.rules) == (asset.content_hash, RULES):
        return await queries.of_version(conn, asset.id, asset.version)
    return await check(conn, asset)


async def check(conn: Connection, asset: Asset) -> list[Claim]:
    """Read and judge this version's claims again, against what is on file now."""
    parts = parts_of(asset)
    known = await on_file(conn, asset, "\n".join(text for _, text in parts))
    named = await queries.named(conn, asset.id)
    found = await asyncio.to_thread(lambda: merged(extract(parts, known.about), parts, known.about, named))
    verdicts = await asyncio.to_thread(lambda: [judge(one, known.shelf) for one in found])
    verdicts = await searched(conn, asset.client_id, found, verdicts, known)
    before = await queries.last(conn, asset.id)
    rows: list[dict[str, Any]] = []
    for ordinal, (one, verdict) in enumerate(zip(found, verdicts, strict=True)):
        kept = before.get((sentence_key(one.text), one.kind))
        given, added = await _given(conn, asset, kept)
        if given:
            verdict = judge_given(one, given, _with(known.shelf, given, one))
        rows.append(_row(asset, ordinal, one, verdict, added, kept))
    await queries.replace(conn, asset.id, asset.version, rows)
    reading = {"org_id": asset.org_id, "asset_id": asset.id, "version": asset.version,
               "content_hash": asset.content_hash, "rules": RULES}  # fmt: skip
    await queries.record_reading(conn, reading)
    return await queries.of_version(conn, asset.id, asset.version)


async def was_read(conn: Connection, asset: Asset) -> str:
    """The model that has read this version beside the rules; empty when none has."""
    known = await queries.reading(conn, asset.id, asset.version)
    return known.model if known is not None and known.content_hash == asset.content_hash else ""


async def add_named(conn: Connection, asset: Asset, named: list[Named], model: str) -> list[Claim]:
    """What ``model`` called claims beside those of the rules, and that it has read this version. A sentence that does not
    stand in the piece word for word is dropped; no claim of the rules goes. A version that reads differently by now keeps
    nothing of it."""
    held = await assets.lock(conn, asset.id)
    if held is None or held.content_hash != asset.content_hash:
        return []
    await ensure_read(conn, held)
    parts = parts_of(held)
    rows = [
        {"org_id": held.org_id, "asset_id": held.id, "kind": one.kind, "text": one.text, "model": model,
         "sentence": sentence_key(one.text)}
        for one in standing(named, parts)
    ]  # fmt: skip
    await queries.name(conn, rows)
    await queries.read_by_model(conn, {**_version_of(held), "model": model, "unread": ""})
    return await check(conn, held)


async def not_read(conn: Connection, asset: Asset, why: str) -> None:
    """No model could read this version, which should have: kept, so that whoever decides on it sees it."""
    await queries.read_by_model(conn, {**_version_of(asset), "model": "", "unread": why})


def _version_of(asset: Asset) -> dict[str, Any]:
    return {"asset_id": asset.id, "version": asset.version, "content_hash": asset.content_hash}


async def _given(conn: Connection, asset: Asset, kept: Claim | None) -> tuple[list[Passage], list[dict[str, Any]]]:
    """Evidence that was added to this sentence and still stands where it did, with its entries."""
    given: list[Passage] = []
    entries: list[dict[str, Any]] = []
    today = date.today().isoformat()
    for entry in kept.evidence if kept else []:
        if not entry.get("added") or (entry.get("expiresOn") or today) < today:
            continue
        try:
            passage = await resolve(conn, asset.client_id, entry["kind"], entry["id"], entry["quote"])
        except (NotFound, Invalid):
            continue  # it was taken from the file or reads differently now: it carries nothing any more
        given.append(passage)
        entries.append(entry)
    return given, entries


def _with(shelf: Shelf, given: list[Passage], claim: Found) -> Shelf:
    if claim.kind != "testimonial":
        return shelf
    return replace(shelf, voices=(*shelf.voices, *(one for one in given if one.kind == "voc")))


def _row(
    asset: Asset,
    ordinal: int,
    one: Found,
    verdict: Verdict,
    added: list[dict[str, Any]],
    kept: Claim | None,
) -> dict[str, Any]:
    found = [_entry(passage) for passage in verdict.evidence]
    known = {(entry["kind"], entry["id"], entry["quote"]) for entry in added}
    accepted = kept if kept is not None and kept.accepted_at is not None else None
    return {
        "id": kept.id if kept is not None and kept.asset_version == asset.version else None,
        "org_id": asset.org_id,
        "client_id": asset.client_id,
        "asset_id": asset.id,
        "asset_version": asset.version,
        "ordinal": ordinal,
        "kind": one.kind,
        "part": one.part,
        "start_at": one.start,
        "end_at": one.end,
        "text": one.text,
        "sentence": sentence_key(one.text),
        "status": verdict.status,
        "reason": verdict.reason,
        "evidence": [*added, *(entry for entry in found if (entry["kind"], entry["id"], entry["quote"]) not in known)],
        "accepted_by": accepted.accepted_by if accepted else None,
        "accepted_at": accepted.accepted_at if accepted else None,
        "accepted_note": accepted.accepted_note if accepted else None,
        "expires_on": accepted.expires_on if accepted else None,
        "named_by": one.named_by,
    }


def _entry(passage: Passage) -> dict[str, Any]:
    return {"kind": passage.kind, "id": passage.id, "quote": passage.text, "title": passage.title, "added": False}


# ---------------------------------------------------------------- what people settle


async def add_evidence(
    conn: Connection,
    caller: Caller,
    claim_id: UUID,
    *,
    kind: EvidenceKind,
    id: str,
    quote: str,
    expires_on: date | None = None,
) -> Claim:
    """Put evidence to a claim: looked up, and verbatim. An agent's has to speak of the same thing.

    Raises NotFound, Invalid (the quote does not stand there), Conflict (the piece has changed).
    """
    claim, asset = await _standing(conn, claim_id)
    quote = " ".join(storable(quote).split())
    if not quote:
        raise Invalid(fields={"quote": "say which words carry the claim"})
    _check_day(expires_on)
    passage = await resolve(conn, claim.client_id, kind, id.strip(), quote)
    if caller.agent and not (passage.stems - light_words()) & stems(flat(claim.text)):
        raise Invalid(fields={"quote": "has no word in common with the claim"})
    entry = {**_entry(passage), "added": True, "addedBy": caller.agent or str(caller.user_id),
             "expiresOn": expires_on.isoformat() if expires_on else None}  # fmt: skip
    others = [one for one in claim.evidence if (one["kind"], one["id"], one["quote"]) != (kind, passage.id, quote)]
    await queries.set_evidence(conn, claim.id, [entry, *others])
    return await _again(conn, asset, claim.sentence)


async def accept(
    conn: Connection, caller: Caller, claim_id: UUID, *, note: str, expires_on: date | None = None
) -> Claim:
    """Answer by name for a claim that nothing on file carries. Raises Denied, Invalid, Conflict, NotFound."""
    _check_entitled(caller)
    claim, _ = await _standing(conn, claim_id)
    if claim.status not in OPEN:
        raise Conflict(f"This claim is {claim.status}; it needs nobody's word.")
    note = _note(note)
    _check_day(expires_on)
    return await queries.accept(conn, claim.id, caller.user_id, note, expires_on) or claim


async def withdraw(conn: Connection, caller: Caller, claim_id: UUID) -> Claim:
    """Take an acceptance back."""
    _check_entitled(caller)
    claim, _ = await _standing(conn, claim_id)
    if claim.accepted_at is None:
        raise Conflict("Nobody has accepted this claim.")
    return await queries.withdraw(conn, claim.id) or claim


async def accept_finding(conn: Connection, caller: Caller, asset: Asset, check_id: str, note: str) -> None:
    """Answer by name for a critical finding of the preflight, for exactly this content."""
    _check_entitled(caller)
    values = {"org_id": asset.org_id, "asset_id": asset.id, "content_hash": asset.content_hash, "check_id": check_id,
              "by": caller.user_id, "note": _note(note)}  # fmt: skip
    await queries.accept_finding(conn, values)


async def _standing(conn: Connection, claim_id: UUID) -> tuple[Claim, Asset]:
    """The claim and its piece, held; raises Conflict when the sentence stands in an older version."""
    claim = await queries.get(conn, claim_id)
    asset = await assets.lock(conn, claim.asset_id) if claim else None
    claim = await queries.get(conn, claim_id)
    if claim is None or asset is None:
        raise NotFound("That claim does not exist any more, or not for you.")
    if claim.asset_version != asset.version:
        raise Conflict(f"v{asset.version} is newer than the text this claim stands in.", version=asset.version)
    return claim, asset


async def _again(conn: Connection, asset: Asset, sentence: str) -> Claim:
    found = next((claim for claim in await check(conn, asset) if claim.sentence == sentence), None)
    if found is None:
        raise AdroomError
    return found


def _check_entitled(caller: Caller) -> None:
    if caller.role not in MAY_ACCEPT or caller.agent:
        raise Denied(f"Your role ({caller.role}) may not accept claims; these may: {', '.join(sorted(MAY_ACCEPT))}.")


def _note(note: str) -> str:
    kept = storable(note).strip()
    if not kept:
        raise Invalid(fields={"note": "say what you rely on; it is kept with your name"})
    return kept


def _check_day(expires_on: date | None) -> None:
    if expires_on is not None and expires_on < date.today():
        raise Invalid(fields={"expiresOn": "lies in the past"})
