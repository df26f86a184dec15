"""Recalculates provisional deadlines after an update of the working-day table.

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
ProvisionalDeadline = Row[tuple[object, ...]]
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
    """Recalculate up to `most` provisional deadlines after the load of a calendar; returns how many.

    A deadline that cannot be recalculated is isolated by bisection and logged; it stops no other, and is tried again.
    """
    async with db.transaction() as connection:
        waiting = await _waiting(connection, reference, most)
    recalculated: list[ProvisionalDeadline] = []
    if waiting:
        await bisect.run(partial(_these, db, reference, recalculated), waiting, _failed)
    return len(recalculated)


async def _these(
    db: Database,
    reference: ReferenceData,
    recalculated: list[ProvisionalDeadline],
    waiting: Sequence[ProvisionalDeadline],
) -> None:
    """Recalculate these deadlines, and add them to `recalculated`."""
    async with db.transaction() as connection:
        # older reference data would undo the recalculation
        if not await cache.is_in_force(connection, reference):
            return
        rows = await _waiting(connection, reference, len(waiting), among=waiting)
        await _recalculate(connection, rows, reference)
    recalculated += rows


async def _failed(deadline: ProvisionalDeadline, error: Exception) -> None:
    log.error("deadline_failed", number=deadline.number, kind=deadline.key, exc_info=error)


_KEY = tuple(case_deadline.c[name] for name in ("bucket", "complaint_id", "key", "round"))


async def _waiting(
    connection: AsyncConnection,
    reference: ReferenceData,
    size: int,
    *,
    among: Sequence[ProvisionalDeadline] | None = None,
) -> Sequence[ProvisionalDeadline]:
    """Return up to `size` deadlines that were computed with another calendar; of those `among` some, lock them."""
    columns = case_deadline.c
    statement = (
        select(case_deadline, complaint.c.handling_bureau, complaint.c.number)
        .join(complaint, (complaint.c.bucket == columns.bucket) & (complaint.c.id == columns.complaint_id))
        .where(
            columns.provisional,
            columns.stopped_at.is_(None),
            columns.paused_at.is_(None),
            columns.calendar_version != reference.calendar.version,
            columns.unit != stored_deadlines.FIXED,
        )
        .limit(size)
    )
    if among is not None:
        # a writer of a deadline locks its case: nothing waits here, and no change is overwritten
        statement = statement.where(
            tuple_(*_KEY).in_(
                [(deadline.bucket, deadline.complaint_id, deadline.key, deadline.round) for deadline in among]
            )
        ).with_for_update(of=[complaint, case_deadline], skip_locked=True)
    return (await connection.execute(statement)).all()


async def _recalculate(
    connection: AsyncConnection, rows: Sequence[ProvisionalDeadline], reference: ReferenceData
) -> None:
    bureaus: dict[uuid.UUID, str | None] = {row.complaint_id: row.handling_bureau for row in rows}
    await moved_deadlines.recalculate(connection, [Deadline.of(row) for row in rows], reference, bureaus)
    await next_due.set_nearest(connection, {(row.bucket, row.complaint_id) for row in rows})
