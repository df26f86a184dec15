"""What a bureau was told by the clocks: steps of limits, stays that last too long, newest first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, tuple_

from services.cases import lookup
from services.deadlines.watchdog import DWELL, NO_LIMIT
from services.reference import labels
from services.reference.data import ReferenceData
from services.requests import cursors
from services.rules.facts import Bureau
from shared.clock import in_civil_time
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.cases import complaint
from shared.models.deadlines import case_deadline, escalation

USUAL = timedelta(days=7)
"""How far back a list reaches that does not say: it is read by moment, and what is told to others lies between."""
_KINDS = {DWELL: EventKind.DWELLS_TOO_LONG, NO_LIMIT: EventKind.NO_LIMIT_RUNS}
_E = escalation.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of it a list shows; `since` None: the last seven days."""

    limit: int = 50
    cursor: str | None = None
    since: datetime | None = None


async def page(db: Database, wanted: Wanted, *, bureau: Bureau, reference: ReferenceData) -> dict[str, Any]:
    """Return one page of what the bureau was told of cases that it may see: `items`, and `next`, or null at the end.

    What was told of one case at one moment is never parted: a page may hold a few more than its limit.
    """
    order = (_E.at, _E.complaint_id)
    statement = (
        select(escalation, complaint.c.number, complaint.c.status, complaint.c.level, case_deadline.c.due_at)
        .join(complaint, (complaint.c.bucket == _E.bucket) & (complaint.c.id == _E.complaint_id))
        .outerjoin(
            case_deadline,
            (case_deadline.c.bucket == _E.bucket)
            & (case_deadline.c.complaint_id == _E.complaint_id)
            & (case_deadline.c.key == _E.key)
            & (case_deadline.c.round == _E.round),
        )
        .where(
            _E.notified_bureaus.contains([bureau.code]),
            _E.at > (wanted.since if wanted.since is not None else func.statement_timestamp() - USUAL),
            *lookup.of_bureau(bureau),
        )
        .order_by(*(column.desc() for column in order), _E.key, _E.step)
    )
    if wanted.cursor is not None:
        statement = statement.where(tuple_(*order) < cursors.read(wanted.cursor))
    async with db.transaction() as connection:
        rows = (await connection.execute(statement.limit(wanted.limit + _MOST_AT_ONCE))).all()
    whole = _without_parting(rows, wanted.limit)
    last = whole[-1] if len(whole) < len(rows) else None
    return {
        "items": [_shown(row, reference) for row in whole],
        "next": cursors.write(last.at, last.complaint_id) if last else None,
    }


_MOST_AT_ONCE = 20
"""More than there are limits: so many steps of one case at the most are told at one moment."""


def _without_parting(rows: Any, limit: int) -> Any:
    """Return the rows up to the limit, and those beside the last of them: of the same case, at the same moment."""
    if len(rows) <= limit:
        return rows
    end = limit
    while end < len(rows) and _place(rows[end]) == _place(rows[end - 1]):
        end += 1
    return rows[:end]


def _place(row: Row[Any]) -> tuple[Any, Any]:
    return row.at, row.complaint_id


def _shown(row: Row[Any], reference: ReferenceData) -> dict[str, Any]:
    watched = _KINDS.get(row.key)
    return {
        "at": in_civil_time(row.at),
        "number": row.number,
        "kind": watched or EventKind.DEADLINE_REMINDER,
        "deadline": None
        if watched
        else {"key": row.key, "name": labels.coded("deadline", row.key.upper(), reference)},
        "step": row.step,
        "due_at": in_civil_time(row.due_at),
        "level_before": row.level_before,
        "level_after": row.level_after,
        "notified_bureaus": row.notified_bureaus,
        "status": row.status,
        "level": row.level,
    }
