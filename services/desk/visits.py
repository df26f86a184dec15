"""The verb of the return visit (回访)."""

from services.cases import stored_deadlines
from services.cases.case_update import CaseUpdate
from services.cases.changes import NewEvent
from services.casework import visits
from services.casework.steps import StepContext, StepResult, change, check_open
from services.rules.deadlines import schedule
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind


async def visit(step: StepContext, form: visits.Visit) -> StepResult:
    """Record a return visit, whether it reached the user, and with whom the user is satisfied."""
    check_open(step)
    seq = await visits.add(step.connection, step.case, form, by=step.desk.by, source=visits.DESK)
    facts = form.model_dump(exclude={"note"}, exclude_none=True)
    event = NewEvent(EventKind.VISITED, {"visit": seq, **facts}, step.words(note=form.note))
    columns: CaseUpdate = {}
    stops, starts = [], []
    if form.reached:
        stops += [DeadlineKind.FIRST_CONTACT, DeadlineKind.SECOND_CALL]
        columns["contacted_at"] = step.case.contacted_at or step.case.moment
        columns |= visits.satisfaction(form)
    elif await _is_running(step, DeadlineKind.SECOND_CALL):
        stops.append(DeadlineKind.SECOND_CALL)
    else:
        starts.append(schedule.start(DeadlineKind.SECOND_CALL, step.case.moment, step.timetable, step.rules))
    return StepResult(
        [change(step, event, stops=stops, starts=starts, columns=columns)], answer={"visit": seq}
    )


async def _is_running(step: StepContext, key: DeadlineKind) -> bool:
    deadlines = await stored_deadlines.of_case(step.connection, step.case.bucket, step.case.id)
    return any(deadline.key == key for deadline in deadlines)
