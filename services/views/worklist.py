"""The worklist of a desk: its open cases in the order of need, the one whose next deadline passes first at the top.

At most two statements a page, whatever its size; each queue is a range of an index of open cases.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.casework.session import DeskSession
from services.fields import CivilTime, View
from services.reference import labels
from services.reference.data import ReferenceData
from services.reference.labels import CodeName, IssueName
from services.requests import cursors
from services.views.client_case import bureau
from services.views.next_step import NextStep, what_next
from shared.database import Database
from shared.errors import FieldError, InvalidInputError
from shared.models.cases import IS_COPIED, IS_OPEN, complaint
from shared.models.deadlines import case_deadline
from shared.vocabulary import ENDED, Channel, DeadlineKind, Level, Status

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


class WorklistQuery(BaseModel):
    """Which cases a page of the worklist shows; what is absent does not narrow it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    queue: Queue = Field(
        default=Queue.BUREAU,
        description="mine: claimed by the officer; bureau: all that the bureau handles; unclaimed, overdue, triage: of "
        "these; supervised: handled by bureaus below; copied: a copy came for its level.",
    )
    status: Status | None = None
    level: Level | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(
        default=None, max_length=cursors.LONGEST, description="`next` of the page before."
    )


class WorklistItem(View):
    """One open case, as an officer chooses by it."""

    number: str
    status: Status
    status_name: str
    level: Level
    version: int
    channel: Channel
    carrier: CodeName
    issue: IssueName
    received_at: CivilTime
    next_due_at: CivilTime | None
    next_deadline: DeadlineKind | None = Field(
        description="The deadline that passes first, at `next_due_at`."
    )
    total_due_at: CivilTime
    overdue: bool
    claimed_by: str | None
    handling_bureau: CodeName | None
    confidential: bool
    what_next: NextStep


class WorklistPage(View):
    """A page of the worklist."""

    queue: Queue
    items: list[WorklistItem]
    next: str | None = Field(description="Cursor of the following page; null at the end.")


def _of_queue(queue: Queue, desk: DeskSession) -> tuple[ColumnElement[bool], ...]:
    mine = _C.handling_bureau == desk.bureau.code
    conditions: dict[Queue, tuple[ColumnElement[bool], ...]] = {
        # only the handling bureau can claim a case: a reassignment removes the claim
        Queue.MINE: (_C.claimed_by == desk.by,),
        Queue.BUREAU: (mine,),
        Queue.UNCLAIMED: (mine, _C.claimed_by.is_(None)),
        Queue.OVERDUE: (mine, _C.next_due_at <= func.now()),
        Queue.SUPERVISED: (_C.supervising_bureau == desk.bureau.code,),
        Queue.COPIED: (literal_column(IS_COPIED), _C.copied_to.contains([desk.bureau.code])),
        Queue.TRIAGE: (mine, _C.triage),
    }
    return conditions[queue]


_NEXT_DEADLINE = (
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


class _Line(NamedTuple):
    """The columns of a case on a worklist: `overdue`, whether its nearest deadline has passed, and which one that is."""

    id: uuid.UUID
    number: str
    status: str
    level: str
    version: int
    channel: str
    carrier_code: str
    issue_code: str
    issue_detail_code: str | None
    received_at: datetime
    next_due_at: datetime | None
    total_due_at: datetime
    claimed_by: str | None
    handling_bureau: str | None
    confidential: bool
    triage: bool
    routed_at: datetime | None
    overdue: bool
    next_deadline: str | None


_COMPUTED = {
    "overdue": func.coalesce(_C.next_due_at <= func.now(), False).label("overdue"),
    "next_deadline": _NEXT_DEADLINE.label("next_deadline"),
}
_COLUMNS = [_COMPUTED[name] if name in _COMPUTED else _C[name] for name in _Line._fields]


async def page(
    db: Database, query: WorklistQuery, *, desk: DeskSession, reference: ReferenceData
) -> WorklistPage:
    """Return one page. Raises CursorError, and InvalidInputError for a status in which nobody works a case."""
    if query.status in ENDED:
        fault = FieldError(
            "/query/status", "not-open", "a worklist holds open cases; POST /v1/desk/search finds others"
        )
        raise InvalidInputError("The worklist has no such cases; see errors.", [fault])
    statement = select(*_COLUMNS).where(literal_column(IS_OPEN), *_of_queue(query.queue, desk))
    for column, value in ((_C.status, query.status), (_C.level, query.level)):
        if value is not None:
            statement = statement.where(column == value)
    async with db.transaction() as connection:
        rows = await _rows(connection, statement, query)
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return WorklistPage(
        queue=query.queue,
        items=[_item(row, reference) for row in rows[: query.limit]],
        next=cursors.write(last.next_due_at, last.id) if last else None,
    )


async def _rows(
    connection: AsyncConnection, statement: Select[*tuple[object, ...]], query: WorklistQuery
) -> Sequence[_Line]:
    """Return one row more than the page shows. Cases without a deadline come last, and are read only there."""
    order = (_C.next_due_at, _C.id)
    due, case_id = cursors.read(query.cursor, with_none=True) if query.cursor else (None, None)
    rows: list[_Line] = []
    if due is not None or case_id is None:
        after = tuple_(*order) > (due, case_id) if due is not None else _C.next_due_at.is_not(None)
        first = statement.where(after).order_by(*order).limit(query.limit + 1)
        rows += [_Line._make(row) for row in await connection.execute(first)]
        case_id = None
    if len(rows) <= query.limit:
        without = and_(_C.next_due_at.is_(None), _C.id > case_id) if case_id else _C.next_due_at.is_(None)
        rest = statement.where(without).order_by(_C.id).limit(query.limit + 1 - len(rows))
        rows += [_Line._make(row) for row in await connection.execute(rest)]
    return rows


def _item(row: _Line, reference: ReferenceData) -> WorklistItem:
    status = Status(row.status)
    next_deadline = DeadlineKind(row.next_deadline) if row.next_deadline is not None else None
    return WorklistItem(
        number=row.number,
        status=status,
        status_name=labels.coded("status", status, reference),
        level=Level(row.level),
        version=row.version,
        channel=Channel(row.channel),
        carrier=labels.carrier(row.carrier_code, reference),
        issue=labels.issue(row.issue_code, row.issue_detail_code, reference),
        received_at=row.received_at,
        next_due_at=row.next_due_at,
        next_deadline=next_deadline,
        total_due_at=row.total_due_at,
        overdue=row.overdue,
        claimed_by=row.claimed_by,
        handling_bureau=bureau(row.handling_bureau, reference),
        confidential=row.confidential,
        what_next=what_next(
            status,
            next_deadline,
            overdue=row.overdue,
            triage=row.triage,
            routed=row.routed_at is not None,
        ),
    )
