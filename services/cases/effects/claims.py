"""The deadline to be claimed: a case that waits for an officer and has none gets it, and a claim ends it."""

from collections.abc import Sequence

from services.cases.changes import WorkerContext
from services.cases.planned_case import PlannedCase
from services.rules.deadlines import schedule
from shared import bulk
from shared.vocabulary import DeadlineKind


def follow(cases: Sequence[PlannedCase], context: WorkerContext) -> Sequence[bulk.Part]:
    """Start the claim deadline of cases that wait for an officer and have none; stop that of cases that were claimed."""
    for planned in cases:
        if planned.columns.get("claimed_by") is not None:
            planned.stop(DeadlineKind.CLAIM)
        elif planned.claimed_by is None and waits(planned):
            _start(planned, context)
    return ()


def waits(planned: PlannedCase) -> bool:
    """Tell whether a change leaves a case to an officer, by the state table of its kind."""
    table = planned.rules.states.awaiting_officer
    return any(planned.status in table.get(event.kind, ()) for event in planned.new_events)


def _start(planned: PlannedCase, context: WorkerContext) -> None:
    reference = context.reference
    started = schedule.start(
        DeadlineKind.CLAIM,
        planned.case.moment,
        reference.timetable(planned.handling_bureau),
        reference.deadline_rules_for(planned),
    )
    if planned.handling_bureau != planned.case.handling_bureau:
        # another bureau has time of its own
        planned.restart(started)
    else:
        planned.start(started)
