"""Requests with an Idempotency-Key happen once: the same key and body get the first answer again.

Another body under the key is refused (422), the same while the first is still at work is told to wait (409). Only
what was carried out is kept: after a refusal nothing happened, so the key is free again.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
from fastapi import Request, Response
from fastapi.responses import JSONResponse

from assistant.api.problems import InProgress
from knowledge.artifacts.hashes import content_hash
from knowledge.db import Database
from knowledge.errors import Invalid
from knowledge.idempotency import queries
from knowledge.idempotency.models import KeptAnswer
from knowledge.outages import through_outages
from knowledge.people.models import Caller

logger = logging.getLogger(__name__)

LONGEST_KEY = 200
#: an answer's header: it was given before
REPLAYED = "Idempotency-Replayed"


@dataclass(frozen=True)
class KeyedRequest:
    """``key`` is the caller's own: two users' equal keys are two keys."""

    key: str
    fingerprint: str
    #: of this very request
    token: str = field(default_factory=lambda: uuid4().hex)


def read_key(request: Request, caller: Caller, body: bytes) -> KeyedRequest | None:
    """Raises Invalid for a key that cannot be one."""
    given = request.headers.get("idempotency-key")
    if given is None:
        return None
    key = given.strip()
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Invalid(fields={"Idempotency-Key": f"must be 1 to {LONGEST_KEY} printable characters"})
    asked = [request.method, request.url.path, request.url.query, body.hex()]
    return KeyedRequest(f"http/{caller.user_id}/{key}", content_hash(asked))


async def take_key(db: Database, caller: Caller, keyed: KeyedRequest) -> KeptAnswer | None:
    """The answer kept under this key; None when the key is the caller's now, to keep an answer under or to give back.

    Raises InProgress while the same request is at work, Invalid when the key stands for another one.
    """
    try:
        async with db.org(caller.org_id) as conn:
            mine = await queries.claim(conn, caller.org_id, keyed.key, keyed.fingerprint, keyed.token)
            kept = None if mine else await queries.find(conn, keyed.key)
    except psycopg.OperationalError:  # it may be ours all the same
        await give_back(db, caller, keyed)
        raise
    if mine:
        return None
    if kept is None:
        raise InProgress()
    if kept.fingerprint != keyed.fingerprint:
        raise Invalid(fields={"Idempotency-Key": "was used for another request already"})
    if kept.status is None:
        raise InProgress()
    return kept


async def answer_once(
    db: Database, caller: Caller, keyed: KeyedRequest, work: Callable[[], Awaitable[Response]]
) -> Response:
    """The kept answer, or the answer of ``work``, kept when it succeeded."""
    kept = await take_key(db, caller, keyed)
    if kept is not None:
        return JSONResponse(kept.body, kept.status or 200, {REPLAYED: "true"})
    kept_now = False
    try:
        response = await work()
        if response.status_code < 300:
            await through_outages(lambda: _keep(db, caller, keyed, response))  # it was carried out
            kept_now = True
        return response
    finally:
        if not kept_now:
            await give_back(db, caller, keyed)


async def give_back(db: Database, caller: Caller, keyed: KeyedRequest) -> None:
    """Nothing came of the request: its key is free again, if the database is away as soon as it is back.

    Returns when it is so, or after a second: nobody is kept waiting for a refusal.
    """
    giving = asyncio.create_task(through_outages(lambda: _give_back(db, caller, keyed)))
    _giving.add(giving)
    giving.add_done_callback(_given)
    await asyncio.wait({giving}, timeout=1.0)


_giving: set[asyncio.Task[None]] = set()


def _given(done: asyncio.Task[None]) -> None:
    _giving.discard(done)
    if not done.cancelled() and (error := done.exception()) is not None:
        logger.warning("a key stays taken for a while: %s", error)


async def _give_back(db: Database, caller: Caller, keyed: KeyedRequest) -> None:
    async with db.org(caller.org_id) as conn:
        await queries.give_back(conn, keyed.key, keyed.token)


async def _keep(db: Database, caller: Caller, keyed: KeyedRequest, response: Response) -> None:
    async with db.org(caller.org_id) as conn:
        await queries.keep(conn, keyed.key, response.status_code, json.loads(bytes(response.body)))
