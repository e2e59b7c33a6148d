"""Claims as findings of a review: of a text that somebody pasted, and of a stored piece as the ledger has it.

What always holds: a finding's words stand at its place in the part; without a client there is nothing on file, so every
objective claim is said to need evidence, and none is said to be false.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from knowledge.checks.models import Finding, Piece, Place, Severity
from knowledge.checks.text.html import shown
from knowledge.claims.blocking import stands_open
from knowledge.claims.evidence import OPEN, OnFile, of_client, searched
from knowledge.claims.extraction import extract
from knowledge.claims.matching import Shelf, judge, kind_words
from knowledge.claims.models import About, Claim, ClaimKind, ClaimStatus, Found, Named
from knowledge.claims.named import merged
from knowledge.claims.parts import parts_of_content
from knowledge.db import Connection

GROUP = "claims"
#: where each kind's rule comes from, as a finding shows it
SOURCES: dict[ClaimKind, str] = {
    "testimonial": "FTC 16 CFR 465; UWG Anhang zu § 3 (3) Nr. 23b, 23c (2026-11)",
    "regulated": "Regulation (EC) 1924/2006; CAP Code 11, 12, 14; Directive (EU) 2024/825 (2026-11)",
    "authority": "CAP Code 3.7 and 12.1; FTC Endorsement Guides, 16 CFR 255.3 (2026-11)",
}
SOURCE = "CAP Code 3.7: documentary evidence before publication (2026-11)"
_TOPICS = {
    "health": "health", "weight": "losing weight", "immune": "the body’s defences", "finance": "returns on money",
    "climate": "the climate", "recycled": "the environment", "degradable": "the environment", "plastic": "the environment",
    "green": "the environment", "note": "a topic that the canon calls regulated",
}  # fmt: skip
#: kinds that may not go out without evidence, whoever's text it is
_GRAVE = frozenset({"regulated", "testimonial"})
_FIXES: dict[ClaimKind, str] = {
    "testimonial": "Quote a customer’s own words, to the letter, or take the quote out.",
    "regulated": "Say it only with the evidence that the law asks for, and with its disclaimer; else take it out.",
    "guarantee": "Promise only what the client really gives, under its conditions.",
}
_FIX = "Put what proves it on file, or say less."


@dataclass(frozen=True, slots=True)
class Stated:
    """One claim of a text and how it stands. ``text`` is in ``part`` from ``start`` to ``end``, word for word."""

    kind: ClaimKind
    status: ClaimStatus
    part: str
    start: int
    end: int
    text: str
    reason: str
    topic: str = ""
    #: (title, words) of what carries or contradicts it
    evidence: tuple[tuple[str, str], ...] = ()
    settled: bool = False
    named_by: str = ""

    @property
    def is_open(self) -> bool:
        return self.status in OPEN and self.kind != "general" and not self.settled


async def of_text(conn: Connection, client_id: UUID | None, piece: Piece, named: Sequence[Named] = ()) -> list[Stated]:
    """The claims of a pasted text in reading order, against what the client has on file; ``None``: nobody's text.
    ``named``: what a model called claims beside the rules."""
    parts = parts_of_piece(piece)
    if client_id is None:
        known = OnFile(About(), Shelf(), documents=False)
    else:
        known = await of_client(conn, client_id, "\n".join(text for _, text in parts))
    found = await asyncio.to_thread(lambda: merged(extract(parts, known.about), parts, known.about, named))
    verdicts = await asyncio.to_thread(lambda: [judge(one, known.shelf) for one in found])
    if client_id is not None:
        verdicts = await searched(conn, client_id, found, verdicts, known)
    places = shown(piece.parts["html"])[1] if _only_html(piece) else []
    return [
        replace(_stated(one, piece, places), status=verdict.status, reason=verdict.reason,
                evidence=tuple((passage.title, passage.text) for passage in verdict.evidence))
        for one, verdict in zip(found, verdicts, strict=True)
    ]  # fmt: skip


def of_ledger(claims: Sequence[Claim]) -> list[Stated]:
    """The claims of a stored piece; one that somebody answers for by name is settled."""
    return [
        Stated(
            one.kind, one.status, one.part, one.start_at, one.end_at, one.text, one.reason, "",
            tuple((str(entry["title"]), str(entry["quote"])) for entry in one.evidence), settled=not stands_open(one),
            named_by=one.named_by,
        )
        for one in claims
    ]  # fmt: skip


def parts_of_piece(piece: Piece) -> list[tuple[str, str]]:
    """As for a stored piece; of an HTML email without any other text, the words that are shown."""
    found = parts_of_content(piece.channel, piece.format, piece.title, piece.content)
    return [*found, ("html", shown(piece.parts["html"])[0])] if _only_html(piece) else found


def _only_html(piece: Piece) -> bool:
    return "html" in piece.parts and "body" not in piece.parts


def _stated(one: Found, piece: Piece, places: Sequence[int]) -> Stated:
    """``places``: where the characters of the shown words stand in the HTML."""
    start, end, text = one.start, one.end, one.text
    if one.part == "html" and _only_html(piece):
        html, last = piece.parts["html"], places[end - 1]
        start, end = places[start], places[end] if html[last] == "&" else last + 1
        text = html[start:end]
    topic = next((_TOPICS.get(signal.concept, "") for signal in one.signals if signal.kind == "regulated"), "")
    return Stated(one.kind, "opinion", one.part, start, end, text, "", topic, named_by=one.named_by)


def findings(stated: Sequence[Stated], *, client: bool) -> list[Finding]:
    """One for each claim that stands open. ``client``: it was held against what a client has on file."""
    return [_finding(one, client=client) for one in stated if one.is_open]


def _finding(one: Stated, *, client: bool) -> Finding:
    named = f"{kind_words(one.kind)} about {one.topic}" if one.topic else kind_words(one.kind)
    article = "An" if named[0] in "aeiou" else "A"
    severity: Severity = "critical" if client or one.kind in _GRAVE else "major"
    place = Place(one.part, one.text, one.start, one.end)
    fix = _FIXES.get(one.kind, _FIX)
    if one.status == "contradicted":
        message = f"{article} {named} that what is on file contradicts."
    elif client:
        message = f"{article} {named} that nothing on file carries."
    else:
        message = f"{article} {named} that needs evidence."
    evidence = one.reason if client else "No client is chosen, so there was nothing to hold it against."
    return Finding(f"claims.{one.kind}", GROUP, severity, message, place, evidence, fix)


def without_repeats(found: Sequence[Finding], stated: Sequence[Stated], settled_here: tuple[str, ...]) -> list[Finding]:
    """The rules' findings without those that ask for evidence of a sentence that is named as a claim anyway."""
    claims = [one for one in stated if one.kind != "general"]
    return [
        one
        for one in found
        if not (
            one.rule.startswith(settled_here)
            and (place := one.place) is not None
            and any(
                claim.part == place.part and claim.start < place.end and place.start < claim.end for claim in claims
            )
        )
    ]
