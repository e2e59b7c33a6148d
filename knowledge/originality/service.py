"""Compares a piece with the swipe library, by the same words and by meaning, before anybody approves it.

What always holds: each version of a piece is compared before it can be approved; a finding names the ad and quotes the
passage. What is said by three brands or more is a stock phrase, not somebody's; a client's own ads are its own words.
The words are found by winnowed fingerprints (Schleimer, Wilkerson, Aiken 2003: a shared run of eight words is never
missed), then compared exactly.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from knowledge.artifacts import store
from knowledge.artifacts.queries import latest
from knowledge.assets.models import Asset
from knowledge.assets.words import text_of
from knowledge.db import Connection
from knowledge.embeddings.models import QueryVector
from knowledge.one_line import one_line
from knowledge.originality import queries
from knowledge.originality.meaning import Passage, compare_meaning
from knowledge.originality.models import Candidate, Closeness
from knowledge.originality.runs import containment, longest_run, words_of
from knowledge.search.text import fingerprints, fold

#: as many findings as a person reads
MOST_FINDINGS = 12
STOCK_PHRASE_BRANDS = 3
#: from here on it is a copy, below a resemblance
LONG_RUN, LARGE_SHARE = 12, 0.6


def piece_text(asset: Asset) -> str:
    """Everything a reader gets to see, in reading order."""
    own = [asset.title, *(str(asset.content.get(name) or "") for name in ("subject", "preheader", "callToAction"))]
    body = text_of(asset.content)
    heads = [part for part in dict.fromkeys(own) if part and part not in body]
    return "\n\n".join([*heads, body])


async def compare_words(conn: Connection, asset: Asset) -> list[Closeness]:
    """Where the piece says the same as an ad in the same words, the longest first."""
    text = piece_text(asset)
    candidates = await queries.sharing(conn, asset.client_id, fingerprints(text))
    return without_stock_phrases(text, candidates)


def without_stock_phrases(text: str, candidates: list[Candidate]) -> list[Closeness]:
    mine = words_of(text)
    found: list[Closeness] = []
    for candidate in candidates:
        theirs = words_of(candidate.text)
        run = longest_run(mine, theirs)
        if run is not None:
            share = containment(mine, theirs)
            passage = text[run.start : run.end]
            found.append(Closeness(candidate, passage, run.start, run.end, "words", run.words, share))
    brands: dict[str, set[str]] = defaultdict(set)
    for one in found:
        brands[fold(one.passage)].add(one.candidate.brand or str(one.candidate.swipe_id))
    theirs_alone = [one for one in found if len(brands[fold(one.passage)]) < STOCK_PHRASE_BRANDS]
    return _one_an_ad(sorted(theirs_alone, key=lambda one: (-one.amount, one.candidate.swipe_id)))


def _one_an_ad(found: list[Closeness]) -> list[Closeness]:
    """The first finding of each ad: its hook is part of its body, and would be found twice."""
    kept: dict[UUID, Closeness] = {}
    for one in found:
        kept.setdefault(one.candidate.swipe_id, one)
    return list(kept.values())


async def record(conn: Connection, asset: Asset, found: list[Closeness], *, by_meaning: bool) -> None:
    """Keep what was found as the report on this version; the same again changes nothing."""
    report = report_of(asset, found, by_meaning=by_meaning)
    draft = store.Draft(
        org_id=asset.org_id,
        client_id=asset.client_id,
        campaign_id=asset.campaign_id,
        type="qa_report",
        key=f"{asset.id}:{queries.REVIEWER}",
        data=report,
        created_by=f"tool:{queries.REVIEWER}",
        model=report["model"],
        inputs={"asset": asset.content_hash, "report": report},
    )
    last = await latest(conn, asset.client_id, "qa_report", asset.campaign_id, draft.key)
    if last is None or last.data != report:
        await store.create_version(conn, draft)


async def ensure_compared(conn: Connection, asset: Asset) -> None:
    """Compare this version by its words unless it was compared before."""
    last = await latest(conn, asset.client_id, "qa_report", asset.campaign_id, f"{asset.id}:{queries.REVIEWER}")
    if last is None or last.data["assetVersion"] != asset.version:
        await record(conn, asset, await compare_words(conn, asset), by_meaning=False)


async def compare(
    conn: Connection, asset: Asset, said: Sequence[Passage], vectors: Sequence[QueryVector]
) -> list[Closeness]:
    """Compare this version by its words and by the ``vectors`` of what is ``said`` in it, and keep what was found."""
    by_words = await compare_words(conn, asset)
    copied = {one.candidate.swipe_id for one in by_words}
    by_meaning = await compare_meaning(conn, asset.client_id, said, vectors)
    found = [*by_words, *(one for one in by_meaning if one.candidate.swipe_id not in copied)]
    await record(conn, asset, found, by_meaning=True)
    return found


def report_of(asset: Asset, found: list[Closeness], *, by_meaning: bool) -> dict[str, Any]:
    """The QA report (wire form)."""
    shown = found[:MOST_FINDINGS]
    worst = any(_is_copy(one) for one in shown)
    how = "by words and by meaning" if by_meaning else "by words"
    passed = {"id": "own-words", "rule": f"Says it in its own words (compared with the swipe library {how}).",
              "severity": "major", "passed": not shown}  # fmt: skip
    return {
        "assetId": str(asset.id),
        "assetVersion": asset.version,
        "reviewer": queries.REVIEWER,
        "score": 10.0 if not shown else 4.0 if worst else 7.0,
        "verdict": "needs_changes" if shown else "pass",
        "checks": [_check(one) for one in shown] or [passed],
        "model": queries.BY_MEANING if by_meaning else queries.BY_WORDS,
    }


def _is_copy(one: Closeness) -> bool:
    return one.by == "words" and (one.amount >= LONG_RUN or one.share >= LARGE_SHARE)


def _check(one: Closeness) -> dict[str, Any]:
    ad = one.candidate
    whose = f"an ad of {ad.brand}" if ad.brand else "an ad in the library"
    named = f"Ad {ad.external_ad_id}" + (f", “{one_line(ad.title, 80)}”" if ad.title else "")
    measure = (
        f"{one.amount:.0f} words in a row are the same"
        if one.by == "words"
        else f"the meaning is {one.amount:.0%} alike"
    )
    return {
        "id": f"swipe-{ad.swipe_id}",
        "rule": f"Too close to {whose}.",
        "severity": "major" if _is_copy(one) else "minor",
        "passed": False,
        "where": {"part": "text", "text": one.passage, "start": one.start, "end": one.end},
        "evidence": f"{named}: {measure}. It says: “{one_line(ad.text, 240)}”",
        "fix": "Keep the structure if it works, and say it in the client's own words.",
    }
