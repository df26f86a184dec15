"""Notifications of a bureau: steps of deadlines, states that last too long, newest first."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select, tuple_

from services.cases import lookup
from services.deadlines.watchdog import DWELL, NO_DEADLINE
from services.fields import CivilTime, Moment, View
from services.reference import labels
from services.reference.data import ReferenceData
from services.requests import cursors
from services.rules.facts import Bureau
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.cases import complaint
from shared.models.deadlines import case_deadline, escalation
from shared.vocabulary import DeadlineKind, Level, Status, Step

DEFAULT_SPAN = timedelta(days=7)
"""How far back a list reaches without `since`: it is read by moment, past what concerns other bureaus."""
_E = escalation.c


class EscalationKind(StrEnum):
    """Why a bureau was notified: a step of a deadline, a state that lasts too long, a case without any deadline."""

    DEADLINE_REMINDER = EventKind.DEADLINE_REMINDER.value
    DWELLS_TOO_LONG = EventKind.DWELLS_TOO_LONG.value
    NO_DEADLINE_RUNS = EventKind.NO_DEADLINE_RUNS.value


_WATCHED = {DWELL: EscalationKind.DWELLS_TOO_LONG, NO_DEADLINE: EscalationKind.NO_DEADLINE_RUNS}


class EscalationQuery(BaseModel):
    """Which page of the notifications."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Moment | None = Field(
        default=None, description="Only later ones; absent: those of the last seven days."
    )
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(
        default=None, max_length=cursors.LONGEST, description="`next` of the page before."
    )


class DeadlineName(View):
    """A kind of deadline with its name."""

    key: DeadlineKind
    name: str


class Escalation(View):
    """One notification of the bureau, and how the case stands now."""

    at: CivilTime
    number: str
    kind: EscalationKind
    deadline: DeadlineName | None = Field(description="The deadline, where it is one of its steps.")
    step: Step
    due_at: CivilTime | None
    level_before: Level
    level_after: Level
    notified_bureaus: list[str]
    status: Status
    level: Level


class EscalationPage(View):
    """A page of notifications, newest first."""

    items: list[Escalation]
    next: str | None = Field(description="Cursor of the following page; null at the end.")


async def page(
    db: Database, query: EscalationQuery, *, bureau: Bureau, reference: ReferenceData
) -> EscalationPage:
    """Return one page of the notifications of a bureau, of cases that it may see. Raises CursorError.

    The notifications of one case at one moment stay together: a page may hold a few more than its limit.
    """
    order = (_E.at, _E.complaint_id)
    statement = (
        select(
            _E.complaint_id,
            _E.key,
            _E.step,
            _E.at,
            _E.level_before,
            _E.level_after,
            _E.notified_bureaus,
            complaint.c.number,
            complaint.c.status,
            complaint.c.level,
            case_deadline.c.due_at,
        )
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
            _E.at > (query.since if query.since is not None else func.statement_timestamp() - DEFAULT_SPAN),
            *lookup.of_bureau(bureau),
        )
        .order_by(*(column.desc() for column in order), _E.key, _E.step)
    )
    if query.cursor is not None:
        statement = statement.where(tuple_(*order) < cursors.read(query.cursor))
    async with db.transaction() as connection:
        result = await connection.execute(statement.limit(query.limit + _MOST_AT_ONCE))
        rows = [_Notification._make(row) for row in result]
    shown = _without_parting(rows, query.limit)
    last = shown[-1] if len(shown) < len(rows) else None
    return EscalationPage(
        items=[_escalation(row, reference) for row in shown],
        next=cursors.write(last.at, last.complaint_id) if last else None,
    )


_MOST_AT_ONCE = 20
"""More than there are deadlines: a case has at most so many steps at one moment."""


class _Notification(NamedTuple):
    """A notification, with its case as it stands now and the deadline that it concerns."""

    complaint_id: uuid.UUID
    key: str
    step: str
    at: datetime
    level_before: str
    level_after: str
    notified_bureaus: list[str]
    number: str
    status: str
    level: str
    due_at: datetime | None


def _without_parting(rows: Sequence[_Notification], limit: int) -> Sequence[_Notification]:
    """Return the rows up to the limit, and those of the same case at the same moment as the last of them."""
    if len(rows) <= limit:
        return rows
    end = limit
    while end < len(rows) and _key(rows[end]) == _key(rows[end - 1]):
        end += 1
    return rows[:end]


def _key(row: _Notification) -> tuple[datetime, uuid.UUID]:
    return row.at, row.complaint_id


def _escalation(row: _Notification, reference: ReferenceData) -> Escalation:
    watched = _WATCHED.get(row.key)
    key = DeadlineKind(row.key) if watched is None else None
    return Escalation(
        at=row.at,
        number=row.number,
        kind=watched or EscalationKind.DEADLINE_REMINDER,
        deadline=DeadlineName(key=key, name=labels.coded("deadline", key.upper(), reference))
        if key
        else None,
        step=Step(row.step),
        due_at=row.due_at,
        level_before=Level(row.level_before),
        level_after=Level(row.level_after),
        notified_bureaus=row.notified_bureaus,
        status=Status(row.status),
        level=Level(row.level),
    )
