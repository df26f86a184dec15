"""Works tasks of one kind in batches of one transaction each; after a failure, bisection finds the faulty task."""

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
"""Does the work of some tasks of one lease in one transaction, and deletes the tasks in it."""


async def drain(db: Database, kind: str, together: Together, *, size: int, lease: timedelta) -> int:
    """Take up to `size` due tasks of a kind and work them; return how many were taken. Zero: nothing is due.

    A failed task is given back for a later attempt; the others are not affected. Raises the driver's error if the
    database is unreachable; then the lease expires and the tasks are taken again.
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
