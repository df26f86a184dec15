"""Where a case is handled and how closely it is watched: to another bureau, up to a superior, to another level.

What follows from it is reckoned in the same transaction: limits in office hours by the hours of the new bureau, targets
by the new level. Legal limits move for neither.
"""

from services.cases import level_change, moved_deadlines, stored_deadlines
from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.session import is_above
from services.casework.steps import NotOpenError, StepContext, StepResult, change
from services.rules import levels
from services.rules.jurisdiction import reassignment
from services.rules.jurisdiction.reassignment import Reassigned
from shared import bulk
from shared.errors import ConflictError, FieldError, InvalidInputError, ShensuError
from shared.event_kinds import EventKind
from shared.vocabulary import ENDED, Level, Status


class SupervisorNeededError(ShensuError):
    """Only a named supervisor may do this."""

    status = 403
    code = "supervisor-needed"
    title = "A supervisor has to do this"


class NothingChangesError(ConflictError):
    """The case stands there already."""

    code = "nothing-changes"
    title = "The case stands there already"


async def reassign(step: StepContext, form: forms.Reassign) -> StepResult:
    """Send the case to another bureau, each hop with its reason; after two bounces the common superior decides [P].

    A superior's assignment holds and is no bounce. Rulebook 4, after 66号文 on disputed dispatches [V2].
    """
    if Status(step.case.status) in ENDED:
        raise NotOpenError(f"The case is {step.case.status}; it is assigned to nobody any more.")
    reference = step.reference.jurisdictions
    if form.bureau not in reference.bureaus:
        fault = FieldError(
            "/bureau", "unknown-bureau", "no such bureau; GET /v1/reference/bureaus lists them"
        )
        raise InvalidInputError("The case cannot be assigned there; see errors.", [fault])
    if form.bureau == step.case.handling_bureau:
        raise NothingChangesError(f"{form.bureau} handles the case already.")
    by_superior = is_above(step.desk.bureau, step.case, step.reference)
    found = reassignment.reassign(
        step.case.handling_bureau, form.bureau, step.case.bounces, reference, by_superior=by_superior
    )
    return await _assigned(step, form, found)


async def _assigned(step: StepContext, form: forms.Reassign, found: Reassigned) -> StepResult:
    limits = await stored_deadlines.of_case(step.connection, step.case.bucket, step.case.id)
    await moved_deadlines.recalculate(
        step.connection, limits, step.reference, {step.case.id: found.seat.handling}
    )
    bounces = step.case.bounces + found.bounces
    data = {
        "from": step.case.handling_bureau,
        "asked": form.bureau,
        "to": found.seat.handling,
        "rule": found.rule,
        "note": found.note,
        "bounces": bounces,
    }
    columns = {
        "handling_bureau": found.seat.handling,
        "supervising_bureau": found.seat.supervising,
        "province": found.seat.province,
        "copied_to": bulk.array_literal(
            levels.copied_bureaus(
                Level(step.case.level),
                found.seat.handling,
                found.seat.province,
                step.reference.jurisdictions,
            )
        ),
        "bounces": bounces,
        "triage": False,
        "claimed_by": None,
        "claimed_at": None,
    }
    event = NewEvent(EventKind.REASSIGNED, data, step.words(reason=form.reason))
    return StepResult([change(step, event, columns=columns)], answer={"assigned_to": found.seat.handling})


async def change_level(step: StepContext, form: forms.ChangeLevel) -> StepResult:
    """Raise the level, or as a named supervisor with a reason lower it. Targets follow, legal limits never do."""
    before, after = Level(step.case.level), form.level
    if before == after:
        raise NothingChangesError(f"The case has level {before} already.")
    if after < before and not step.desk.officer.is_supervisor:
        raise SupervisorNeededError("A level is lowered by a named supervisor, with a reason (rulebook 8).")
    if Status(step.case.status) in ENDED:
        raise NotOpenError(f"The case is {step.case.status}; nobody works it any more, at whatever level.")
    limits = await stored_deadlines.of_case(step.connection, step.case.bucket, step.case.id)
    done = level_change.changed(step.case, after, limits, step.reference, {}, step.words(reason=form.reason))
    stops, starts = done.targets
    return StepResult([change(step, done.event, stops=stops, starts=starts, columns=done.columns)])
