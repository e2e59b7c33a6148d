"""How much one caller may ask of the API, so that a run-away client slows itself and nobody else.

What always holds: a refusal (429 with Retry-After) comes before anything is read from the database; each caller
(an API key, a browser's cookie, this machine's programs) has an allowance of its own; what nobody has signed in with
yet is also charged to where it comes from, so that guessing keys is as slow as asking; memory is bounded.

With Redis, what a caller may ask and have open is one allowance over all processes (``shared_limits``); without, each
process has its own, which holds as it stands behind a proxy that keeps a caller at one of them.
"""

import hashlib
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from assistant.api.problems import TooMany
from assistant.api.shared_limits import FULL, SharedAllowances

#: seconds for which an allowance that is not used gathers
GATHERED_SECONDS = 10
#: requests of one caller that may be open at once, streams among them
MOST_OPEN = 256
#: callers remembered
MOST_CALLERS = 10_000
#: what starts work weighs more than looking
WEIGHT_OF_CHANGE, WEIGHT_OF_WORK = 2, 10


@dataclass
class _Bucket:
    left: float
    at: float


@dataclass
class Limiter:
    """One for the process. ``rate``: requests a second, each counted by its weight; 0: no limits."""

    rate: float
    most_open: int = MOST_OPEN
    clock: Callable[[], float] = time.monotonic
    #: what all processes keep together; None: there is no Redis
    shared: SharedAllowances | None = None
    _buckets: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict[str, _Bucket])
    _open: Counter[str] = field(default_factory=Counter[str])
    _known: OrderedDict[str, None] = field(default_factory=OrderedDict[str, None])

    async def enter(self, request: Request) -> "Admission":
        """``admit``, and ask the allowance that all processes share. Raises TooMany."""
        charges = self._charges(request)
        admission = self.admit(request)
        if self.shared is not None and admission.counted:
            try:
                most = self.rate * GATHERED_SECONDS
                wait = await self.shared.take(charges, self.rate, most, admission.who, self.most_open)
                if wait == FULL:
                    raise self._full()
                if wait > 0:
                    raise TooMany(retry_after=math.ceil(wait))
            except BaseException:
                admission.release()
                raise
        return admission

    def _charges(self, request: Request) -> dict[str, float]:
        """Who pays how much for it: the caller, and where a stranger comes from first."""
        who, weight = credential(request), weight_of(request)
        strange = {} if who in self._known else {f"stranger {_peer(request)}": float(weight)}
        return {**strange, who: float(weight)}

    def admit(self, request: Request) -> "Admission":
        """Let the request in, to be released when it is answered. Raises TooMany."""
        who = credential(request)
        if self.rate <= 0:
            return Admission(self, who, counted=False)
        for payer, weight in self._charges(request).items():
            self._take(payer, weight)
        if self._open[who] >= self.most_open:
            raise self._full()
        self._count(who, 1)
        return Admission(self, who)

    def _full(self) -> TooMany:
        return TooMany(f"{self.most_open} requests of yours are open already; close some first.", retry_after=1)

    def know(self, who: str) -> None:
        """These credentials are good: from here on they are charged to themselves alone."""
        self._known[who] = None
        self._known.move_to_end(who)
        if len(self._known) > MOST_CALLERS:
            self._known.popitem(last=False)

    def release(self, who: str) -> None:
        self._count(who, -1)

    def _count(self, who: str, more: int) -> None:
        self._open[who] += more
        if self.shared is not None:
            self.shared.opened(who, self._open[who])
        if self._open[who] <= 0:
            del self._open[who]

    def _take(self, who: str, weight: float) -> None:
        now, most = self.clock(), self.rate * GATHERED_SECONDS
        bucket = self._buckets.setdefault(who, _Bucket(most, now))
        self._buckets.move_to_end(who)
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        bucket.left = min(most, bucket.left + (now - bucket.at) * self.rate)
        bucket.at = now
        if bucket.left < weight:
            raise TooMany(retry_after=max(1, math.ceil((weight - bucket.left) / self.rate)))
        bucket.left -= weight


@dataclass
class Admission:
    """A request that was let in. ``release`` it once, however it ends."""

    limiter: Limiter
    who: str
    counted: bool = True

    def good(self) -> None:
        if self.counted:
            self.limiter.know(self.who)

    def release(self) -> None:
        if self.counted:
            self.counted = False
            self.limiter.release(self.who)


class Streaming(Response):
    """An answer that is still being sent after its endpoint has returned: it counts as open until it has ended."""

    def __init__(self, answer: Response, admission: Admission) -> None:
        self.answer, self.admission = answer, admission
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.answer(scope, receive, send)
        finally:
            self.admission.release()


def credential(request: Request) -> str:
    """What a caller is told apart by before anybody looks who it is; no secret is kept, only its hash."""
    shown = request.headers.get("authorization") or request.headers.get("cookie")
    if shown:
        return hashlib.sha256(shown.encode("utf-8", "replace")).hexdigest()
    return f"{'page' if 'sec-fetch-site' in request.headers else 'program'} {_peer(request)}"


def weight_of(request: Request) -> int:
    """Looking is 1; a change is 2; what starts agents or runs is 10."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return 1
    path = request.url.path.rstrip("/")
    works = path.endswith(("/messages", "/runs", "/tools/start_run"))
    return WEIGHT_OF_WORK if works else WEIGHT_OF_CHANGE


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""
