"""Verbs on deadlines: an internal deadline is paused on a legal basis, and resumed."""

from services.cases import moved_deadlines, stored_deadlines
from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.steps import StepContext, StepResult, change, check_open
from services.rules.deadlines.schedule import UNMOVABLE
from shared.errors import ConflictError
from shared.event_kinds import EventKind


class DeadlineNotMovableError(ConflictError):
    """The deadline does not run, is not paused, or is one that nobody moves."""

    code = "deadline-not-movable"
    title = "The deadline cannot be moved like this"


async def pause(step: StepContext, form: forms.PauseDeadline) -> StepResult:
    """Pause an internal deadline on a legal basis. The statutory 30 days are never paused (邮政法 art. 65)."""
    check_open(step)
    if form.deadline in UNMOVABLE:
        raise DeadlineNotMovableError("The statutory 30 days are paused for nobody (邮政法 art. 65).")
    deadlines = await stored_deadlines.of_case(step.connection, step.case.bucket, step.case.id)
    if any(deadline.key == form.deadline and deadline.paused_at is not None for deadline in deadlines):
        raise DeadlineNotMovableError(
            f"The deadline {form.deadline} is paused already; `resume` lets it run again."
        )
    if not await moved_deadlines.pause(
        step.connection, step.case, form.deadline, form.basis, step.case.moment
    ):
        raise DeadlineNotMovableError(
            f"The deadline {form.deadline} does not run for this case, or has passed: late stays late."
        )
    event = NewEvent(
        EventKind.DEADLINE_PAUSED,
        {"deadline": form.deadline, "basis": form.basis},
        step.words(reason=form.reason),
    )
    return StepResult([change(step, event)])


async def resume(step: StepContext, form: forms.ResumeDeadline) -> StepResult:
    """Resume a paused deadline; the time of the pause does not count."""
    deadlines = await stored_deadlines.of_case(step.connection, step.case.bucket, step.case.id)
    paused = (each for each in deadlines if each.key == form.deadline and each.paused_at is not None)
    deadline = next(paused, None)
    if deadline is None:
        raise DeadlineNotMovableError(f"The deadline {form.deadline} is not paused for this case.")
    await moved_deadlines.resume(
        step.connection, deadline, step.reference, step.case.handling_bureau, step.case.moment
    )
    event = NewEvent(EventKind.DEADLINE_RESUMED, {"deadline": form.deadline}, step.words(reason=form.reason))
    return StepResult([change(step, event)])
