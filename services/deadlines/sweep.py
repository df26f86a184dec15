"""The sweep of the clocks: looks at every limit whose next step is due, the longest due first, and says each step once.

Driven by `next_check_at` on the database's clock, never by what was last done to a case: a note resets nothing, and a case
that nobody was assigned, or nobody claimed, or that no rule could place, comes up like any other. After a standstill
only the gravest step that was reached is said. Cases are locked before their limits, as everywhere.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import case_row, level_change, stored_deadlines, writer
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.cases.stored_deadlines import Deadline
from services.deadlines import records
from services.deadlines.records import Key, Record, SweptCase
from services.reference.data import ReferenceData
from services.rules.deadlines import escalation, reminders
from services.rules.deadlines.escalation import OF_ENTERPRISE, Escalated
from services.rules.deadlines.reminders import SEVERITY
from services.rules.states.verbs import Actor
from services.tasks import bisect
from shared import bulk, clock, database
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.deadlines import case_deadline
from shared.vocabulary import DeadlineKind, Level, Step

POISON_WAIT = timedelta(minutes=10)
"""A case that could not be looked at is looked at again after so long, for ever."""
STEPS = Counter("shensu_steps_said", "Steps of limits that were spoken of", ["step"])
FAILED = Counter("shensu_sweep_failed", "Cases whose limits could not be looked at: see the log")
log = structlog.get_logger()

# a stable moment, so that the index serves it; those whom a desk or another sweep holds come up again
_DUE = f"""
    SELECT {records.COLUMNS}
    FROM case_deadline k JOIN complaint c ON c.bucket = k.bucket AND c.id = k.complaint_id
    WHERE k.next_check_at <= statement_timestamp()
    ORDER BY k.next_check_at LIMIT $1
    FOR NO KEY UPDATE OF c SKIP LOCKED
"""  # noqa: S608 - names of our own columns
_THESE = f"""
    SELECT {records.COLUMNS}
    FROM unnest($1::smallint[], $2::uuid[]) AS u(bucket, id) JOIN complaint c ON c.bucket = u.bucket AND c.id = u.id
    FOR NO KEY UPDATE OF c SKIP LOCKED
"""  # noqa: S608 - as above


async def sweep(db: Database, reference: ReferenceData, *, size: int) -> int:
    """Look at up to `size` due limits, and at all that is due of their cases; returns how many cases. Zero: nothing is due.

    A case that cannot be looked at is found by halving, put off and told of, and stops no other.
    """
    taken: list[SweptCase] = []
    try:
        async with db.transaction() as connection:
            rows = case_row.build(SweptCase, await connection.exec_driver_sql(_DUE, (size,)))
            # several limits of one case may be due
            taken = list({row.id: row for row in rows}.values())
            said = await _speak(connection, taken, reference)
    except bisect.FAULTS_OF_ONE as error:
        if not taken or database.is_transient(error):
            raise
        await bisect.run(partial(_these, db, reference), taken, partial(_put_off, db))
    else:
        _count(said)
    return len(taken)


async def _these(db: Database, reference: ReferenceData, cases: Sequence[SweptCase]) -> None:
    async with db.transaction() as connection:
        keys = ([case.bucket for case in cases], [case.id for case in cases])
        rows = await connection.exec_driver_sql(_THESE, keys)
        said = await _speak(connection, case_row.build(SweptCase, rows), reference)
    _count(said)


_PUT_OFF = """
    UPDATE case_deadline SET next_check_at = clock_timestamp() + $3::interval
    WHERE bucket = $1 AND complaint_id = $2 AND next_check_at <= clock_timestamp()
"""


async def _put_off(db: Database, case: SweptCase, error: Exception) -> None:
    async with db.transaction() as connection:
        await connection.exec_driver_sql(_PUT_OFF, (case.bucket, case.id, POISON_WAIT))
    FAILED.inc()
    log.error("sweep_failed", number=case.number, exc_info=error)


_BEHIND = "SELECT count(*) FROM case_deadline WHERE next_check_at < statement_timestamp() - $1::interval"


async def behind(db: Database, *, by: timedelta) -> int:
    """Return how many limits should have been looked at longer ago than that: none, while a worker sweeps."""
    async with db.transaction() as connection:
        return int((await connection.exec_driver_sql(_BEHIND, (by,))).scalar_one())


class TakenStep(NamedTuple):
    """A step that was reached and not spoken of yet, and what it brings to the case."""

    limit: Deadline
    step: Step
    brings: Escalated

    @property
    def key(self) -> Key:
        """What makes it be said once."""
        return Key(self.limit.bucket, self.limit.complaint_id, self.limit.key, self.limit.round, self.step)


class Looked(NamedTuple):
    """A limit that was looked at: the severity of the last step said, when to look again, and what is to be said now."""

    limit: Deadline
    last_step: int
    next_check_at: datetime | None
    step: Step | None


_LOOKED = bulk.update(
    case_deadline,
    ("bucket", "complaint_id", "key", "round"),
    ("last_step", "next_check_at"),
    "case_deadline.stopped_at IS NULL",
)


async def _speak(
    connection: AsyncConnection, cases: Sequence[SweptCase], reference: ReferenceData
) -> list[TakenStep]:
    """Look at the due limits of cases that this transaction has locked; returns what was said."""
    by_id = {case.id: case for case in cases}
    due = await stored_deadlines.of_cases(connection, cases, due=True)
    looked = [_look(limit, by_id[case_id], reference) for case_id, limits in due.items() for limit in limits]
    reached = [
        TakenStep(
            step.limit, step.step, _brings(step.limit, step.step, by_id[step.limit.complaint_id], reference)
        )
        for step in looked
        if step.step is not None
    ]
    written = await records.write(connection, [_record(step, by_id) for step in reached])
    await _LOOKED.run(connection, [_looked_row(step) for step in looked])
    said = [step for step in reached if step.key in written]
    rising = [by_id[case_id] for case_id in {step.limit.complaint_id for step in said if _rises(step, by_id)}]
    limits_of = await stored_deadlines.of_cases(connection, rising)
    changes = [
        _change(by_id[case_id], list(of_case), limits_of.get(case_id, ()), reference)
        for case_id, of_case in groupby(said, key=lambda step: step.limit.complaint_id)
    ]
    await writer.apply(connection, changes, WorkerContext(reference))
    return said


def _look(limit: Deadline, case: SweptCase, reference: ReferenceData) -> Looked:
    steps = stored_deadlines.steps_of(limit, reference, case.handling_bureau)
    reached_step = reminders.look(steps, case.moment, limit.last_step)
    said = SEVERITY[reached_step.reached] if reached_step.reached is not None else limit.last_step
    return Looked(limit, said, reached_step.next_at, reached_step.reached)


def _looked_row(checked: Looked) -> dict[str, Any]:
    limit = checked.limit
    return {
        "bucket": limit.bucket,
        "complaint_id": limit.complaint_id,
        "key": limit.key,
        "round": limit.round,
        "last_step": checked.last_step,
        "next_check_at": checked.next_check_at,
    }


def _brings(limit: Deadline, step: Step, case: SweptCase, reference: ReferenceData) -> Escalated:
    return escalation.decide(
        limit.key,
        step,
        Level(case.level),
        records.seats_of(case),
        reference.escalation,
        reference.jurisdictions,
    )


def _rises(step: TakenStep, cases: Mapping[Any, SweptCase]) -> bool:
    return step.brings.level > Level(cases[step.limit.complaint_id].level)


def _record(step: TakenStep, cases: Mapping[Any, SweptCase]) -> Record:
    before = Level(cases[step.limit.complaint_id].level)
    return Record(step.key, before, step.brings.level, step.brings.notified_bureaus)


def _change(
    case: SweptCase, said: Sequence[TakenStep], limits: Sequence[Deadline], reference: ReferenceData
) -> CaseChange:
    """Return what the steps of one sweep make of a case: one event that names them all, flags, and the level."""
    gravest = max(said, key=lambda step: (step.brings.level, SEVERITY[step.step]))
    new_events = [_reminder(said)]
    columns = _flags(case, said)
    if gravest.brings.level == case.level:
        return CaseChange(case=case, actor=Actor.WORKER, new_events=new_events, columns=columns)
    why = {"trigger": gravest.limit.key, "step": gravest.step}
    raised = level_change.changed(case, gravest.brings.level, limits, reference, why)
    return CaseChange(
        case=case,
        actor=Actor.WORKER,
        new_events=[*new_events, raised.event],
        columns={**columns, **raised.columns},
        stops=raised.targets.stops,
        starts=raised.targets.starts,
    )


def _reminder(said: Sequence[TakenStep]) -> NewEvent:
    """Return the event that names the steps: the enterprise's own first, for it is told of that one, else the gravest."""
    first, *others = sorted(
        said, key=lambda step: (step.limit.key not in OF_ENTERPRISE, -SEVERITY[step.step], step.limit.key)
    )
    also = {"also": [_named(step) for step in others]} if others else {}
    return NewEvent(EventKind.DEADLINE_REMINDER, _named(first) | also)


def _named(step: TakenStep) -> dict[str, Any]:
    due_at = step.limit.due_at
    return {
        "deadline": step.limit.key,
        "round": step.limit.round,
        "step": step.step,
        "due_at": due_at.astimezone(clock.SHANGHAI) if due_at is not None else None,
        "notified_bureaus": step.brings.notified_bureaus,
    }


def _flags(case: SweptCase, said: Sequence[TakenStep]) -> dict[str, Any]:
    run_out = {step.limit.key for step in said if SEVERITY[step.step] >= SEVERITY[Step.OVERDUE]}
    flags: dict[str, Any] = {}
    if run_out and case.escalated_at is None:
        flags["escalated_at"] = case.moment
    if run_out & OF_ENTERPRISE and not case.reply_overdue:
        flags["reply_overdue"] = True
    if DeadlineKind.TOTAL in run_out and not case.overdue_total:
        flags["overdue_total"] = True
    return flags


def _count(said: Sequence[TakenStep]) -> None:
    for step in said:
        STEPS.labels(step.step).inc()
