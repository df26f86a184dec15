"""What each client may send in a minute, counted for all processes in Valkey, and taken by each process in blocks.

The count of a client is a sliding window: that of this minute, and that of the last one as far as it reaches into the last
60 seconds. One script counts, so that the blocks of all processes together never exceed the limit. Nobody waits for a Valkey
that does not answer: `take` then returns None at once, and a task finds out when it is back.
"""

import asyncio
import contextlib
from typing import NamedTuple

import structlog
from redis.asyncio import Redis

from shared.wakeup import CONNECT_SECONDS, RETRY_SECONDS, RING_LIMIT_SECONDS, UNREACHABLE

_KEY = "shensu:allowance:"
# time is Valkey's, so that clocks of machines do not matter; a minute never goes back
_TAKE = """
    local limit, least, most, back, back_minute, spent = unpack(ARGV)
    local time = redis.call('TIME')
    local minutes = (time[1] + time[2] / 1e6) / 60
    local stored = redis.call('HMGET', KEYS[1], 'minute', 'count', 'last')
    local minute, count, last = tonumber(stored[1]) or 0, tonumber(stored[2]) or 0, tonumber(stored[3]) or 0
    local now = math.max(math.floor(minutes), minute)
    if now > minute then
        last = now == minute + 1 and count or 0
        count, minute = 0, now
    end
    if tonumber(back_minute) == minute then count = math.max(0, count - back) end
    if tonumber(back_minute) == minute - 1 then last = math.max(0, last - back) end
    count = count + spent
    local rest = math.max(0, math.min(1, minute + 1 - minutes))
    local free = math.floor(limit - count - last * rest)
    local size = free >= tonumber(least) and math.min(free, tonumber(most)) or 0
    redis.call('HSET', KEYS[1], 'minute', minute, 'count', count + size, 'last', last)
    redis.call('EXPIRE', KEYS[1], 120)
    return {size, minute}
"""
log = structlog.get_logger()


class Block(NamedTuple):
    """So many requests that were counted in a minute (of the epoch) for one process, which may admit them."""

    size: int
    minute: int


NOTHING = Block(0, 0)


class Allowances:
    """The common counts, as one process sees them."""

    def __init__(self, url: str) -> None:
        self._valkey: Redis = Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS)
        self._script = self._valkey.register_script(_TAKE)
        self._looking: asyncio.Task[None] | None = None

    @property
    def reachable(self) -> bool:
        """Whether Valkey answered the last time."""
        return self._looking is None

    async def take(
        self, client: str, limit: int, *, least: int, most: int, unused: Block = NOTHING, spent: int = 0
    ) -> Block | None:
        """Count a block of `least` to `most` requests of a client, or an empty one if `least` would exceed the limit.

        `unused`: what is left of the block before, given back. `spent`: what was admitted without being counted.
        Returns None if Valkey does not answer; the block may have been counted all the same.
        """
        if not self.reachable:
            return None
        arguments = (limit, least, most, unused.size, unused.minute, spent)
        try:
            async with asyncio.timeout(RING_LIMIT_SECONDS):
                size, minute = await self._script(keys=[_KEY + client], args=arguments)
        except UNREACHABLE as error:
            self._lose(error)
            return None
        return Block(size, minute)

    async def close(self) -> None:
        """Close the connections."""
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking
        await self._hang_up()

    def _lose(self, error: BaseException) -> None:
        if self.reachable:
            log.warning("allowances_unreachable", error=type(error).__name__)
            self._looking = asyncio.create_task(self._look(), name="allowances")

    async def _look(self) -> None:
        """Try until Valkey answers."""
        while True:
            await self._hang_up()
            await asyncio.sleep(RETRY_SECONDS)
            with contextlib.suppress(*UNREACHABLE):
                async with asyncio.timeout(CONNECT_SECONDS):
                    await self._valkey.ping()
                break
        log.info("allowances_common")
        self._looking = None

    async def _hang_up(self) -> None:
        with contextlib.suppress(*UNREACHABLE):
            await self._valkey.aclose(close_connection_pool=True)
