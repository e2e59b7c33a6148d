"""Allowances that several processes keep together, in Redis: what a caller may ask, and how much of it may be open.

What always holds: what one process lets in counts in all of them, in one step that nobody comes between; the clock is
Redis' own. What a process has open is lent to it for ``LEASE`` seconds and lent again as long as it lives, so that the
count of one that was killed is gone soon. While Redis does not answer, each process goes by its own allowance, and it is
asked again after a moment.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

from knowledge.background import end, happens

logger = logging.getLogger(__name__)

#: seconds that a request waits for Redis, and for which it is left alone once it has not answered
PATIENCE, PAUSE = 0.5, 5.0
#: seconds after which what a process has open no longer counts, unless it says so again
LEASE = 15.0
#: seconds in which changes of what is open are gathered before they are told
GATHER = 0.1
#: what ``TAKE`` answers when too much is open
FULL = -1
#: takes from every allowance or from none, and keeps what this process has open then: milliseconds until there is enough,
#: 0 when it was taken, ``FULL``; the last key is what the caller has open
TAKE = """
local rate, most, process, mine = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local most_open, lease = tonumber(ARGV[5]), tonumber(ARGV[6])
local told = redis.call('TIME')
local now = told[1] * 1000 + told[2] / 1000
local open, opened = KEYS[#KEYS], mine
local kept = redis.call('HGETALL', open)
for i = 1, #kept, 2 do
  if kept[i] ~= process then
    local count, till = string.match(kept[i + 1], '(%d+) (%d+)')
    if tonumber(till) > now then opened = opened + tonumber(count) else redis.call('HDEL', open, kept[i]) end
  end
end
if opened > most_open then return -1 end
local left, wait = {}, 0
for i = 1, #KEYS - 1 do
  local kept = redis.call('HMGET', KEYS[i], 'left', 'at')
  left[i] = math.min(most, (tonumber(kept[1]) or most) + math.max(0, now - (tonumber(kept[2]) or now)) * rate / 1000)
  local weight = tonumber(ARGV[6 + i])
  if left[i] < weight then wait = math.max(wait, math.ceil((weight - left[i]) / rate * 1000)) end
end
if wait > 0 then return wait end
for i = 1, #KEYS - 1 do
  redis.call('HSET', KEYS[i], 'left', tostring(left[i] - tonumber(ARGV[6 + i])), 'at', string.format('%.3f', now))
  redis.call('PEXPIRE', KEYS[i], math.ceil(most / rate * 1000) + 1000)
end
redis.call('HSET', open, process, string.format('%d %.0f', mine, now + lease))
redis.call('PEXPIRE', open, lease)
return 0
"""
#: what this process has open, for each key as many as its argument says
TELL = """
local process, lease = ARGV[1], tonumber(ARGV[2])
local told = redis.call('TIME')
local till = told[1] * 1000 + told[2] / 1000 + lease
for i, key in ipairs(KEYS) do
  local mine = tonumber(ARGV[2 + i])
  if mine > 0 then
    redis.call('HSET', key, process, string.format('%d %.0f', mine, till))
    redis.call('PEXPIRE', key, lease)
  else
    redis.call('HDEL', key, process)
  end
end
"""


@dataclass
class SharedAllowances:
    """One for the process, in the running loop. ``close`` it at its end."""

    url: str
    lease: float = LEASE
    process: str = field(default_factory=lambda: uuid4().hex)
    _client: Any = None
    _asleep_until: float = field(default=0.0)
    #: what this process has open, by caller; and whose count is not told yet
    _open: dict[str, int] = field(default_factory=dict[str, int])
    _untold: set[str] = field(default_factory=set[str])
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    #: at work while anything is open here
    telling: asyncio.Task[None] | None = None

    async def take(self, charges: Mapping[str, float], rate: float, most: float, who: str, most_open: int) -> float:
        """Charge each caller its weight, with what ``who`` has open here counted already (``opened``).

        0, or the seconds until there is enough again, or ``FULL``: then nothing was charged.
        """
        if time.monotonic() < self._asleep_until:
            return 0.0
        keys = [*(f"adroom:allowance:{payer}" for payer in charges), _open_key(who)]
        given = (rate, most, self.process, self._open.get(who, 0), most_open, self._lease_ms, *charges.values())
        said = await self._ask(TAKE, keys, *given)
        return said / 1000 if said and said > 0 else float(said or 0)

    def opened(self, who: str, count: int) -> None:
        """So many requests of this caller are open in this process now."""
        self._open[who] = count
        self._untold.add(who)
        self._changed.set()
        if self.telling is None or self.telling.done():
            self.telling = asyncio.create_task(self._keep_telling(), name="what is open")

    async def close(self) -> None:
        await end(self.telling)
        self.telling = None
        if self._client is not None:
            self._open = dict.fromkeys(self._open, 0)
            await self._tell(list(self._open))
            await self._client.aclose()
            self._client = None

    async def _keep_telling(self) -> None:
        """As long as anything is open: changes soon, everything well before its lease ends."""
        while self._open:
            if await happens(self._changed, self.lease / 3):
                await asyncio.sleep(min(GATHER, self.lease / 3))
            changed = bool(self._untold)
            self._changed.clear()
            about = list(self._untold if changed else self._open)
            self._untold -= set(about)
            await self._tell(about)
            for who in about:
                if self._open.get(who) == 0 and who not in self._untold:
                    del self._open[who]

    async def _tell(self, about: list[str]) -> None:
        if about and time.monotonic() >= self._asleep_until:
            keys = [_open_key(who) for who in about]
            await self._ask(TELL, keys, self.process, self._lease_ms, *(self._open.get(who, 0) for who in about))

    async def _ask(self, script: str, keys: list[str], *given: Any) -> int | None:
        """None when Redis has not answered; it is left alone for a while then."""
        from redis.exceptions import RedisError  # only those who use Redis load its client

        try:
            async with asyncio.timeout(PATIENCE):
                return await self._redis().eval(script, len(keys), *keys, *given)
        except (RedisError, OSError, TimeoutError) as error:
            self._asleep_until = time.monotonic() + PAUSE
            logger.warning("limits hold for each process alone, Redis does not answer: %s", error or "in time")
            return None

    @property
    def _lease_ms(self) -> int:
        return int(self.lease * 1000)

    def _redis(self) -> Any:
        if self._client is None:
            from redis.asyncio import Redis

            self._client = cast(Any, Redis).from_url(self.url, socket_connect_timeout=PATIENCE)
        return self._client


def _open_key(who: str) -> str:
    return f"adroom:open:{who}"
