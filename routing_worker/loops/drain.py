"""Drains the tasks: routes, merges, admits and forwards cases in batches."""

import time
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
"""The use case for each kind of task, in the order in which one leaves the other."""
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

    async def once(self) -> None:
        """Work every kind of task until nothing is due, each after the one that leaves it, then wait."""
        await self.bell.wait(self.sweep_seconds)
        for kind, work in BATCHES.items():
            started, count = time.perf_counter(), 0
            while finished := await work(
                self.db, await self.reference_cache.reference(), size=BATCH, lease=self.lease
            ):
                count += finished
            if count:
                # the tasks may have left messages for carriers and hotlines
                self.deliveries.rung.set()
                log.info(
                    "tasks_done", kind=kind, count=count, seconds=round(time.perf_counter() - started, 3)
                )
