"""Works a kind of task in batches, one transaction for all; where it fails, the one at fault is found by halving."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

import structlog
from prometheus_client import Counter

from services.tasks import bisect, queue
from services.tasks.queue import Lease, Task
from shared.database import Database

TASKS_FAILED = Counter("shensu_tasks_failed", "Tasks given back after a failure", ["kind", "state"])
log = structlog.get_logger()

Together = Callable[[Lease, Sequence[Task]], Awaitable[None]]
"""Does the work of some tasks of one lease in one transaction, and finishes them in it."""


async def drain(db: Database, kind: str, together: Together, *, size: int, lease: timedelta) -> int:
    """Take up to `size` due tasks of a kind and work them; returns how many were taken. Zero: nothing is due.

    A task that fails is given back to be tried later, and harms no other. Raises what the driver raises when the
    database is away; the lease then runs out and the tasks are taken again.
    """
    claimed = await queue.claim(db, kind, size=size, lease=lease)
    if claimed.tasks:
        try:
            await bisect.run(
                partial(together, claimed), claimed.tasks, partial(_give_back, db, kind, claimed)
            )
        except asyncio.CancelledError:
            await queue.give_back(db, claimed)
            raise
    return len(claimed.tasks)


async def _give_back(db: Database, kind: str, lease: Lease, task: Task, error: Exception) -> None:
    state = await queue.fail(db, lease.token, task, type(error).__name__)
    TASKS_FAILED.labels(kind, state).inc()
    log.error("task_failed", kind=kind, task=str(task.id), state=state, exc_info=error)
