"""Deadlines and surges: recalculation, the sweep, the watchdog of states, warnings of surges, each in a loop of its own.

The loops are independent: one that fails does not stop the others. Any number of workers may run them at once: each
worker skips the cases that another one has locked, and every effect has a key.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from prometheus_client import Gauge

from routing_worker.supervision import rest
from services.deadlines import recalculation, sweep, watchdog
from services.reference.cache import ReferenceCache
from services.surges import warning
from shared.database import Database

BATCH = 500
SWEPT = Gauge(
    "shensu_deadlines_swept_timestamp_seconds",
    "When the sweep of deadlines last finished all due work",
    multiprocess_mode="max",
)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The loops that act when time has passed. `seconds` is the rest between two rounds."""

    db: Database
    reference_cache: ReferenceCache
    seconds: float

    async def recalculate(self) -> None:
        """Recalculate provisional deadlines after a load of a calendar, until none is left."""
        while await recalculation.catch_up(self.db, await self.reference_cache.reference(), most=BATCH):
            pass
        await rest(self.seconds)

    async def sweep(self) -> None:
        """Take the due steps of deadlines until none is left."""
        await self._until_none("deadlines_swept", sweep.sweep)
        SWEPT.set_to_current_time()
        await rest(self.seconds)

    async def watch(self) -> None:
        """Report cases that stay too long in a state, or have no running deadline."""
        await self._until_none("watchdog_notified", watchdog.watch)
        await rest(self.seconds)

    async def warn(self) -> None:
        """Count complaints by place, and warn of unusual numbers."""
        await warning.warn(self.db, await self.reference_cache.reference(), size=BATCH)
        await rest(self.seconds)

    async def _until_none(self, event: str, work: Callable[..., Awaitable[int]]) -> None:
        started, total = time.perf_counter(), 0
        while count := await work(self.db, await self.reference_cache.reference(), size=BATCH):
            total += count
        if total:
            log.info(event, count=total, seconds=round(time.perf_counter() - started, 3))
