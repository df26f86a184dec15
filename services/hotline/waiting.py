"""Which of a case's orders still wait for an answer, and until when: the case keeps the nearest of their limits.

Each order has a limit of its own. Where one is answered, given more time, taken back, or follows its case to another,
the limit that runs for the case is set anew.
"""

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases.changing import Case
from services.reference.book import Book
from services.rules import hotline
from services.rules.clocks import GIVEN, Started
from services.rules.hotline import OWN_RULE, Given
from shared.vocabulary import Clock

OPEN = "o.withdrawn_at IS NULL AND o.returned_at IS NULL AND o.finished_at IS NULL AND o.answered_at IS NULL"
"""The condition that an order (`o`) still wants its answer."""
_NEAREST = f"""
    SELECT u.id, min(o.due_at) FILTER (WHERE o.interim_at IS NULL) AS due_at,
        coalesce(bool_or(o.signed_at IS NULL), false) AS unsigned,
        (SELECT k.due_at FROM case_clock k WHERE k.bucket = u.bucket AND k.complaint_id = u.id
            AND k.key = 'hotline_answer' AND k.stopped_at IS NULL) AS runs_until
    FROM unnest($1::smallint[], $2::uuid[]) AS u(bucket, id)
    LEFT JOIN hotline_order o ON o.case_id = u.id AND o.case_bucket = u.bucket AND {OPEN}
    GROUP BY u.bucket, u.id
"""  # noqa: S608 - our own condition


class Settled(NamedTuple):
    """Limits of a case that end and begin, for its `Change`."""

    stops: tuple[Clock, ...]
    starts: tuple[Started, ...]


async def settled(connection: AsyncConnection, cases: Sequence[Case], book: Book) -> dict[uuid.UUID, Settled]:
    """Return what becomes of the hotline's limits of open cases, by case, after their orders changed. One statement."""
    by_id = {case.id: case for case in cases}
    keys = ([case.bucket for case in cases], list(by_id))
    rows = await connection.exec_driver_sql(_NEAREST, keys)
    return {row.id: _settled(row, by_id[row.id], book) for row in rows}


def _settled(row: Any, case: Case, book: Book) -> Settled:
    signed = () if row.unsigned else (Clock.HOTLINE_SIGN,)
    if row.due_at is None:
        return Settled((*signed, Clock.HOTLINE_ANSWER), ())
    if row.due_at == row.runs_until:
        return Settled(signed, ())
    given = Given(OWN_RULE, 0, GIVEN, row.due_at)
    begun = hotline.begin(Clock.HOTLINE_ANSWER, given, case.moment, book.timetable(case.handling_bureau))
    return Settled(signed, (begun.started,))
