"""Provisional limits, reckoned again when the working-day table has learnt of their days.

A case keeps the version of the deadline rules under which it was received; only the calendar is newer.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reference.book import Book
from services.rules import clocks
from shared import clock
from shared.database import Database
from shared.models import cases

# one statement for each stretch of days, in a transaction of its own: intake is never held up for long
_STRETCH = timedelta(days=7)

_RECKON = text(
    """
    UPDATE complaint AS c
    SET accept_due_at = u.accept_due_at, total_due_at = u.total_due_at, due_provisional = u.provisional,
        calendar_version = :calendar
    FROM unnest(CAST(:days AS date[]), CAST(:rules AS text[]), CAST(:accepts AS timestamptz[]),
                CAST(:totals AS timestamptz[]), CAST(:provisionals AS boolean[]))
         AS u(day, rules, accept_due_at, total_due_at, provisional)
    WHERE c.due_provisional AND c.closed_at IS NULL AND c.calendar_version <> :calendar
      AND c.received_at >= :since AND c.received_at < :before
      AND CAST(c.received_at AT TIME ZONE 'Asia/Shanghai' AS date) = u.day AND c.deadline_version = u.rules
    """
)


@dataclass(frozen=True, slots=True)
class _Group:
    day: date
    rules: str


async def recompute(db: Database, book: Book) -> int:
    """Reckon the provisional limits of open cases again; returns how many cases were touched.

    May be cut off and run again at any time: what was reckoned by this calendar is left alone.
    """
    async with db.transaction() as connection:
        groups = await _waiting(connection, book.calendar.version)
    touched = 0
    while groups:
        end = groups[0].day + _STRETCH
        stretch = [group for group in groups if group.day < end]
        groups = groups[len(stretch) :]
        async with db.transaction() as connection:
            touched += await _reckon(connection, stretch, book)
    return touched


async def _waiting(connection: AsyncConnection, calendar_version: str) -> list[_Group]:
    complaint = cases.complaint
    day = func.date(func.timezone("Asia/Shanghai", complaint.c.received_at))
    statement = (
        select(day.label("day"), complaint.c.deadline_version)
        .where(
            and_(
                complaint.c.due_provisional,
                complaint.c.closed_at.is_(None),
                complaint.c.calendar_version != calendar_version,
            )
        )
        .group_by("day", complaint.c.deadline_version)
        .order_by("day")
    )
    return [_Group(row.day, row.deadline_version) for row in await connection.execute(statement)]


async def _reckon(connection: AsyncConnection, groups: list[_Group], book: Book) -> int:
    limits = [_limits(group, book) for group in groups]
    result = await connection.execute(
        _RECKON,
        {
            "calendar": book.calendar.version,
            "days": [group.day for group in groups],
            "rules": [group.rules for group in groups],
            "accepts": [limit.accept_due_at for limit in limits],
            "totals": [limit.total_due_at for limit in limits],
            "provisionals": [limit.provisional for limit in limits],
            "since": clock.start_of_day(groups[0].day),
            "before": clock.start_of_day(groups[-1].day + timedelta(days=1)),
        },
    )
    return result.rowcount


def _limits(group: _Group, book: Book) -> clocks.Limits:
    received: datetime = clock.start_of_day(group.day)
    rules = book.deadlines_by_version.get(group.rules, book.deadlines)
    return clocks.limits_of_intake(received, book.calendar, rules)
