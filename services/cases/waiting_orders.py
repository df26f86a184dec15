"""Which of a case's orders still wait for an answer, and until when: the case keeps the nearest of their deadlines.

Each order has a deadline of its own. Where one is answered, given more time, taken back, or follows its case to another,
the deadline that runs for the case is set again.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import work_orders
from services.cases.case_row import CaseHead
from services.reference.data import ReferenceData
from services.rules import hotline
from services.rules.deadlines.schedule import FIXED, StartedDeadline
from services.rules.hotline import OWN_RULE, FixedDeadline
from shared.vocabulary import DeadlineKind

# how soon an order is to be signed for was counted once, where it came in
_NEAREST = f"""
    SELECT u.id, min(o.due_at) FILTER (WHERE o.interim_at IS NULL) AS due_at,
        coalesce(bool_or(o.signed_at IS NULL) FILTER (WHERE o.order_no IS NOT NULL), false) AS unsigned,
        min(own.due_at) FILTER (WHERE o.signed_at IS NULL) AS sign_due_at,
        (SELECT k.due_at FROM case_deadline k WHERE k.bucket = u.bucket AND k.complaint_id = u.id
            AND k.key = 'hotline_answer' AND k.stopped_at IS NULL) AS runs_until,
        (SELECT k.due_at FROM case_deadline k WHERE k.bucket = u.bucket AND k.complaint_id = u.id
            AND k.key = 'hotline_sign' AND k.stopped_at IS NULL) AS signs_until
    FROM unnest($1::smallint[], $2::uuid[]) AS u(bucket, id)
    LEFT JOIN hotline_order o ON o.case_id = u.id AND o.case_bucket = u.bucket AND {work_orders.OPEN}
    LEFT JOIN case_deadline own ON own.bucket = o.complaint_bucket AND own.complaint_id = o.complaint_id
        AND own.key = 'hotline_sign' AND own.round = 1
    GROUP BY u.bucket, u.id
"""  # noqa: S608 - our own condition


class _Nearest(NamedTuple):
    """What the orders of a case that wait tell of its deadlines, and until when those run now."""

    id: uuid.UUID
    due_at: datetime | None
    unsigned: bool
    sign_due_at: datetime | None
    runs_until: datetime | None
    signs_until: datetime | None


class Settled(NamedTuple):
    """Deadlines of a case that end and begin, for its `CaseChange`."""

    stops: tuple[DeadlineKind, ...]
    starts: tuple[StartedDeadline, ...]


async def settled(
    connection: AsyncConnection, cases: Sequence[CaseHead], reference: ReferenceData
) -> dict[uuid.UUID, Settled]:
    """Return what becomes of the hotline's deadlines of open cases, by case, after their orders changed. One statement."""
    by_id = {case.id: case for case in cases}
    keys = ([case.bucket for case in cases], list(by_id))
    rows = await connection.exec_driver_sql(_NEAREST, keys)
    nearest = [_Nearest._make(row) for row in rows]
    return {row.id: _settled(row, by_id[row.id], reference) for row in nearest}


def _settled(row: _Nearest, case: CaseHead, reference: ReferenceData) -> Settled:
    stops: list[DeadlineKind] = []
    starts: list[StartedDeadline] = []
    if not row.unsigned:
        stops.append(DeadlineKind.HOTLINE_SIGN)
    elif row.sign_due_at is not None and row.sign_due_at != row.signs_until:
        starts.append(_begun(DeadlineKind.HOTLINE_SIGN, row.sign_due_at, case, reference))
    if row.due_at is None:
        stops.append(DeadlineKind.HOTLINE_ANSWER)
    elif row.due_at != row.runs_until:
        starts.append(_begun(DeadlineKind.HOTLINE_ANSWER, row.due_at, case, reference))
    return Settled(tuple(stops), tuple(starts))


def _begun(key: DeadlineKind, due_at: datetime, case: CaseHead, reference: ReferenceData) -> StartedDeadline:
    fixed = FixedDeadline(OWN_RULE, 0, FIXED, due_at)
    return hotline.begin(key, fixed, case.moment, reference.timetable(case.handling_bureau)).started
