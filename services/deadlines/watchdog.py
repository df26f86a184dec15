"""The watchdog of states: reports cases that stay in one too long, and open cases without a running deadline.

The sweep checks deadlines; the watchdog checks the rest, so that no case is forgotten. Each stay is reported once.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import structlog
from prometheus_client import Counter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import case_row, writer
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.deadlines import records
from services.deadlines.records import EscalationKey, EscalationRecord, SweptCase
from services.reference.data import ReferenceData
from services.rules.deadlines import escalation
from services.rules.deadlines.escalation import HANDLING, SUPERVISING
from services.rules.states.verbs import Actor
from services.tasks import bisect
from shared import clock, database
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.cases import IS_OPEN
from shared.vocabulary import Level, Status, Step

DWELL, NO_DEADLINE = "dwell", "no_deadline"
"""Keys of `escalation` that are no deadlines."""
REPORTS = Counter("shensu_watchdog_reports", "Cases that the watchdog reported", ["kind"])
FAILED = Counter("shensu_watchdog_failed", "Cases that the watchdog could not report: see the log")
log = structlog.get_logger()


class WatchedCase(NamedTuple):
    """A case that the watchdog found, as it was then: it is not locked."""

    bucket: int
    id: uuid.UUID
    number: str
    version: int


@dataclass(frozen=True, slots=True)
class DwellingCase(SweptCase):
    """A case that is locked, and the number of its stay in its state."""

    stay: int


# a stay is numbered by the minute in which it began: it lasts for days before it is reported, and so no two share one
_STAY = "(extract(epoch FROM c.status_since)::bigint / 60)::integer"
_UNREPORTED = f"""
    NOT EXISTS (SELECT FROM escalation e WHERE e.bucket = c.bucket AND e.complaint_id = c.id
        AND e.key = :key AND e.round = {_STAY})
    LIMIT :size
"""
# no case stands in a state before it was received, and by that moment the index is ordered
_DWELLING = text(f"""
    SELECT c.bucket, c.id, c.number, c.version
    FROM unnest(CAST(:statuses AS text[]), CAST(:before AS timestamptz[])) AS w(status, before)
    JOIN complaint c ON c.status = w.status AND c.received_at < w.before AND c.status_since < w.before
    WHERE c.{IS_OPEN} AND {_UNREPORTED}
""")  # noqa: S608
_WITHOUT_DEADLINE = text(f"""
    SELECT c.bucket, c.id, c.number, c.version
    FROM complaint c
    WHERE c.{IS_OPEN} AND c.scope = 'live' AND NOT EXISTS (
        SELECT FROM case_deadline k WHERE k.bucket = c.bucket AND k.complaint_id = c.id
            AND k.stopped_at IS NULL AND k.paused_at IS NULL)
    AND {_UNREPORTED}
""")  # noqa: S608
# a case that is locked, or has changed since, is searched again the next time
_THESE = f"""
    SELECT {case_row.sql(DwellingCase, stay=_STAY)}
    FROM unnest($1::smallint[], $2::uuid[], $3::integer[]) AS u(bucket, id, version)
    JOIN complaint c ON c.bucket = u.bucket AND c.id = u.id AND c.version = u.version
    FOR NO KEY UPDATE OF c SKIP LOCKED
"""  # noqa: S608


async def watch(db: Database, reference: ReferenceData, *, size: int) -> int:
    """Report up to `size` cases of each kind; returns how many. Zero: nothing new.

    A case that cannot be reported is isolated by bisection and logged; it stops no other case, and is tried again.
    """
    reported: list[DwellingCase] = []
    for key, find in ((DWELL, _dwelling), (NO_DEADLINE, _without_deadline)):
        async with db.transaction() as connection:
            cases = await find(connection, reference, size)
        if cases:
            await bisect.run(partial(_report, db, reference, key, reported), cases, _failed)
    return len(reported)


async def _dwelling(
    connection: AsyncConnection, reference: ReferenceData, size: int
) -> Sequence[WatchedCase]:
    moment = await database.moment(connection)
    before = {
        status: escalation.dwells_before(moment, days, reference.calendar)
        for status, days in reference.watchdog.workdays.items()
    }
    values = {"statuses": list(before), "before": list(before.values()), "key": DWELL, "size": size}
    return [WatchedCase._make(row) for row in await connection.execute(_DWELLING, values)]


async def _without_deadline(
    connection: AsyncConnection, _reference: ReferenceData, size: int
) -> Sequence[WatchedCase]:
    rows = await connection.execute(_WITHOUT_DEADLINE, {"key": NO_DEADLINE, "size": size})
    return [WatchedCase._make(row) for row in rows]


async def _report(
    db: Database,
    reference: ReferenceData,
    key: str,
    reported: list[DwellingCase],
    waiting: Sequence[WatchedCase],
) -> None:
    """Report the cases that did not change since they were selected, and add them to `reported`."""
    async with db.transaction() as connection:
        keys = tuple([getattr(case, name) for case in waiting] for name in ("bucket", "id", "version"))
        cases = case_row.build(DwellingCase, await connection.exec_driver_sql(_THESE, keys))
        recipients = {case.id: _recipients(case, reference) for case in cases}
        written = await records.write(connection, [_record(case, key, recipients[case.id]) for case in cases])
        changes = [
            _change(case, key, recipients[case.id], reference) for case in cases if _key(case, key) in written
        ]
        await writer.apply(connection, changes, WorkerContext(reference))
    reported += cases
    REPORTS.labels(key).inc(len(cases))
    if key == NO_DEADLINE:
        for case in cases:
            # every open case has at least the total deadline: something is broken
            log.error("case_without_deadline", number=case.number, state=case.status)


async def _failed(case: WatchedCase, error: Exception) -> None:
    FAILED.inc()
    log.error("watchdog_failed", number=case.number, exc_info=error)


def _recipients(case: DwellingCase, reference: ReferenceData) -> tuple[str, ...]:
    return escalation.recipients((HANDLING, SUPERVISING), records.seats_of(case), reference.jurisdictions)


def _key(case: DwellingCase, key: str) -> EscalationKey:
    return EscalationKey(case.bucket, case.id, key, case.stay, Step.OVERDUE)


def _record(case: DwellingCase, key: str, notified_bureaus: Sequence[str]) -> EscalationRecord:
    return EscalationRecord(_key(case, key), Level(case.level), Level(case.level), notified_bureaus)


def _change(
    case: DwellingCase, key: str, notified_bureaus: Sequence[str], reference: ReferenceData
) -> CaseChange:
    data: dict[str, object] = {
        "status": case.status,
        "since": case.status_since.astimezone(clock.SHANGHAI),
        "notified_bureaus": notified_bureaus,
    }
    if key == NO_DEADLINE:
        event = NewEvent(EventKind.NO_DEADLINE_RUNS, data)
    else:
        event = NewEvent(
            EventKind.DWELLS_TOO_LONG, data | {"workdays": reference.watchdog.workdays[Status(case.status)]}
        )
    return CaseChange(case=case, actor=Actor.WORKER, new_events=[event])
