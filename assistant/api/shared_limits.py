"""Allowances that several processes keep together, in Redis.

What always holds: what one process lets in counts in all of them, in one step that nobody comes between; the clock is
Redis' own. While it does not answer, each process goes by its own allowance, and it is asked again after a moment.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

logger = logging.getLogger(__name__)

#: seconds that a request waits for Redis, and for which it is left alone once it has not answered
PATIENCE, PAUSE = 0.5, 5.0
#: takes from every allowance or from none: milliseconds until there is enough, 0 when it was taken
TAKE = """
local rate, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local told = redis.call('TIME')
local now = told[1] * 1000 + told[2] / 1000
local left, wait = {}, 0
for i, key in ipairs(KEYS) do
  local kept = redis.call('HMGET', key, 'left', 'at')
  left[i] = math.min(most, (tonumber(kept[1]) or most) + math.max(0, now - (tonumber(kept[2]) or now)) * rate / 1000)
  local weight = tonumber(ARGV[2 + i])
  if left[i] < weight then wait = math.max(wait, math.ceil((weight - left[i]) / rate * 1000)) end
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, 'left', tostring(left[i] - tonumber(ARGV[2 + i])), 'at', string.format('%.3f', now))
  redis.call('PEXPIRE', key, math.ceil(most / rate * 1000) + 1000)
end
return 0
"""


@dataclass
class SharedAllowances:
    """One for the process, in the running loop. ``close`` it at its end."""

    url: str
    _client: Any = None
    _asleep_until: float = field(default=0.0)

    async def take(self, charges: Mapping[str, float], rate: float, most: float) -> float:
        """Charge each caller its weight; 0, or the seconds until there is enough again (then nothing was charged)."""
        from redis.exceptions import RedisError  # only those who use Redis load its client

        if time.monotonic() < self._asleep_until:
            return 0.0
        keys = [f"adroom:allowance:{who}" for who in charges]
        try:
            async with asyncio.timeout(PATIENCE):
                wait = await self._redis().eval(TAKE, len(keys), *keys, rate, most, *charges.values())
        except (RedisError, OSError, TimeoutError) as error:
            self._asleep_until = time.monotonic() + PAUSE
            logger.warning("limits hold for each process alone, Redis does not answer: %s", error or "in time")
            return 0.0
        return int(wait) / 1000

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _redis(self) -> Any:
        if self._client is None:
            from redis.asyncio import Redis

            self._client = cast(Any, Redis).from_url(self.url, socket_connect_timeout=PATIENCE)
        return self._client
