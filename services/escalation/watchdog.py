"""The watchdog of states: tells of cases that dwell in one too long, and of open cases for which no limit runs.

Limits see to what has a limit; this sees to the rest, so that no case hangs anywhere unseen. Each stay is told of once.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import changing
from services.cases.changing import Case, Change, Happening, Setting
from services.escalation import records
from services.escalation.records import Key, Record
from services.reference.book import Book
from services.rules import escalation
from services.rules.escalation import HANDLING, SUPERVISING
from services.rules.workflow import Actor
from shared import clock
from shared.database import Database
from shared.models.cases import IS_OPEN
from shared.vocabulary import Level, Status, Step

DWELL, NO_LIMIT = "dwell", "no_limit"
"""Keys of `escalation` that are no limits."""
FOUND = Counter("shensu_watchdog_found", "Cases that the watchdog told of", ["kind"])
log = structlog.get_logger()

# a stay is numbered by the minute in which it began: it lasts for days before it is told of, and so no two share one
_STAY = "(extract(epoch FROM c.status_since)::bigint / 60)::integer"
_UNTOLD = f"""
    NOT EXISTS (SELECT FROM escalation e WHERE e.bucket = c.bucket AND e.complaint_id = c.id
        AND e.key = :key AND e.round = {_STAY})
    LIMIT :size FOR NO KEY UPDATE OF c SKIP LOCKED
"""
# no case stands in a state before it was received, and by that moment the index is ordered
_DWELLING = text(f"""
    SELECT {records.COLUMNS}, {_STAY} AS stay
    FROM unnest(CAST(:statuses AS text[]), CAST(:before AS timestamptz[])) AS w(status, before)
    JOIN complaint c ON c.status = w.status AND c.received_at < w.before AND c.status_since < w.before
    WHERE c.{IS_OPEN} AND {_UNTOLD}
""")  # noqa: S608
_WITHOUT_LIMIT = text(f"""
    SELECT {records.COLUMNS}, {_STAY} AS stay
    FROM complaint c
    WHERE c.{IS_OPEN} AND c.scope = 'live' AND NOT EXISTS (
        SELECT FROM case_clock k WHERE k.bucket = c.bucket AND k.complaint_id = c.id
            AND k.stopped_at IS NULL AND k.paused_at IS NULL)
    AND {_UNTOLD}
""")  # noqa: S608


async def watch(db: Database, book: Book, *, size: int) -> int:
    """Tell of up to `size` cases of each kind; returns how many. Zero: nothing new is found."""
    async with db.transaction() as connection:
        dwelling = await _dwelling(connection, book, size)
        await _tell(connection, dwelling, book, DWELL)
    async with db.transaction() as connection:
        found = await connection.execute(_WITHOUT_LIMIT, {"key": NO_LIMIT, "size": size})
        limitless = found.all()
        await _tell(connection, limitless, book, NO_LIMIT)
    for case in limitless:
        # every open case has the total limit at the least: something is broken
        log.error("case_without_limit", number=case.number, state=case.status)
    FOUND.labels(DWELL).inc(len(dwelling))
    FOUND.labels(NO_LIMIT).inc(len(limitless))
    return len(dwelling) + len(limitless)


async def _dwelling(connection: AsyncConnection, book: Book, size: int) -> Sequence[Case]:
    now = await connection.scalar(text("SELECT clock_timestamp()"))
    before = {
        status: escalation.dwells_before(now, days, book.calendar)
        for status, days in book.watchdog.workdays.items()
    }
    values = {"statuses": list(before), "before": list(before.values()), "key": DWELL, "size": size}
    return (await connection.execute(_DWELLING, values)).all()


async def _tell(connection: AsyncConnection, cases: Sequence[Case], book: Book, key: str) -> None:
    told = {case.id: _told(case, book) for case in cases}
    records_of = [_record(case, key, told[case.id]) for case in cases]
    written = await records.write(connection, records_of)
    changes = [_change(case, key, told[case.id], book) for case in cases if _key(case, key) in written]
    await changing.apply(connection, changes, Setting(book, None))


def _told(case: Case, book: Book) -> tuple[str, ...]:
    return escalation.recipients((HANDLING, SUPERVISING), records.seats_of(case), book.jurisdictions)


def _key(case: Case, key: str) -> Key:
    return Key(case.bucket, case.id, key, case.stay, Step.OVERDUE)


def _record(case: Case, key: str, told: Sequence[str]) -> Record:
    return Record(_key(case, key), Level(case.level), Level(case.level), told)


def _change(case: Case, key: str, told: Sequence[str], book: Book) -> Change:
    data: dict[str, Any] = {
        "status": case.status,
        "since": case.status_since.astimezone(clock.SHANGHAI),
        "told": told,
    }
    if key == NO_LIMIT:
        happening = Happening("NO_LIMIT_RUNS", data)
    else:
        happening = Happening(
            "DWELLS_TOO_LONG", data | {"workdays": book.watchdog.workdays[Status(case.status)]}
        )
    return Change(case=case, actor=Actor.WORKER, happenings=[happening])
