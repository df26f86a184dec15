"""Verbs on deadlines: an internal deadline is paused on a legal basis, and resumed."""

from services.cases import stored_deadlines
from services.cases.changes import Happening
from services.casework import forms
from services.casework.steps import Acting, Done, _open, change
from services.rules.deadlines.schedule import UNMOVABLE
from shared.errors import ConflictError


class ClockError(ConflictError):
    """The limit does not run, does not stand still, or is one that nobody moves."""

    code = "clock-not-movable"
    title = "The limit cannot be moved like this"


async def pause(act: Acting, form: forms.Pause) -> Done:
    """Let an internal limit stand still on a legal basis. The statutory 30 days never do (邮政法 art. 65)."""
    _open(act)
    if form.clock in UNMOVABLE:
        raise ClockError("The statutory 30 days stand still for nobody (邮政法 art. 65).")
    limits = await stored_deadlines.of_case(act.connection, act.case.bucket, act.case.id)
    if any(one.key == form.clock and one.paused_at is not None for one in limits):
        raise ClockError(f"The limit {form.clock} stands still already; `resume` lets it run on.")
    if not await stored_deadlines.pause(act.connection, act.case, form.clock, form.basis, act.case.moment):
        raise ClockError(
            f"The limit {form.clock} does not run for this case, or has run out: late stays late."
        )
    happening = Happening("CLOCK_PAUSED", {"clock": form.clock, "basis": form.basis}, {"reason": form.reason})
    return Done([change(act, happening)])


async def resume(act: Acting, form: forms.Resume) -> Done:
    """Let a limit that stands still run on; the time between does not count."""
    limits = await stored_deadlines.of_case(act.connection, act.case.bucket, act.case.id)
    still = next((one for one in limits if one.key == form.clock and one.paused_at is not None), None)
    if still is None:
        raise ClockError(f"The limit {form.clock} does not stand still for this case.")
    await stored_deadlines.resume(act.connection, still, act.book, act.case.handling_bureau, act.case.moment)
    happening = Happening("CLOCK_RESUMED", {"clock": form.clock}, {"reason": form.reason})
    return Done([change(act, happening)])
