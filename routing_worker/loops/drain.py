"""Works the tasks: routes, merges, admits and forwards cases in batches."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from routing_worker.bell import Bell
from services.merging import proven
from services.reference.cache import ReferenceCache
from services.routing import admit, forward, route
from services.tasks import queue
from shared.database import Database

BATCH = 500
BATCHES = {
    queue.ROUTE: route.route_batch,
    queue.MERGE: proven.merge_batch,
    queue.ADMIT: admit.admit_batch,
    queue.FORWARD: forward.forward_batch,
}
"""The use case of each kind of task, in the order in which one task creates the next."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Drain:
    """Routes and forwards all that is due, then waits for the bell or the next sweep."""

    db: Database
    reference_cache: ReferenceCache
    bell: Bell
    deliveries: Bell
    sweep_seconds: float
    lease: timedelta
    stopwatch: Callable[[], float] = time.perf_counter
    """Reads a clock, in seconds, by which the work is timed."""

    async def once(self) -> None:
        """Work every kind of task until nothing is due, in the order of the kinds, then wait."""
        await self.bell.wait(self.sweep_seconds)
        for kind, work in BATCHES.items():
            count, seconds = await self._until_none(work)
            if count:
                # the tasks may have written messages for carriers and hotlines
                self.deliveries.rung.set()
                log.info("tasks_done", kind=kind, count=count, seconds=round(seconds, 3))

    async def _until_none(self, work: Callable[..., Awaitable[int]]) -> tuple[int, float]:
        """Work one kind of task until nothing is due; returns how many were finished, and the seconds of work.

        To read the reference is no work: the first read after a start or a load takes longer than a batch.
        """
        count, seconds = 0, 0.0
        while True:
            reference = await self.reference_cache.reference()
            started = self.stopwatch()
            finished = await work(self.db, reference, size=BATCH, lease=self.lease)
            if not finished:
                return count, seconds
            count += finished
            seconds += self.stopwatch() - started
