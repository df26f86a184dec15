"""Provisional limits, reckoned again when the working-day table has learnt of their days.

A case keeps the version of the deadline rules under which it was received; only the calendar is newer.
"""

import uuid
from collections.abc import Sequence
from functools import partial

import structlog
from sqlalchemy import Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import moved_deadlines, next_due, stored_deadlines
from services.cases.stored_deadlines import Deadline
from services.reference import cache
from services.reference.data import ReferenceData
from services.tasks import bisect
from shared.database import Database
from shared.models.cases import complaint
from shared.models.deadlines import case_deadline

STRETCH = 2_000
Limit = Row[tuple[object, ...]]
"""A row of `case_deadline`, with number and bureau of its case."""
log = structlog.get_logger()


async def recalculate_all(db: Database) -> int:
    """Recalculate provisional deadlines after a load of the calendar, until none is left; returns how many.

    What somebody else holds at the moment, or cannot be counted, is left to the worker.
    """
    async with db.transaction() as connection:
        reference = await cache.read(connection)
    total = 0
    while count := await catch_up(db, reference, most=STRETCH):
        total += count
    return total


async def catch_up(db: Database, reference: ReferenceData, *, most: int) -> int:
    """Reckon up to `most` provisional limits that the load of a calendar left to the worker; returns how many.

    One that cannot be reckoned is found by halving and logged, keeps no other from being reckoned, and is tried again.
    """
    async with db.transaction() as connection:
        waiting = await _waiting(connection, reference, most)
    reckoned: list[Limit] = []
    if waiting:
        await bisect.run(partial(_these, db, reference, reckoned), waiting, _failed)
    return len(reckoned)


async def _these(
    db: Database, reference: ReferenceData, reckoned: list[Limit], waiting: Sequence[Limit]
) -> None:
    """Reckon these limits, and add them to those that were reckoned."""
    async with db.transaction() as connection:
        # by a reference of before they would be reckoned back
        if not await cache.is_in_force(connection, reference):
            return
        rows = await _waiting(connection, reference, len(waiting), among=waiting)
        await _reckon(connection, rows, reference)
    reckoned += rows


async def _failed(limit: Limit, error: Exception) -> None:
    log.error("deadline_failed", number=limit.number, kind=limit.key, exc_info=error)


_KEY = tuple(case_deadline.c[name] for name in ("bucket", "complaint_id", "key", "round"))


async def _waiting(
    connection: AsyncConnection, reference: ReferenceData, size: int, *, among: Sequence[Limit] | None = None
) -> Sequence[Limit]:
    """Lock and return up to `size` limits that were reckoned by another calendar."""
    clock_of = case_deadline.c
    statement = (
        select(case_deadline, complaint.c.handling_bureau, complaint.c.number)
        .join(complaint, (complaint.c.bucket == clock_of.bucket) & (complaint.c.id == clock_of.complaint_id))
        .where(
            clock_of.provisional,
            clock_of.stopped_at.is_(None),
            clock_of.paused_at.is_(None),
            clock_of.calendar_version != reference.calendar.version,
            clock_of.unit != stored_deadlines.FIXED,
        )
        .limit(size)
        # whoever changes a limit holds its case: nobody is waited for here, and nobody's change is overwritten
        .with_for_update(of=[complaint, case_deadline], skip_locked=True)
    )
    if among is not None:
        statement = statement.where(
            tuple_(*_KEY).in_(
                [(deadline.bucket, deadline.complaint_id, deadline.key, deadline.round) for deadline in among]
            )
        )
    return (await connection.execute(statement)).all()


async def _reckon(connection: AsyncConnection, rows: Sequence[Limit], reference: ReferenceData) -> None:
    bureaus: dict[uuid.UUID, str | None] = {row.complaint_id: row.handling_bureau for row in rows}
    await moved_deadlines.recalculate(connection, [Deadline.of(row) for row in rows], reference, bureaus)
    await next_due.set_nearest(connection, {(row.bucket, row.complaint_id) for row in rows})
