"""Brings the facts up to date: takes the marks of changed days, recounts those days and their months.

Why no change is lost. A transaction that changes a case inserts a mark (`dirty_day`) and commits both at
once. The refresh runs under READ COMMITTED, where each statement sees what was committed when it began. It
first deletes the marks it sees: each is of a transaction that had committed, so the recounts, which begin
later, see that transaction's cases. A transaction that commits after the delete began leaves a mark that the
delete did not see; it stays, and the next refresh takes it. If the refresh fails, its marks come back with
the rollback. Recounting is idempotent, so a change that is seen before its mark is taken is merely counted
again.

Two refreshes never overlap: an older recount could overwrite a newer one. The row of `figures_state` is their
lock.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.figures import recount, spans, state
from shared import clock, database
from shared.database import Database

# A rebuild of all years is longer than a request may be, and the second refresh waits for the first.
_LIMITS = text(
    "SELECT set_config('statement_timeout', '600000', true), set_config('lock_timeout', '300000', true), "
    "set_config('work_mem', '64MB', true)",
)
_ANY_MARK = text("SELECT EXISTS (SELECT FROM dirty_day)")
_SETTLED = text("SELECT max(created_at) < clock_timestamp() - interval '1 second' FROM dirty_day")
_BE_THERE = text(
    "INSERT INTO figures_state (name, version, as_of) VALUES (:name, 0, :as_of) "
    "ON CONFLICT (name) DO NOTHING",
)
_LOCK = text("SELECT version FROM figures_state WHERE name = :name FOR UPDATE")
_TAKE = text("WITH taken AS (DELETE FROM dirty_day RETURNING day) SELECT DISTINCT day FROM taken")
_COUNTED_UP_TO = text("UPDATE figures_state SET version = version + 1, as_of = :as_of WHERE name = :name")
_EXTENT = text(
    """
    SELECT (SELECT min(received_at) FROM complaint), (SELECT max(received_at) FROM complaint),
           (SELECT min(accepted_at) FROM complaint), (SELECT max(accepted_at) FROM complaint),
           (SELECT min(closed_at) FROM complaint), (SELECT max(closed_at) FROM complaint)
    """,
)
_FACTS_EXTENT = text(
    "SELECT min(day) AS first, max(day) AS last "
    "FROM (SELECT day FROM daily_fact UNION ALL SELECT month FROM monthly_fact) f",
)
_MARK_ALL = text(
    "INSERT INTO dirty_day (day) "
    "SELECT generate_series(CAST(:first AS date), CAST(:last AS date), interval '1 day')::date"
)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh recounted: days and months, and how long it took."""

    days: int
    months: int
    seconds: float


NOTHING = Refreshed(0, 0, 0.0)


async def is_settled(db: Database) -> bool:
    """Tell whether there are marks, and none of the last second: what was changing has come to rest."""
    async with db.transaction() as connection:
        return bool(await connection.scalar(_SETTLED))


async def refresh(db: Database) -> Refreshed:
    """Recount the marked days and their months in one transaction. Nothing marked: nothing written."""
    started = time.perf_counter()
    async with db.transaction() as connection:
        if not await connection.scalar(_ANY_MARK):
            return NOTHING
        await connection.execute(_LIMITS)
        await connection.execute(_BE_THERE, {"name": state.NAME, "as_of": await database.moment(connection)})
        await connection.execute(_LOCK, {"name": state.NAME})
        # the lock may have been waited for
        as_of = await database.moment(connection)
        days = list((await connection.scalars(_TAKE)).all())
        if not days:
            return NOTHING
        months = await _recount(connection, days)
        await connection.execute(_COUNTED_UP_TO, {"name": state.NAME, "as_of": as_of})
    done = Refreshed(len(days), months, time.perf_counter() - started)
    log.info("figures_refreshed", days=done.days, months=done.months, seconds=round(done.seconds, 3))
    return done


async def _recount(connection: AsyncConnection, days: Sequence[date]) -> int:
    by_day, by_month = spans.of_days(days), spans.of_months(days)
    statements = recount.from_cases()
    for period, of in (("day", by_day), ("month", by_month)):
        await connection.exec_driver_sql(statements[period], (of.periods, of.starts, of.stops))
    months_after = [spans.next_month(month) for month in by_month.periods]
    for statement in recount.from_facts():
        await connection.exec_driver_sql(statement, (by_month.periods, months_after))
    return len(by_month.periods)


async def rebuild(db: Database) -> Refreshed:
    """Mark every day that any case or fact tells of, and refresh: the daily way, over all of history."""
    async with db.transaction() as connection:
        await connection.execute(_LIMITS)
        moments = [moment for moment in (await connection.execute(_EXTENT)).one() if moment is not None]
        facts = (await connection.execute(_FACTS_EXTENT)).one()
        days = [clock.civil_day(moment) for moment in moments]
        if facts.first is not None:
            days += [facts.first, spans.next_month(facts.last) - timedelta(days=1)]
        if days:
            await connection.execute(_MARK_ALL, {"first": min(days), "last": max(days)})
    return await refresh(db)
