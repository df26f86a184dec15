"""The running deadlines of cases as they are stored: started and stopped with the moves, paused, and recalculated.

A deadline is a row; what it means stands in `services.rules.deadlines.schedule`. `next_check_at`
is when the sweep has to look at it next.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases.case_row import CaseKey
from services.reference.data import ReferenceData
from services.rules.deadlines import reminders, schedule
from services.rules.deadlines.counting import Pause
from services.rules.deadlines.reminders import Reminder
from services.rules.deadlines.schedule import ComputedDeadline, StartedDeadline
from shared import bulk
from shared.models.deadlines import case_deadline
from shared.vocabulary import DeadlineKind, PauseBasis, Step

MET, MOOT = "MET", "MOOT"
FIXED = schedule.FIXED
"""The unit of a deadline whose moment somebody else set."""


class Start(NamedTuple):
    """A deadline that begins to run for a case."""

    bucket: int
    complaint_id: uuid.UUID
    started: StartedDeadline


class Stop(NamedTuple):
    """A deadline that ends: in time with this outcome, else LATE. One that does not run is left alone."""

    bucket: int
    complaint_id: uuid.UUID
    key: DeadlineKind
    outcome: str
    at: datetime


_COLUMNS = (
    "bucket",
    "complaint_id",
    "key",
    "rule",
    "amount",
    "unit",
    "deadline_version",
    "calendar_version",
    "provisional",
    "started_at",
    "due_at",
    "next_check_at",
)
_OPENING = bulk.into(case_deadline, ("round", *_COLUMNS, "stopped_at", "outcome"))
_NEXT_ROUND = """coalesce((SELECT max(k.round) FROM case_deadline k WHERE k.bucket = u.bucket
    AND k.complaint_id = u.complaint_id AND k.key = u.key), 0) + 1"""
# a deadline that runs a second time is another round of it
_STARTING = bulk.into(case_deadline, _COLUMNS, computed=(("round", _NEXT_ROUND),))


def row(bucket: int, complaint_id: uuid.UUID, started: StartedDeadline) -> dict[str, object]:
    """Return the row of a deadline that starts."""
    return {"bucket": bucket, "complaint_id": complaint_id, **started._asdict()}


def opening(row: Mapping[str, object], number: int = 1) -> dict[str, object]:
    """Return the row of a deadline of a new case as `additions` takes it, in the round of a number."""
    return {"round": number, "stopped_at": None, "outcome": None, **row}


def additions(rows: bulk.Rows) -> bulk.Part:
    """Return the insert of the deadlines of new cases, each as `opening` made it."""
    return _OPENING, rows


_STOP = """
    UPDATE case_deadline k SET stopped_at = u.at, next_check_at = NULL,
        outcome = CASE WHEN k.due_at <= u.at THEN 'LATE' ELSE u.outcome END
    FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
        AS u(bucket, complaint_id, key, outcome, at)
    WHERE k.bucket = u.bucket AND k.complaint_id = u.complaint_id AND k.key = u.key AND k.stopped_at IS NULL
"""
# one that runs already is not put back
_START = _STARTING.sql(
    where="NOT EXISTS (SELECT FROM case_deadline k WHERE k.bucket = u.bucket "
    "AND k.complaint_id = u.complaint_id AND k.key = u.key AND k.stopped_at IS NULL)"
)


async def change(connection: AsyncConnection, stops: Sequence[Stop], starts: Sequence[Start]) -> None:
    """Stop and start deadlines, all in at most two statements."""
    if stops:
        await connection.exec_driver_sql(_STOP, tuple(list(column) for column in zip(*stops, strict=True)))
    if starts:
        rows = [row(*start) for start in starts]
        await connection.exec_driver_sql(_START, tuple(bulk.arrays([(_STARTING, rows)])))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as it is stored."""

    bucket: int
    complaint_id: uuid.UUID
    key: DeadlineKind
    round: int
    rule: str
    amount: int
    unit: str
    deadline_version: str
    calendar_version: str
    provisional: bool
    started_at: datetime
    due_at: datetime | None
    paused_at: datetime | None
    pauses: Sequence[tuple[str, str | None, str]]
    stopped_at: datetime | None
    outcome: str | None
    last_step: int
    next_check_at: datetime | None

    @classmethod
    def of(cls, stored: Any) -> "Deadline":
        """Read it from a row."""
        values = {name: getattr(stored, name) for name in cls.__slots__}
        return cls(**{**values, "key": DeadlineKind(stored.key)})

    def has_passed(self, at: datetime) -> bool:
        """Tell whether it runs, and its moment has passed at a time."""
        return self.due_at is not None and self.due_at <= at

    @property
    def is_due(self) -> bool:
        """Tell whether a step says that it has run out."""
        return self.last_step >= reminders.SEVERITY[Step.OVERDUE]

    def ended_pauses(self) -> tuple[Pause, ...]:
        """Return the pauses that have ended."""
        return tuple(
            Pause(datetime.fromisoformat(start), datetime.fromisoformat(end), PauseBasis(basis))
            for start, end, basis in self.pauses
            if end is not None
        )


async def of_case(
    connection: AsyncConnection, bucket: int, complaint_id: uuid.UUID, *, every: bool = False
) -> list[Deadline]:
    """Return the running deadlines of a case, paused ones included; `every`: the ended ones too."""
    statement = select(case_deadline).where(
        case_deadline.c.bucket == bucket, case_deadline.c.complaint_id == complaint_id
    )
    if not every:
        statement = statement.where(case_deadline.c.stopped_at.is_(None))
    rows = await connection.execute(statement.order_by(case_deadline.c.started_at, case_deadline.c.key))
    return [Deadline.of(row) for row in rows]


_OF_CASES = text(f"""
    SELECT {", ".join(f"k.{name}" for name in Deadline.__slots__)}
    FROM unnest(CAST(:buckets AS smallint[]), CAST(:ids AS uuid[])) AS u(bucket, id)
    JOIN case_deadline k ON k.bucket = u.bucket AND k.complaint_id = u.id AND k.stopped_at IS NULL
    WHERE NOT :due OR k.next_check_at <= statement_timestamp()
""").columns(*(case_deadline.c[name] for name in Deadline.__slots__))  # noqa: S608 - names of our own columns


async def of_cases(
    connection: AsyncConnection, cases: Collection[CaseKey], *, due: bool = False
) -> dict[uuid.UUID, list[Deadline]]:
    """Return the running deadlines of many cases by the id of each, or only those to be looked at now (`due`)."""
    keys = {"buckets": [case.bucket for case in cases], "ids": [case.id for case in cases], "due": due}
    deadlines: dict[uuid.UUID, list[Deadline]] = {}
    for bucket, complaint_id, key, *rest in await connection.execute(_OF_CASES, keys) if cases else ():
        deadlines.setdefault(complaint_id, []).append(
            Deadline(bucket, complaint_id, DeadlineKind(key), *rest)
        )
    return deadlines


def steps_of(deadline: Deadline, reference: ReferenceData, bureau: str | None) -> tuple[Reminder, ...]:
    """Return the steps of a deadline. Where it was counted by another calendar, the due moment that is stored holds."""
    count, steps = counted(deadline, reference, bureau)
    if deadline.due_at is None or count.due_at == deadline.due_at:
        return steps
    return reminders.reminders(
        deadline.started_at, replace(count, due_at=deadline.due_at), reference.timetable(bureau)
    )


def counted(deadline: Deadline, reference: ReferenceData, bureau: str | None) -> ComputedDeadline:
    """Count a deadline by the present calendar and the hours of a bureau. A moment that somebody set is taken as it is."""
    if deadline.unit == FIXED:
        return schedule.fixed(
            deadline.started_at, deadline.due_at or deadline.started_at, reference.timetable(bureau)
        )
    rules = reference.deadlines_by_version.get(deadline.deadline_version)
    return schedule.compute(
        deadline.started_at,
        deadline.key,
        deadline.amount,
        deadline.unit,
        reference.timetable(bureau),
        rolls=rules is not None and rules.roll_forward,
        pauses=deadline.ended_pauses(),
    )
