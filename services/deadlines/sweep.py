"""The sweep of deadlines: checks each deadline whose next step is due, the longest due first, and records each step once.

Driven by `next_check_at` on the database's clock, never by the last action on a case: a note resets nothing, and a case
without an officer, without a claim or without a bureau is checked like any other. After an interruption only the
gravest step that was reached is recorded. Cases are locked before their deadlines, as everywhere.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import NamedTuple

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import case_row, level_change, stored_deadlines, writer
from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.cases.stored_deadlines import Deadline
from services.deadlines import records
from services.deadlines.records import EscalationKey, EscalationRecord, SweptCase
from services.reference.data import ReferenceData
from services.rules.deadlines import escalation, reminders
from services.rules.deadlines.escalation import OF_ENTERPRISE, Escalated
from services.rules.deadlines.reminders import SEVERITY
from services.rules.states.verbs import Actor
from services.tasks import bisect
from shared import bucket_turns, bulk, clock, database
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.deadlines import case_deadline
from shared.vocabulary import DeadlineKind, Level, Step

POISON_WAIT = timedelta(minutes=10)
"""A case whose check failed is checked again after this time, for ever."""
STEPS = Counter("shensu_deadline_steps", "Steps of deadlines that were recorded", ["step"])
FAILED = Counter("shensu_sweep_failed", "Cases whose deadlines could not be checked: see the log")
log = structlog.get_logger()

_TURNS = bucket_turns.statement("case_deadline", "next_check_at", "t.next_check_at <= statement_timestamp()")
# cases that a desk or another sweep has locked come up again
_DUE = f"""
    SELECT {records.COLUMNS}
    FROM case_deadline k JOIN complaint c ON c.bucket = k.bucket AND c.id = k.complaint_id
    WHERE k.bucket = $1 AND k.next_check_at <= $2
    ORDER BY k.next_check_at LIMIT $3
    FOR NO KEY UPDATE OF c SKIP LOCKED
"""  # noqa: S608 - names of our own columns
_THESE = f"""
    SELECT {records.COLUMNS}
    FROM unnest($1::smallint[], $2::uuid[]) AS u(bucket, id) JOIN complaint c ON c.bucket = u.bucket AND c.id = u.id
    FOR NO KEY UPDATE OF c SKIP LOCKED
"""  # noqa: S608 - as above


async def sweep(db: Database, reference: ReferenceData, *, size: int) -> int:
    """Check up to `size` due deadlines and all else due of their cases; returns how many cases. Zero: nothing is due.

    A case whose check fails is isolated by bisection, postponed and logged; it stops no other case.
    """
    taken: list[SweptCase] = []
    try:
        async with db.transaction() as connection:
            taken = await _due(connection, size)
            recorded = await _record_steps(connection, taken, reference)
    except bisect.FAULTS_OF_ONE as error:
        if not taken or database.is_transient(error):
            raise
        await bisect.run(partial(_these, db, reference), taken, partial(_put_off, db))
    else:
        _count(recorded)
    return len(taken)


async def _due(connection: AsyncConnection, size: int) -> list[SweptCase]:
    """Lock and return the cases of up to `size` due deadlines."""
    due = await bucket_turns.read(connection, _TURNS)

    def _values(bucket: int, count: int) -> tuple[object, ...]:
        return (bucket, due.moment, count)

    cases = case_row.build(
        SweptCase, await bucket_turns.claim(connection, _DUE, due, size, _values, moves=False)
    )
    # several deadlines of one case may be due
    return list({case.id: case for case in cases}.values())


async def _these(db: Database, reference: ReferenceData, cases: Sequence[SweptCase]) -> None:
    async with db.transaction() as connection:
        keys = ([case.bucket for case in cases], [case.id for case in cases])
        rows = await connection.exec_driver_sql(_THESE, keys)
        recorded = await _record_steps(connection, case_row.build(SweptCase, rows), reference)
    _count(recorded)


_PUT_OFF = """
    UPDATE case_deadline SET next_check_at = $3::timestamptz + $4::interval
    WHERE bucket = $1 AND complaint_id = $2 AND next_check_at <= $3
"""


async def _put_off(db: Database, case: SweptCase, error: Exception) -> None:
    async with db.transaction() as connection:
        moment = await database.moment(connection)
        await connection.exec_driver_sql(_PUT_OFF, (case.bucket, case.id, moment, POISON_WAIT))
    FAILED.inc()
    log.error("sweep_failed", number=case.number, exc_info=error)


_BEHIND = "SELECT count(*) FROM case_deadline WHERE next_check_at < statement_timestamp() - $1::interval"


async def behind(db: Database, *, by: timedelta) -> int:
    """Return how many deadlines are overdue for a check by more than this time: none, while a worker sweeps."""
    async with db.transaction() as connection:
        return int((await connection.exec_driver_sql(_BEHIND, (by,))).scalar_one())


class TakenStep(NamedTuple):
    """A step that was reached and is not recorded yet, with its effect on the case."""

    deadline: Deadline
    step: Step
    effect: Escalated

    @property
    def key(self) -> EscalationKey:
        """The key by which the step is recorded once."""
        return EscalationKey(
            self.deadline.bucket,
            self.deadline.complaint_id,
            self.deadline.key,
            self.deadline.round,
            self.step,
        )


class CheckedDeadline(NamedTuple):
    """A checked deadline: the severity of the last step, the time of the next check, and the step to record now."""

    deadline: Deadline
    last_step: int
    next_check_at: datetime | None
    step: Step | None


_CHECKED = bulk.update(
    case_deadline,
    ("bucket", "complaint_id", "key", "round"),
    ("last_step", "next_check_at"),
    "case_deadline.stopped_at IS NULL",
)


async def _record_steps(
    connection: AsyncConnection, cases: Sequence[SweptCase], reference: ReferenceData
) -> list[TakenStep]:
    """Check the due deadlines of cases that this transaction has locked; returns the recorded steps."""
    by_id = {case.id: case for case in cases}
    due = await stored_deadlines.of_cases(connection, cases, due=True)
    checked_deadlines = [
        _check(deadline, by_id[case_id], reference)
        for case_id, deadlines in due.items()
        for deadline in deadlines
    ]
    reached = [
        TakenStep(
            checked.deadline,
            step,
            _escalate(checked.deadline, step, by_id[checked.deadline.complaint_id], reference),
        )
        for checked in checked_deadlines
        if (step := checked.step) is not None
    ]
    written = await records.write(connection, [_record(step, by_id) for step in reached])
    await _CHECKED.run(connection, [_checked_row(checked) for checked in checked_deadlines])
    recorded = [step for step in reached if step.key in written]
    rising = [
        by_id[case_id]
        for case_id in {step.deadline.complaint_id for step in recorded if _raises_level(step, by_id)}
    ]
    deadlines_of = await stored_deadlines.of_cases(connection, rising)
    changes = [
        _change(by_id[case_id], list(of_case), deadlines_of.get(case_id, ()), reference)
        for case_id, of_case in groupby(recorded, key=lambda step: step.deadline.complaint_id)
    ]
    await writer.apply(connection, changes, WorkerContext(reference))
    return recorded


def _check(deadline: Deadline, case: SweptCase, reference: ReferenceData) -> CheckedDeadline:
    steps = stored_deadlines.steps_of(deadline, reference, case.handling_bureau)
    reached_step = reminders.look(steps, case.moment, deadline.last_step)
    last_step = SEVERITY[reached_step.reached] if reached_step.reached is not None else deadline.last_step
    return CheckedDeadline(deadline, last_step, reached_step.next_at, reached_step.reached)


def _checked_row(checked: CheckedDeadline) -> dict[str, object]:
    deadline = checked.deadline
    return {
        "bucket": deadline.bucket,
        "complaint_id": deadline.complaint_id,
        "key": deadline.key,
        "round": deadline.round,
        "last_step": checked.last_step,
        "next_check_at": checked.next_check_at,
    }


def _escalate(deadline: Deadline, step: Step, case: SweptCase, reference: ReferenceData) -> Escalated:
    return escalation.decide(
        deadline.key,
        step,
        Level(case.level),
        records.seats_of(case),
        reference.escalation,
        reference.jurisdictions,
    )


def _raises_level(step: TakenStep, cases: Mapping[uuid.UUID, SweptCase]) -> bool:
    return step.effect.level > Level(cases[step.deadline.complaint_id].level)


def _record(step: TakenStep, cases: Mapping[uuid.UUID, SweptCase]) -> EscalationRecord:
    before = Level(cases[step.deadline.complaint_id].level)
    return EscalationRecord(step.key, before, step.effect.level, step.effect.notified_bureaus)


def _change(
    case: SweptCase, recorded: Sequence[TakenStep], deadlines: Sequence[Deadline], reference: ReferenceData
) -> CaseChange:
    """Return the change of a case by the steps of one sweep: one event that names them all, flags, and the level."""
    gravest = max(recorded, key=lambda step: (step.effect.level, SEVERITY[step.step]))
    new_events = [_reminder(recorded)]
    columns = _flags(case, recorded)
    if gravest.effect.level == case.level:
        return CaseChange(
            case=case, actor=Actor.WORKER, new_events=new_events, columns=columns, keeps_deadlines=True
        )
    why = {"trigger": gravest.deadline.key, "step": gravest.step}
    raised = level_change.changed(case, gravest.effect.level, deadlines, reference, why)
    return CaseChange(
        case=case,
        actor=Actor.WORKER,
        new_events=[*new_events, raised.event],
        columns=columns | raised.columns,
        stops=raised.targets.stops,
        starts=raised.targets.starts,
    )


def _reminder(recorded: Sequence[TakenStep]) -> NewEvent:
    """Return the event that names the steps: the one of which the enterprise is notified first, else the gravest."""
    first, *others = sorted(
        recorded,
        key=lambda step: (step.deadline.key not in OF_ENTERPRISE, -SEVERITY[step.step], step.deadline.key),
    )
    also = {"also": [_named(step) for step in others]} if others else {}
    return NewEvent(EventKind.DEADLINE_REMINDER, _named(first) | also)


def _named(step: TakenStep) -> dict[str, object]:
    due_at = step.deadline.due_at
    return {
        "deadline": step.deadline.key,
        "round": step.deadline.round,
        "step": step.step,
        "due_at": due_at.astimezone(clock.SHANGHAI) if due_at is not None else None,
        "notified_bureaus": step.effect.notified_bureaus,
    }


def _flags(case: SweptCase, recorded: Sequence[TakenStep]) -> CaseUpdate:
    run_out = {step.deadline.key for step in recorded if SEVERITY[step.step] >= SEVERITY[Step.OVERDUE]}
    flags: CaseUpdate = {}
    if run_out and case.escalated_at is None:
        flags["escalated_at"] = case.moment
    if run_out & OF_ENTERPRISE and not case.reply_overdue:
        flags["reply_overdue"] = True
    if DeadlineKind.TOTAL in run_out and not case.overdue_total:
        flags["overdue_total"] = True
    return flags


def _count(recorded: Sequence[TakenStep]) -> None:
    for step in recorded:
        STEPS.labels(step.step).inc()
