"""Verbs on bureau and level: reassign a case to another bureau or to a superior, raise or lower its level.

The deadlines are recalculated in the same transaction: those in office hours by the hours of the new bureau, targets by
the new level. Legal deadlines move for neither.
"""

from services.cases import level_change, moved_deadlines, stored_deadlines
from services.cases.case_update import CaseUpdate
from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.session import is_above
from services.casework.steps import StepContext, StepResult, change, not_open
from services.rules import levels
from services.rules.jurisdiction import reassignment
from services.rules.jurisdiction.reassignment import Reassigned
from shared import bulk
from shared.errors import ConflictError, FieldError, InvalidInputError, ShensuError
from shared.event_kinds import EventKind
from shared.vocabulary import ENDED, Level, Status


class SupervisorNeededError(ShensuError):
    """Only a named supervisor may take this step."""

    status = 403
    code = "supervisor-needed"
    title = "A supervisor has to do this"


class NothingChangesError(ConflictError):
    """The case has the requested bureau, level or finding already."""

    code = "nothing-changes"
    title = "The case stands there already"


async def reassign(step: StepContext, form: forms.Reassign) -> StepResult:
    """Send the case to another bureau, each hop with its reason; after two bounces the common superior decides [P].

    A superior's assignment holds and is no bounce. Rulebook 4, after 66号文 on disputed dispatches [V2].
    """
    if Status(step.case.status) in ENDED:
        raise not_open(step, "it has ended, and is assigned to no bureau any more")
    reference = step.reference.jurisdictions
    if form.bureau not in reference.bureaus:
        fault = FieldError(
            "/bureau", "unknown-bureau", "no such bureau; GET /v1/reference/bureaus lists them"
        )
        raise InvalidInputError("The case cannot be assigned there; see errors.", [fault])
    if form.bureau == step.case.handling_bureau:
        raise NothingChangesError(f"{form.bureau} handles the case already.")
    by_superior = is_above(step.desk.bureau, step.case, step.reference)
    reassigned = reassignment.reassign(
        step.case.handling_bureau, form.bureau, step.case.bounces, reference, by_superior=by_superior
    )
    return await _assigned(step, form, reassigned)


async def _assigned(step: StepContext, form: forms.Reassign, reassigned: Reassigned) -> StepResult:
    deadlines = await stored_deadlines.of_case(step.connection, step.case.bucket, step.case.id)
    await moved_deadlines.recalculate(
        step.connection, deadlines, step.reference, {step.case.id: reassigned.seat.handling}
    )
    bounces = step.case.bounces + reassigned.bounces
    data = {
        "from": step.case.handling_bureau,
        "requested": form.bureau,
        "to": reassigned.seat.handling,
        "rule": reassigned.rule,
        "bounces": bounces,
    }
    columns: CaseUpdate = {
        "handling_bureau": reassigned.seat.handling,
        "supervising_bureau": reassigned.seat.supervising,
        "province": reassigned.seat.province,
        "copied_to": bulk.array_literal(
            levels.copied_bureaus(
                Level(step.case.level),
                reassigned.seat.handling,
                reassigned.seat.province,
                step.reference.jurisdictions,
            )
        ),
        "bounces": bounces,
        "triage": False,
        "claimed_by": None,
        "claimed_at": None,
    }
    event = NewEvent(EventKind.REASSIGNED, data, step.words(reason=form.reason))
    return StepResult(
        [change(step, event, columns=columns)], answer={"assigned_to": reassigned.seat.handling}
    )


async def change_level(step: StepContext, form: forms.ChangeLevel) -> StepResult:
    """Raise the level, or as a named supervisor with a reason lower it. Targets follow, legal deadlines never do."""
    before, after = Level(step.case.level), form.level
    if before == after:
        raise NothingChangesError(f"The case has level {before} already.")
    if after < before and not step.desk.officer.is_supervisor:
        raise SupervisorNeededError("A level is lowered by a named supervisor, with a reason (rulebook 8).")
    if Status(step.case.status) in ENDED:
        raise not_open(step, "it has ended, and has no level to change")
    deadlines = await stored_deadlines.of_case(step.connection, step.case.bucket, step.case.id)
    levelled = level_change.changed(
        step.case, after, deadlines, step.reference, {}, step.words(reason=form.reason)
    )
    stops, starts = levelled.targets
    return StepResult([change(step, levelled.event, stops=stops, starts=starts, columns=levelled.columns)])
