"""The rate limit of each client: a number of complaints or other requests in a minute, over all processes of a service.

A process takes blocks of the common allowance (`shared.allowances`), so that most requests ask nobody. A block is small, is
returned after a second, and grows only for a client that uses it up. While Valkey does not answer, the process admits its
share: the limit divided by the number of processes.
"""

import asyncio
import time
import uuid
from typing import ClassVar, Protocol

from shared.allowances import NOTHING, Allowances, Block
from shared.errors import InvalidInputError, ShensuError

BLOCK_SECONDS = 1.0
_MINUTE = 60.0
_PARKED = 20
"""All processes together hold at most a twentieth of a limit without using it."""
_RETRY_AFTER_SECONDS = 5
_REFUSED_SECONDS = 0.1


class RateLimitedError(ShensuError):
    """The client exceeded its rate limit."""

    status: ClassVar[int] = 429
    code: ClassVar[str] = "rate-limited"
    title: ClassVar[str] = "Too many requests"
    retryable: ClassVar[bool] = True


class Limited(Protocol):
    """The attributes of a caller that its rate limit needs."""

    @property
    def client_id(self) -> uuid.UUID:
        """The client."""

    @property
    def per_minute(self) -> int:
        """How many complaints or other requests the caller may send in a minute."""


class RateLimiter:
    """Counts the requests of each client. Without `allowances`, this process alone counts, up to its share.

    Only recognised clients are counted, each by itself: no request without a valid key uses up the allowance of another.
    """

    def __init__(self, allowances: Allowances | None = None, *, processes: int = 1) -> None:
        self._allowances = allowances
        self._processes = processes
        self._clients: dict[uuid.UUID, _Client] = {}

    async def check(self, caller: Limited, cost: int = 1) -> None:
        """Count `cost` against the client's limit per minute. Raises 429, or 422 if `cost` exceeds the whole limit."""
        client = self._clients.get(caller.client_id)
        if client is None:
            client = self._clients[caller.client_id] = _Client()
        if client.spend(cost, time.monotonic()):
            return
        if cost > caller.per_minute:
            raise InvalidInputError(
                f"This client may send {caller.per_minute} complaints a minute: send batches of at most so many."
            )
        if not await self._admitted(client, caller, cost):
            raise RateLimitedError(
                f"This client may send {caller.per_minute} a minute; wait and send the same request again.",
                retry_after=_RETRY_AFTER_SECONDS,
            )

    async def _admitted(self, client: "_Client", caller: Limited, cost: int) -> bool:
        if self._allowances is not None and self._allowances.reachable:
            async with client.turn:
                # while this request waited, another one may have taken a block
                if client.spend(cost, time.monotonic()):
                    return True
                admitted = await self._taken(self._allowances, client, caller, cost)
            if admitted is not None:
                return admitted
        return client.spend_share(cost, max(1, caller.per_minute // self._processes), time.monotonic())

    async def _taken(
        self, allowances: Allowances, client: "_Client", caller: Limited, cost: int
    ) -> bool | None:
        """Take a block and spend of it; None if Valkey does not answer."""
        now = time.monotonic()
        if client.is_refused(cost, now):
            return False
        most = max(1, caller.per_minute // (_PARKED * self._processes))
        block = await allowances.take(
            str(caller.client_id),
            caller.per_minute,
            least=cost,
            most=cost + min(client.next_size(now), most) - 1,
            unused=client.block,
            spent=client.uncounted(now),
        )
        if block is None:
            # it may have been given back, so it must not be used
            client.block = NOTHING
            return None
        client.renew(block, now)
        if not block.size:
            client.refuse(cost, now)
        return client.spend(cost, now)


class _Client:
    """What this process may admit of a client, and has admitted."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.block = NOTHING
        self._until = 0.0
        self._used = 0
        self._refused = 0
        self._refused_until = 0.0
        self._admitted = _Window()
        self._alone = _Window()

    def spend(self, cost: int, now: float) -> bool:
        """Report whether the present block holds the cost; take it from there."""
        if self.block.size < cost or now > self._until:
            return False
        self.block = Block(self.block.size - cost, self.block.minute)
        self._used += cost
        self._admitted.add(cost, now)
        return True

    def spend_share(self, cost: int, share: int, now: float) -> bool:
        """Report whether the share of this process holds the cost; count it, to be told to the others later.

        A batch that is larger than the share is admitted by a process that has admitted nothing else: it could never be sent
        otherwise.
        """
        admitted = self._admitted.count(now)
        if admitted + cost > share and admitted:
            return False
        self._admitted.add(cost, now)
        self._alone.add(cost, now)
        return True

    def next_size(self, now: float) -> int:
        """Return the size of the next block: twice what was used of the last one, if that was used up in time."""
        return max(1, self._used * 2 if now <= self._until else self._used)

    def uncounted(self, now: float) -> int:
        """Return what was admitted in the last minute without being counted for all."""
        return int(self._alone.count(now))

    def is_refused(self, cost: int, now: float) -> bool:
        """Report whether as much was refused a moment ago: a client that sends on costs no more questions."""
        return now < self._refused_until and cost >= self._refused

    def refuse(self, cost: int, now: float) -> None:
        """Note that all processes together have no room for the cost."""
        self._refused, self._refused_until = cost, now + _REFUSED_SECONDS

    def renew(self, block: Block, now: float) -> None:
        """Begin with a new block; what was left of the old one, and what was not counted, is accounted for."""
        self.block, self._until, self._used = block, now + BLOCK_SECONDS, 0
        self._alone = _Window()


class _Window:
    """Counts in a sliding minute: this one's count, and that of the one before as far as it reaches into 60 seconds."""

    __slots__ = ("_count", "_last", "_minute")

    def __init__(self) -> None:
        self._minute = self._count = self._last = 0

    def add(self, cost: int, now: float) -> None:
        """Count a cost at a moment of the monotonic clock."""
        self._advance(now)
        self._count += cost

    def count(self, now: float) -> float:
        """Return the count of the last minute."""
        self._advance(now)
        return self._count + self._last * (self._minute + 1 - now / _MINUTE)

    def _advance(self, now: float) -> None:
        minute = int(now // _MINUTE)
        if minute != self._minute:
            self._last = self._count if minute == self._minute + 1 else 0
            self._minute, self._count = minute, 0
