"""Verbs on deadlines: an internal deadline is paused on a legal basis, and resumed."""

from services.cases import moved_deadlines, stored_deadlines
from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.steps import StepContext, StepResult, _open, change
from services.rules.deadlines.schedule import UNMOVABLE
from shared.errors import ConflictError
from shared.event_kinds import EventKind


class ClockError(ConflictError):
    """The limit does not run, does not stand still, or is one that nobody moves."""

    code = "deadline-not-movable"
    title = "The limit cannot be moved like this"


async def pause(step: StepContext, form: forms.Pause) -> StepResult:
    """Let an internal limit stand still on a legal basis. The statutory 30 days never do (邮政法 art. 65)."""
    _open(step)
    if form.deadline in UNMOVABLE:
        raise ClockError("The statutory 30 days stand still for nobody (邮政法 art. 65).")
    limits = await stored_deadlines.of_case(step.connection, step.case.bucket, step.case.id)
    if any(one.key == form.deadline and one.paused_at is not None for one in limits):
        raise ClockError(f"The limit {form.deadline} stands still already; `resume` lets it run on.")
    if not await moved_deadlines.pause(
        step.connection, step.case, form.deadline, form.basis, step.case.moment
    ):
        raise ClockError(
            f"The limit {form.deadline} does not run for this case, or has run out: late stays late."
        )
    event = NewEvent(
        EventKind.DEADLINE_PAUSED,
        {"deadline": form.deadline, "basis": form.basis},
        step.words(reason=form.reason),
    )
    return StepResult([change(step, event)])


async def resume(step: StepContext, form: forms.Resume) -> StepResult:
    """Let a limit that stands still run on; the time between does not count."""
    limits = await stored_deadlines.of_case(step.connection, step.case.bucket, step.case.id)
    still = next((one for one in limits if one.key == form.deadline and one.paused_at is not None), None)
    if still is None:
        raise ClockError(f"The limit {form.deadline} does not stand still for this case.")
    await moved_deadlines.resume(
        step.connection, still, step.reference, step.case.handling_bureau, step.case.moment
    )
    event = NewEvent(EventKind.DEADLINE_RESUMED, {"deadline": form.deadline}, step.words(reason=form.reason))
    return StepResult([change(step, event)])
