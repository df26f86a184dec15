"""Answers the hotline in time where the case takes longer: a neutral interim answer, once an order; the case continues.

The law gives 30 days, a hotline often 10 or 15 working days (rulebook 11.1 [P]). Where an officer was silent until the
last working day of an order's deadline, the machine tells where the case stands and by when it is answered; nothing else.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import structlog
from prometheus_client import Counter
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import case_row, lookup, waiting_orders, work_orders, writer
from services.cases.case_row import CaseRow
from services.cases.changes import CaseChange, KeyedContext, NewEvent
from services.cases.waiting_orders import Settled
from services.reference.data import ReferenceData
from services.rules import hotline
from services.rules.states.verbs import Actor
from services.tasks import bisect
from shared import database
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.cases import complaint
from shared.privacy.keyring import KeyRing
from shared.vocabulary import ENDED, Status

ANSWERED = Counter(
    "shensu_interim_answers", "Cases whose hotlines were answered in the meantime by the machine"
)
FAILED = Counter("shensu_interim_failed", "Cases whose hotlines could not be answered: see the log")
POISON_WAIT = timedelta(minutes=10)
"""A case that could not be answered is tried again after so long, for ever."""
log = structlog.get_logger()
NOBODY_YET = "邮政管理部门"


class DueCase(NamedTuple):
    """A case with an order whose interim answer is due."""

    bucket: int
    id: uuid.UUID
    due_at: datetime


_DUE = """
    SELECT case_bucket AS bucket, case_id AS id, min(interim_due_at) AS due_at FROM hotline_order
    WHERE interim_due_at <= statement_timestamp() GROUP BY 1, 2 ORDER BY 3 LIMIT $1::int
"""
# under the lock of their cases: nobody else answers them, and none is answered twice
_TAKE = """
    UPDATE hotline_order o SET interim_at = $3, interim_due_at = NULL
    FROM unnest($1::smallint[], $2::uuid[]) AS u(bucket, id)
    WHERE o.case_bucket = u.bucket AND o.case_id = u.id AND o.interim_due_at <= $3
    RETURNING o.case_id, o.region, o.order_no
"""


_PUT_OFF = """
    UPDATE hotline_order SET interim_due_at = $3::timestamptz + $4::interval
    WHERE case_bucket = $1 AND case_id = $2 AND interim_due_at <= $3
"""


async def answer_batch(db: Database, reference: ReferenceData, ring: KeyRing, *, size: int) -> int:
    """Answer the orders of up to `size` cases whose moment has come; returns how many cases.

    Zero: nothing is due, or others are at it. Cases that somebody else holds are left for the next time. One that cannot be
    answered is found by bisection, postponed and reported; the others get their answers.
    """
    async with db.transaction() as connection:
        due = [DueCase._make(row) for row in await connection.exec_driver_sql(_DUE, (size,))]
    answered: set[uuid.UUID] = set()
    if due:
        await bisect.run(
            partial(_these, db, KeyedContext(reference, ring), answered), due, partial(_put_off, db)
        )
    return len(answered)


async def _these(
    db: Database, context: KeyedContext, answered: set[uuid.UUID], due: Sequence[DueCase]
) -> None:
    """Answer the orders of these cases, and add those to the ones that were answered."""
    async with db.transaction() as connection:
        cases = await _locked(connection, due)
        names = await _take(connection, cases) if cases else {}
        waiting = [case for case in cases if case.id in names and Status(case.status) not in ENDED]
        deadlines = await waiting_orders.settled(connection, waiting, context.reference) if waiting else {}
        changes = [_change(case, names[case.id], deadlines[case.id], context) for case in waiting]
        await writer.apply(connection, changes, context)
    ANSWERED.inc(len(waiting))
    # those that another worker answered while this one waited for their lock are not its own
    answered.update(names)


async def _put_off(db: Database, due: DueCase, error: Exception) -> None:
    async with db.transaction() as connection:
        moment = await database.moment(connection)
        await connection.exec_driver_sql(_PUT_OFF, (due.bucket, due.id, moment, POISON_WAIT))
        case = await lookup.by_id(connection, due.bucket, due.id)
    FAILED.inc()
    log.error("interim_failed", number=case.number, exc_info=error)


async def _locked(connection: AsyncConnection, due: Sequence[DueCase]) -> Sequence[CaseRow]:
    statement = (
        select(*case_row.columns(CaseRow))
        .where(tuple_(complaint.c.bucket, complaint.c.id).in_([(row.bucket, row.id) for row in due]))
        .order_by(complaint.c.bucket, complaint.c.id)
        .with_for_update(skip_locked=True)
    )
    return case_row.build(CaseRow, await connection.execute(statement))


async def _take(connection: AsyncConnection, cases: Sequence[CaseRow]) -> dict[uuid.UUID, list[str]]:
    """Mark the orders as answered; returns their names by case."""
    keys = ([case.bucket for case in cases], [case.id for case in cases], await database.moment(connection))
    names_by_case: dict[uuid.UUID, list[str]] = {}
    for row in await connection.exec_driver_sql(_TAKE, keys):
        names_by_case.setdefault(row.case_id, []).append(work_orders.named(row.region, row.order_no))
    return names_by_case


def _change(case: CaseRow, names: list[str], deadlines: Settled, context: KeyedContext) -> CaseChange:
    reference = context.reference
    bureau = reference.jurisdictions.bureaus.get(case.handling_bureau or "")
    status = reference.codes["status"].get(case.status)
    answer = hotline.interim_words(
        bureau.name if bureau else NOBODY_YET,
        status.name_zh if status else case.status,
        case.total_due_at,
        case.moment,
    )
    event = NewEvent(
        EventKind.INTERIM_ANSWER, {"orders": sorted(names), "automatic": True}, context.words(answer=answer)
    )
    return CaseChange(
        case=case,
        actor=Actor.WORKER,
        by="worker",
        new_events=[event],
        stops=deadlines.stops,
        starts=deadlines.starts,
    )
