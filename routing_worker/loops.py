"""The worker's loops. Each goes on whatever happens to Postgres or Valkey, waits longer after each failure, and says so."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from prometheus_client import Gauge
from sqlalchemy.exc import SQLAlchemyError

from services.figures import refresh
from services.merging import proven
from services.reference.cache import ReferenceCache
from services.routing import admit, forward, route
from services.tasks import queue
from shared import wakeup
from shared.database import Database
from shared.errors import ShensuError

BATCH = 500
DRAINS = 2
"""While one batch waits for Postgres another one is decided; they never hold the same case."""
FIGURES_SECONDS = 1.0
"""Figures are refreshed at most so often, and never for more than a sixth of the time."""
_FIGURES_SHARE = 5
_LONGEST_WAIT_SECONDS = 10.0
BATCHES = {
    queue.ROUTE: route.route_batch,
    queue.MERGE: proven.merge_batch,
    queue.ADMIT: admit.admit_batch,
    queue.FORWARD: forward.forward_batch,
}
"""What is done for each kind of task, in the order in which one leaves the other."""
EXPECTED = (SQLAlchemyError, ShensuError, *wakeup.UNREACHABLE)
DOORBELL = Gauge("shensu_doorbell_up", "Whether the worker hears the doorbell")
REFRESHED = Gauge("shensu_figures_refresh_seconds", "How long the last refresh of the figures took")
log = structlog.get_logger()


@dataclass(slots=True)
class Bell:
    """Wakes a loop; a ring during its work makes it look once more. `beside`: by kind, whom a ring wakes as well."""

    rung: asyncio.Event = field(default_factory=asyncio.Event)
    is_heard: bool = False
    beside: dict[str, "Bell"] = field(default_factory=dict)

    async def ring(self, kind: str) -> None:
        """Say that there may be work."""
        self.rung.set()
        if (other := self.beside.get(kind)) is not None:
            other.rung.set()

    async def wait(self, seconds: float) -> None:
        """Wait for a ring, at most so long: then the sweep's turn has come."""
        try:
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        except TimeoutError:
            return
        finally:
            self.rung.clear()


async def keep_on(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do one piece of work after another for ever; after a failure wait, longer each time, up to ten seconds."""
    failures = 0
    while True:
        try:
            await work()
            failures = 0
        except Exception as error:  # noqa: BLE001 - a process edge: the loop goes on whatever happens
            failures += 1
            wait = min(0.25 * 2**failures, _LONGEST_WAIT_SECONDS) * (0.5 + random.random())  # noqa: S311 - spreads retries
            tell = log.warning if isinstance(error, EXPECTED) else log.error
            tell("loop_failed", kind=name, seconds=round(wait, 2), attempts=failures, exc_info=error)
            await asyncio.sleep(wait)


@dataclass(frozen=True, slots=True)
class Drain:
    """Routes and forwards all that is due, then waits for the bell or the next sweep."""

    db: Database
    reference_cache: ReferenceCache
    bell: Bell
    deliveries: Bell
    sweep_seconds: float
    lease: timedelta

    async def once(self) -> None:
        """Work every kind of task until nothing is due, each after the one that leaves it, then wait."""
        await self.bell.wait(self.sweep_seconds)
        for kind, work in BATCHES.items():
            started, count = time.perf_counter(), 0
            while taken := await work(
                self.db, await self.reference_cache.reference(), size=BATCH, lease=self.lease
            ):
                count += taken
            if count:
                # what was done may have left messages for the world outside
                self.deliveries.rung.set()
                log.info(
                    "tasks_done", kind=kind, count=count, seconds=round(time.perf_counter() - started, 3)
                )


@dataclass(slots=True)
class Figures:
    """Recomputes the days that changed.

    Not again before five times as long has gone by as the last time took, so that a great import does not have its
    figures counted at every moment; but at once when nothing changes any more.
    """

    db: Database
    not_before: float = 0.0

    async def once(self) -> None:
        """Refresh, if it is time."""
        await asyncio.sleep(FIGURES_SECONDS)
        if time.monotonic() < self.not_before and not await refresh.is_settled(self.db):
            return
        done = await refresh.refresh(self.db)
        if done.days:
            REFRESHED.set(done.seconds)
        self.not_before = time.monotonic() + _FIGURES_SHARE * done.seconds


async def listen(redis_url: str, bell: Bell) -> None:
    """Hear the doorbell until Valkey goes away."""

    def _connected() -> None:
        bell.is_heard = True
        DOORBELL.set(1)
        log.info("doorbell_heard")

    try:
        await wakeup.listen(redis_url, bell.ring, _connected)
    finally:
        bell.is_heard = False
        DOORBELL.set(0)
