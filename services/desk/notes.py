"""Verbs that add to the file: notes, reports of progress, questions to the enterprise."""

from services.cases import moves
from services.cases.case_update import CaseUpdate
from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.steps import StepContext, StepResult, change, check_open
from services.rules.deadlines import schedule
from services.rules.deadlines.schedule import StartedDeadline
from shared.errors import FieldError, InvalidInputError
from shared.event_kinds import EventKind
from shared.vocabulary import ENDED, DeadlineKind, Level, Status


async def note(step: StepContext, form: forms.Note) -> StepResult:
    """Add a note to the file. A progress report starts the deadline of the next one; a contact meets that of the first."""
    event = NewEvent(
        EventKind.NOTE, {"progress": form.progress, "contact": form.contact}, step.words(note=form.note)
    )
    stops: list[DeadlineKind] = []
    starts: list[StartedDeadline | None] = []
    columns: CaseUpdate = {}
    if form.progress and Status(step.case.status) not in ENDED:
        rule = schedule.target_rule(DeadlineKind.PROGRESS_REPORT, Level(step.case.level))
        stops.append(DeadlineKind.PROGRESS_REPORT)
        starts.append(
            schedule.start(
                DeadlineKind.PROGRESS_REPORT, step.case.moment, step.timetable, step.rules, rule=rule
            )
        )
    if form.contact:
        stops.append(DeadlineKind.FIRST_CONTACT)
        columns["contacted_at"] = step.case.contacted_at or step.case.moment
    return StepResult([change(step, event, stops=stops, starts=starts, columns=columns)])


async def follow_up(step: StepContext, form: forms.FollowUp) -> StepResult:
    """Ask the enterprise a further question, through its feed; its deadline runs on."""
    check_open(step)
    if step.case.forwarded_at is None:
        raise moves.illegal(
            step.case, step.desk.actor, "it was not forwarded to an enterprise that could answer a question"
        )
    if form.answer_by is not None and form.answer_by <= step.case.moment:
        fault = FieldError("/answer_by", "in-the-past", "give a time that is still to come, or none")
        raise InvalidInputError("The enterprise cannot answer by then; see errors.", [fault])
    return StepResult(
        [
            change(
                step,
                NewEvent(
                    EventKind.FOLLOW_UP, {"answer_by": form.answer_by}, step.words(message=form.message)
                ),
            )
        ]
    )
