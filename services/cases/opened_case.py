"""A case that goes on in the transaction that stores it: its first changes become part of the rows that it begins with.

Pure: the same consequences follow as when `services.cases.writer` writes the changes one after another
(`services.cases.effects`), but nothing is written yet, and so nothing is written twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.cases import case_row, planning, stored_deadlines
from services.cases.case_row import CaseHead
from services.cases.changes import CaseChange, WorkerContext
from services.cases.new_case import NewCase
from services.cases.outbox import OutboxEntry
from services.cases.planned_case import PlannedCase
from services.cases.planning import NextChange, Plans
from shared import bulk
from shared.vocabulary import CaseKind, DeadlineKind

OpenRow = dict[str, Any]
_BEGINNING: OpenRow = {"kind": CaseKind.CONSUMER_COMPLAINT, "version": 1, "province": "000000"}
"""What the table gives to a new case by itself."""
_HEAD = frozenset(case_row.names(CaseHead))


@dataclass(slots=True)
class OpenedCase:
    """A case as it is going to be stored: its row, its deadlines, its messages, the days on which it counts."""

    row: OpenRow
    deadlines: list[OpenRow]
    head: CaseHead
    days: set[date] = field(default_factory=set)
    messages: list[OutboxEntry] = field(default_factory=list)


def begin(row: NewCase, deadlines: bulk.Rows, moment: datetime) -> OpenedCase:
    """Return a case that is received at a moment, with the deadlines that the receipt starts."""
    values: OpenRow = {**dict.fromkeys(_HEAD), **_BEGINNING, "moment": moment}
    head = CaseHead(**values | {name: value for name, value in row.items() if name in _HEAD})
    return OpenedCase({**row, "created_at": moment}, [*map(stored_deadlines.opening, deadlines)], head)


def follow(
    cases: Sequence[OpenedCase],
    changes: Sequence[CaseChange],
    context: WorkerContext,
    next_change: NextChange | None = None,
) -> Plans:
    """Change cases, each by its change and by what `next_change` lets follow it; returns what was planned.

    The rows of other tables are inserted with the cases. No hotline's order follows them: those are filed by way of the
    worker.
    """
    plans = planning.plan(changes, context, next_change=next_change)
    for case, plan in zip(cases, plans.cases, strict=True):
        _take(case, plan)
    return plans


def _take(case: OpenedCase, plan: PlannedCase) -> None:
    case.head = plan.head_after()
    _stop(case, plan)
    _start(case, plan)
    case.row |= {**plan.columns, "version": case.head.version}
    case.row["next_due_at"] = min(
        (row["due_at"] for row in case.deadlines if row["stopped_at"] is None), default=None
    )
    case.days |= plan.days
    case.messages += plan.messages


def _stop(case: OpenedCase, plan: PlannedCase) -> None:
    moment = case.head.moment
    for deadline in case.deadlines:
        outcome = plan.outcomes.get(DeadlineKind(deadline["key"]))
        if outcome is not None and deadline["stopped_at"] is None:
            late = deadline["due_at"] <= moment
            deadline |= {"stopped_at": moment, "outcome": "LATE" if late else outcome, "next_check_at": None}


def _start(case: OpenedCase, plan: PlannedCase) -> None:
    """Start deadlines; one that runs already is not put back, one that ran before is another round of it."""
    for started in plan.starts:
        rounds = [row for row in case.deadlines if row["key"] == started.key]
        if all(row["stopped_at"] is not None for row in rounds):
            row = stored_deadlines.row(case.head.bucket, case.head.id, started)
            case.deadlines.append(stored_deadlines.opening(row, len(rounds) + 1))
