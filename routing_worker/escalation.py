"""The worker's clocks: limits are reckoned anew and swept, states watched, surges warned of, each in a loop of its own.

None of them is needed for the others, and one that fails hinders none. Any number of workers may run them at once: what
one holds another leaves alone, and every effect has its key.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from prometheus_client import Gauge

from services.deadlines import recalculation, sweep, watchdog
from services.reference.cache import ReferenceCache
from services.surges import warning
from shared.database import Database

BATCH = 500
SWEPT = Gauge(
    "shensu_deadlines_swept_timestamp_seconds", "When the sweep of the clocks last found nothing more to do"
)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Clocks:
    """Looks at what time has brought about. The seconds are how long each loop rests, spread by half either way."""

    db: Database
    reference_cache: ReferenceCache
    sweep_seconds: float
    watchdog_seconds: float
    surge_seconds: float

    def loops(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """Return the loops by name."""
        return {
            "deadlines": self.reckon,
            "deadlines": self.sweep,
            "watchdog": self.watch,
            "surges": self.warn,
        }

    async def reckon(self) -> None:
        """Reckon what a load of a calendar left over, until nothing is left."""
        while await recalculation.catch_up(self.db, await self.reference_cache.reference(), most=BATCH):
            pass
        await _rest(self.watchdog_seconds)

    async def sweep(self) -> None:
        """Look at due limits until none is left."""
        await self._until_none("deadlines_swept", sweep.sweep)
        SWEPT.set_to_current_time()
        await _rest(self.sweep_seconds)

    async def watch(self) -> None:
        """Look for cases that dwell too long, or for which no limit runs."""
        await self._until_none("watchdog_told", watchdog.watch)
        await _rest(self.watchdog_seconds)

    async def warn(self) -> None:
        """Count complaints by place, and warn where they stand out."""
        await warning.warn(self.db, await self.reference_cache.reference(), size=BATCH)
        await _rest(self.surge_seconds)

    async def _until_none(self, event: str, work: Callable[..., Awaitable[int]]) -> None:
        started, count = time.perf_counter(), 0
        while found := await work(self.db, await self.reference_cache.reference(), size=BATCH):
            count += found
        if count:
            log.info(event, count=count, seconds=round(time.perf_counter() - started, 3))


async def _rest(seconds: float) -> None:
    await asyncio.sleep(seconds * (0.5 + random.random()))  # noqa: S311 - spreads the work of several workers
