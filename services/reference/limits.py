"""Provisional limits, reckoned again when the working-day table has learnt of their days.

A case keeps the version of the deadline rules under which it was received; only the calendar is newer.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import running
from services.cases.running import Running
from services.reference import bookshelf
from services.reference.book import Book
from shared.database import Database
from shared.models.cases import complaint
from shared.models.handling import case_clock

STRETCH = 2_000


async def recompute(connection: AsyncConnection, book: Book, *, most: int | None = None) -> int:
    """Reckon provisional limits of open cases by the present calendar; returns how many were touched.

    Part of the transaction that loads a calendar. What somebody else holds at the moment is left to `catch_up`; what was
    reckoned by this calendar already is left alone.
    """
    touched = 0
    while rows := await _waiting(connection, book, most or STRETCH):
        await _reckon(connection, rows, book)
        touched += len(rows)
        if most is not None:
            break
    return touched


async def catch_up(db: Database, book: Book, *, most: int) -> int:
    """Reckon up to `most` provisional limits that the load of a calendar left to the sweep; returns how many."""
    async with db.transaction() as connection:
        # by a book of before they would be reckoned back
        if not await bookshelf.is_in_force(connection, book):
            return 0
        return await recompute(connection, book, most=most)


async def _waiting(connection: AsyncConnection, book: Book, size: int) -> Sequence[Row[tuple[object, ...]]]:
    clock_of = case_clock.c
    statement = (
        select(case_clock, complaint.c.handling_bureau)
        .join(complaint, (complaint.c.bucket == clock_of.bucket) & (complaint.c.id == clock_of.complaint_id))
        .where(
            clock_of.provisional,
            clock_of.stopped_at.is_(None),
            clock_of.paused_at.is_(None),
            clock_of.calendar_version != book.calendar.version,
            clock_of.unit != running.GIVEN,
        )
        .limit(size)
        # whoever changes a limit holds its case: nobody is waited for here, and nobody's change is overwritten
        .with_for_update(of=[complaint, case_clock], skip_locked=True)
    )
    return (await connection.execute(statement)).all()


async def _reckon(connection: AsyncConnection, rows: Sequence[Row[tuple[object, ...]]], book: Book) -> None:
    bureaus: dict[uuid.UUID, str | None] = {row.complaint_id: row.handling_bureau for row in rows}
    await running.reckon_anew(connection, [Running.of(row) for row in rows], book, bureaus)
    await running.set_nearest(connection, {(row.bucket, row.complaint_id) for row in rows})
