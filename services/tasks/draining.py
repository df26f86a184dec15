"""Works a kind of task in batches, one transaction for all; where it fails, the one at fault is found by halving."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from services.tasks import queue
from services.tasks.queue import Lease, Task
from shared import database
from shared.database import Database
from shared.errors import ShensuError

FAULTS_OF_ONE = (
    SQLAlchemyError, ShensuError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError,
    AssertionError,
)  # fmt: skip
TASKS_FAILED = Counter("shensu_tasks_failed", "Tasks given back after a failure", ["kind", "state"])
log = structlog.get_logger()

Together = Callable[[Lease, Sequence[Task]], Awaitable[None]]
"""Does the work of some tasks of one lease in one transaction, and finishes them in it."""


async def drain(db: Database, kind: str, together: Together, *, size: int, lease: timedelta) -> int:
    """Take up to `size` due tasks of a kind and work them; returns how many were taken. Zero: nothing is due.

    A task that fails is given back to be tried later, and harms no other. Raises what the driver raises when the
    database is away; the lease then runs out and the tasks are taken again.
    """
    held = await queue.claim(db, kind, size=size, lease=lease)
    if held.tasks:
        try:
            await _work(db, kind, together, held, held.tasks)
        except asyncio.CancelledError:
            await queue.give_back(db, held)
            raise
    return len(held.tasks)


async def _work(db: Database, kind: str, together: Together, held: Lease, tasks: Sequence[Task]) -> None:
    try:
        await together(held, tasks)
    except FAULTS_OF_ONE as error:
        if database.is_transient(error):
            raise
        if len(tasks) > 1:
            middle = len(tasks) // 2
            await _work(db, kind, together, held, tasks[:middle])
            await _work(db, kind, together, held, tasks[middle:])
            return
        state = await queue.fail(db, held.token, tasks[0], type(error).__name__)
        TASKS_FAILED.labels(kind, state).inc()
        log.exception("task_failed", kind=kind, task=str(tasks[0].id), state=state)
