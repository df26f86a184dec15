"""The worklist of a desk: its open cases in the order of need, the one whose next limit runs out first at the top.

At most two statements a page, whatever its size; each queue is a range of an index of open cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.casework.session import DeskSession
from services.reference import labels
from services.reference.data import ReferenceData
from services.requests import cursors
from services.views.client_case import bureau
from services.views.next_step import what_next
from shared.clock import in_civil_time
from shared.database import Database
from shared.errors import FieldError, InvalidInputError
from shared.models.cases import IS_COPIED, IS_OPEN, complaint
from shared.models.deadlines import case_deadline
from shared.vocabulary import ENDED, Level, Status

_C = complaint.c


class Queue(StrEnum):
    """Which of the open cases a desk looks at."""

    MINE = "mine"
    BUREAU = "bureau"
    UNCLAIMED = "unclaimed"
    OVERDUE = "overdue"
    SUPERVISED = "supervised"
    COPIED = "copied"
    TRIAGE = "triage"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a page shows; what is None does not narrow it."""

    queue: Queue = Queue.BUREAU
    limit: int = 50
    cursor: str | None = None
    status: Status | None = None
    level: Level | None = None


def _of_queue(queue: Queue, desk: DeskSession) -> tuple[ColumnElement[bool], ...]:
    mine = _C.handling_bureau == desk.bureau.code
    conditions: dict[Queue, tuple[ColumnElement[bool], ...]] = {
        # whoever claims a case is of the bureau that handles it: a reassignment takes the claim away
        Queue.MINE: (_C.claimed_by == desk.by,),
        Queue.BUREAU: (mine,),
        Queue.UNCLAIMED: (mine, _C.claimed_by.is_(None)),
        Queue.OVERDUE: (mine, _C.next_due_at <= func.now()),
        Queue.SUPERVISED: (_C.supervising_bureau == desk.bureau.code,),
        Queue.COPIED: (literal_column(IS_COPIED), _C.copied_to.contains([desk.bureau.code])),
        Queue.TRIAGE: (mine, _C.triage),
    }
    return conditions[queue]


_NEAREST = (
    select(case_deadline.c.key)
    .where(
        case_deadline.c.bucket == _C.bucket,
        case_deadline.c.complaint_id == _C.id,
        case_deadline.c.stopped_at.is_(None),
        case_deadline.c.due_at == _C.next_due_at,
    )
    .order_by(case_deadline.c.key)
    .limit(1)
    .correlate(complaint)
    .scalar_subquery()
)
_COLUMNS = (
    _C.id,
    _C.number,
    _C.status,
    _C.level,
    _C.version,
    _C.channel,
    _C.carrier_code,
    _C.issue_code,
    _C.issue_detail_code,
    _C.received_at,
    _C.next_due_at,
    _C.total_due_at,
    _C.claimed_by,
    _C.handling_bureau,
    _C.confidential,
    _C.triage,
    _C.routed_at,
    func.coalesce(_C.next_due_at <= func.now(), False).label("overdue"),
    _NEAREST.label("nearest"),
)


async def page(
    db: Database, wanted: Wanted, *, desk: DeskSession, reference: ReferenceData
) -> dict[str, Any]:
    """Return one page: `items`, and `next`, the cursor of the page after it. Raises CursorError.

    Raises InvalidInputError for a status in which nobody works a case.
    """
    if wanted.status in ENDED:
        fault = FieldError(
            "/status", "not-open", "a worklist holds open cases; POST /v1/desk/search finds others"
        )
        raise InvalidInputError("The worklist has no such cases; see errors.", [fault])
    statement = select(*_COLUMNS).where(literal_column(IS_OPEN), *_of_queue(wanted.queue, desk))
    for column, value in ((_C.status, wanted.status), (_C.level, wanted.level)):
        if value is not None:
            statement = statement.where(column == value)
    async with db.transaction() as connection:
        rows = await _rows(connection, statement, wanted)
    items = [_item(row, reference) for row in rows[: wanted.limit]]
    last = rows[wanted.limit - 1] if len(rows) > wanted.limit else None
    return {
        "queue": wanted.queue,
        "items": items,
        "next": cursors.write(last.next_due_at, last.id) if last else None,
    }


async def _rows(connection: AsyncConnection, statement: Select[Any], wanted: Wanted) -> Sequence[Row[Any]]:
    """Return one row more than the page shows. Cases without a limit come last, and are asked for only there."""
    order = (_C.next_due_at, _C.id)
    due, case_id = cursors.read(wanted.cursor, with_none=True) if wanted.cursor else (None, None)
    rows: list[Row[Any]] = []
    if due is not None or case_id is None:
        after = tuple_(*order) > (due, case_id) if due is not None else _C.next_due_at.is_not(None)
        first = statement.where(after).order_by(*order).limit(wanted.limit + 1)
        rows += await connection.execute(first)
        case_id = None
    if len(rows) <= wanted.limit:
        without = and_(_C.next_due_at.is_(None), _C.id > case_id) if case_id else _C.next_due_at.is_(None)
        rest = statement.where(without).order_by(_C.id).limit(wanted.limit + 1 - len(rows))
        rows += await connection.execute(rest)
    return rows


def _item(row: Row[Any], reference: ReferenceData) -> dict[str, Any]:
    return {
        "number": row.number,
        "status": row.status,
        "status_name": labels.coded("status", row.status, reference),
        "level": row.level,
        "version": row.version,
        "channel": row.channel,
        "carrier": labels.carrier(row.carrier_code, reference),
        "issue": labels.issue(row.issue_code, row.issue_detail_code, reference),
        "received_at": in_civil_time(row.received_at),
        "next_due_at": in_civil_time(row.next_due_at),
        "next_limit": row.nearest,
        "total_due_at": in_civil_time(row.total_due_at),
        "overdue": row.overdue,
        "claimed_by": row.claimed_by,
        "handling_bureau": bureau(row.handling_bureau, reference),
        "confidential": row.confidential,
        "what_next": what_next(
            Status(row.status),
            row.nearest,
            overdue=row.overdue,
            triage=row.triage,
            routed=row.routed_at is not None,
        ),
    }
