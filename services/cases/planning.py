"""Plans what a transaction writes of cases: each change with its consequences, and the change that follows it at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from services.cases import planned_case
from services.cases.case_row import CaseHead
from services.cases.changes import CaseChange, WorkerContext
from services.cases.effects import EFFECTS
from services.cases.planned_case import PlannedCase
from services.cases.work_orders import Orders
from shared import bulk

NextChange = Callable[[CaseChange, CaseHead], CaseChange | None]
"""Returns the change that follows a change at once, given the case as it is after it; None: nothing follows."""


class Plans(NamedTuple):
    """The cases as they are written, the rows of other tables that go with them, and the changes that followed at once."""

    cases: Sequence[PlannedCase]
    parts: Sequence[bulk.Part]
    followed: Sequence[CaseChange]


def plan(
    changes: Sequence[CaseChange],
    context: WorkerContext,
    orders: Mapping[UUID, Orders] | None = None,
    next_change: NextChange | None = None,
) -> Plans:
    """Plan changes of different cases. `orders` are the hotline's orders that follow each case, by its id.

    What `next_change` returns is planned on top of each change, as if it were a transaction of its own, and both are
    written at once.
    """
    following: Mapping[UUID, Orders] = orders or {}
    cases = [planned_case.plan(change, following.get(change.case.id, ())) for change in changes]
    parts = _consequences(cases, context)
    if next_change is None:
        return Plans(cases, parts, ())
    later = [
        (case, planned_case.plan(change, case.orders_after()))
        for case in cases
        if (change := next_change(case.change, case.head_after())) is not None
    ]
    parts += _consequences([plan for _, plan in later], context)
    for case, plan in later:
        case.extend(plan)
    return Plans(cases, bulk.grouped(parts), [plan.change for _, plan in later])


def _consequences(cases: Sequence[PlannedCase], context: WorkerContext) -> list[bulk.Part]:
    return [part for effect in EFFECTS for part in effect(cases, context)] if cases else []
