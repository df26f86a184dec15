"""The surge warning: a group record while complaints stand out, its cases linked, and raised where the kind raises them.

A surge that stood out within the last seven days goes on in its record; `week` is the Monday of the week in which it
began, and keeps records apart. Each effect happens once, whichever process warns and however often.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import case_row, level_change, stored_deadlines, writer
from services.cases.changes import CaseChange, WorkerContext
from services.cases.stored_deadlines import Deadline
from services.deadlines.records import SweptCase
from services.reference.data import ReferenceData
from services.rules.states.verbs import Actor
from services.surges import counts
from services.surges.counts import CITY, OUTLET, PLACES, STOPPAGE, USERS, Group
from services.tasks import bisect
from shared import bulk, database, ids
from shared.database import Database
from shared.models import surges
from shared.vocabulary import ENDED, Level, Status

LEVELS: Mapping[str, Level] = {CITY: Level.KEY, OUTLET: Level.KEY, USERS: Level.KEY, STOPPAGE: Level.CRITICAL}
"""The level of the group record (rulebook 8 [P])."""
RAISING: Mapping[str, str] = {USERS: "OUTLET_USERS", STOPPAGE: "NETWORK_STOPPAGE"}
"""Kinds that raise their cases to that level, and the trigger that the event names."""
MOST = 50_000
"""So many cases are linked in a round at most."""
OPENED = Counter("shensu_surges_opened", "Surges that were detected", ["kind"])
FAILED = Counter("shensu_surges_failed", "Cases that could not be linked to a surge: see the log")
log = structlog.get_logger()


async def warn(db: Database, reference: ReferenceData, *, size: int) -> int:
    """Keep the record of every group that stands out, and link its cases, `size` a transaction; returns how many groups.

    The cases are read once, however many: up to `MOST`, the others the next time.
    """
    async with db.transaction() as connection:
        records = await _keep(connection, await counts.find(connection, reference.surges), reference)
    unlinked = await _unlinked(db, records) if records else []
    for first in range(0, len(unlinked), size):
        await bisect.run(partial(_these, db, reference), unlinked[first : first + size], _failed)
    return len(records)


class GroupRecord(NamedTuple):
    """A group record, and how many days back its cases reach."""

    id: uuid.UUID
    kind: str
    carrier_code: str
    place: str
    days: int


_KEEP = """
    INSERT INTO surge (id, kind, carrier_code, place, province, count, mean, deviation, level, national, week, updated_at)
    SELECT u.*, coalesce(
            (SELECT max(s.week) FROM surge s WHERE s.kind = u.kind AND s.carrier_code = u.carrier_code
                AND s.place = u.place AND s.updated_at > $11::timestamptz - interval '7 days'),
            date_trunc('week', $11::timestamptz AT TIME ZONE 'Asia/Shanghai')::date
        ), $11::timestamptz
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::float8[], $8::float8[],
        $9::text[], $10::boolean[]) AS u(id, kind, carrier_code, place, province, count, mean, deviation, level, national)
    ON CONFLICT (kind, carrier_code, place, week) DO UPDATE SET count = EXCLUDED.count, mean = EXCLUDED.mean,
        deviation = EXCLUDED.deviation, updated_at = EXCLUDED.updated_at
    RETURNING id, kind, carrier_code, place, count AS number, xmax = 0 AS opened
"""


async def _keep(
    connection: AsyncConnection, groups: Sequence[Group], reference: ReferenceData
) -> list[GroupRecord]:
    if not groups:
        return []
    rows = [
        (
            ids.uuid7(),
            group.kind,
            group.carrier_code,
            group.place,
            group.province,
            group.number,
            group.mean,
            group.deviation,
            LEVELS[group.kind],
            group.kind == STOPPAGE,
        )
        for group in groups
    ]
    columns = tuple(list(column) for column in zip(*rows, strict=True))
    moment = await database.moment(connection)
    days = {USERS: reference.surges.users_days, STOPPAGE: reference.surges.stoppage_days}
    records = []
    for row in await connection.exec_driver_sql(_KEEP, (*columns, moment)):
        records.append(GroupRecord(row.id, row.kind, row.carrier_code, row.place, days.get(row.kind, 7)))
        if row.opened:
            OPENED.labels(row.kind).inc()
            log.warning("surge_opened", kind=row.kind, count=row.number)
    return records


class UnlinkedCase(NamedTuple):
    """A case of a group that is not linked to it yet: nobody has locked it."""

    bucket: int
    id: uuid.UUID
    number: str
    version: int
    surge_id: uuid.UUID
    surge_kind: str


@dataclass(frozen=True, slots=True)
class RaisedCase(SweptCase):
    """A case that is locked, and the group that it is linked to."""

    surge_id: uuid.UUID
    surge_kind: str


_UNLINKED = f"""
    SELECT c.bucket, c.id, c.number, c.version, g.surge_id, g.kind AS surge_kind
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[])
        AS g(surge_id, kind, carrier_code, place, days)
    JOIN complaint c ON c.carrier_code = g.carrier_code
        AND c.received_at > statement_timestamp() - g.days * interval '1 day' AND c.received_at <= statement_timestamp()
        AND CASE g.kind WHEN 'CITY' THEN {PLACES[CITY]} = g.place
            WHEN 'STOPPAGE' THEN c.urgency @> '{{NETWORK_STOPPAGE}}' ELSE c.outlet = g.place END
    WHERE {counts.COUNTS} AND NOT EXISTS (SELECT FROM surge_member m
        WHERE m.bucket = c.bucket AND m.complaint_id = c.id AND m.surge_id = g.surge_id)
    LIMIT $6
"""  # noqa: S608 - our own expressions
# a case that somebody holds, or has changed since, is linked the next time
_THESE = f"""
    SELECT {case_row.sql(RaisedCase, surge_id="u.surge_id", surge_kind="u.kind")}
    FROM unnest($1::smallint[], $2::uuid[], $3::integer[], $4::uuid[], $5::text[])
        AS u(bucket, id, version, surge_id, kind)
    JOIN complaint c ON c.bucket = u.bucket AND c.id = u.id AND c.version = u.version
    FOR NO KEY UPDATE OF c SKIP LOCKED
"""  # noqa: S608 - names of our own columns
_MEMBERS = bulk.into(
    surges.surge_member,
    ("bucket", "complaint_id", "surge_id"),
    "ON CONFLICT DO NOTHING RETURNING complaint_id, surge_id",
)


async def _unlinked(db: Database, records: Sequence[GroupRecord]) -> list[UnlinkedCase]:
    columns = tuple(list(column) for column in zip(*records, strict=True))
    async with db.transaction() as connection:
        rows = await connection.exec_driver_sql(_UNLINKED, (*columns, MOST))
        return [UnlinkedCase._make(row) for row in rows]


async def _these(db: Database, reference: ReferenceData, unlinked: Sequence[UnlinkedCase]) -> None:
    """Link the cases that nobody changed since they were read, and raise those of groups that raise.

    A case that cannot be raised is isolated by bisection and logged, keeps no other from being linked, and is tried again.
    """
    names = ("bucket", "id", "version", "surge_id", "surge_kind")
    async with db.transaction() as connection:
        keys = tuple([getattr(case, name) for case in unlinked] for name in names)
        cases = case_row.build(RaisedCase, await connection.exec_driver_sql(_THESE, keys))
        rows = [{"bucket": case.bucket, "complaint_id": case.id, "surge_id": case.surge_id} for case in cases]
        new = {(row.complaint_id, row.surge_id) for row in await _MEMBERS.run(connection, rows)}
        raising = [case for case in cases if (case.id, case.surge_id) in new and _is_raised(case)]
        deadlines = await stored_deadlines.of_cases(connection, raising)
        changes = [_raised(case, deadlines.get(case.id, ()), reference) for case in _highest(raising)]
        await writer.apply(connection, changes, WorkerContext(reference))


async def _failed(case: UnlinkedCase, error: Exception) -> None:
    FAILED.inc()
    log.error("surge_failed", number=case.number, kind=case.surge_kind, exc_info=error)


def _is_raised(case: RaisedCase) -> bool:
    is_open = Status(case.status) not in ENDED
    return is_open and case.surge_kind in RAISING and Level(case.level) < LEVELS[case.surge_kind]


def _highest(cases: Iterable[RaisedCase]) -> Iterable[RaisedCase]:
    """Return each case once, with the one of its groups that raises it most."""
    return {case.id: case for case in sorted(cases, key=lambda case: LEVELS[case.surge_kind])}.values()


def _raised(case: RaisedCase, deadlines: Iterable[Deadline], reference: ReferenceData) -> CaseChange:
    trigger = {"trigger": RAISING[case.surge_kind], "surge": str(case.surge_id)}
    raised = level_change.changed(case, LEVELS[case.surge_kind], deadlines, reference, trigger)
    return CaseChange(
        case=case,
        actor=Actor.WORKER,
        new_events=[raised.event],
        columns=raised.columns,
        stops=raised.targets.stops,
        starts=raised.targets.starts,
    )
