"""Where a case is handled and how closely it is watched: to another bureau, up to a superior, to another level.

What follows from it is reckoned in the same transaction: limits in office hours by the hours of the new bureau, targets
by the new level. Legal limits move for neither.
"""

from services.cases import level_change, stored_deadlines
from services.cases.changes import Happening
from services.casework import forms
from services.casework.session import is_above
from services.casework.steps import Acting, Done, NotOpenError, change
from services.rules.deadlines import schedule
from services.rules.jurisdiction import reassignment
from services.rules.jurisdiction.reassignment import Reassigned
from shared import bulk
from shared.errors import ConflictError, FieldError, InvalidInputError, ShensuError
from shared.vocabulary import ENDED, Clock, Level, Status


class SupervisorNeededError(ShensuError):
    """Only a named supervisor may do this."""

    status = 403
    code = "supervisor-needed"
    title = "A supervisor has to do this"


class NothingChangesError(ConflictError):
    """The case stands there already."""

    code = "nothing-changes"
    title = "The case stands there already"


async def reassign(act: Acting, form: forms.Reassign) -> Done:
    """Send the case to another bureau, each hop with its reason; after two bounces the common superior decides [P].

    A superior's assignment holds and is no bounce. Rulebook 4, after 66号文 on disputed dispatches [V2].
    """
    if Status(act.case.status) in ENDED:
        raise NotOpenError(f"The case is {act.case.status}; it is assigned to nobody any more.")
    book = act.book.jurisdictions
    if form.bureau not in book.bureaus:
        fault = FieldError(
            "/bureau", "unknown-bureau", "no such bureau; GET /v1/reference/bureaus lists them"
        )
        raise InvalidInputError("The case cannot be assigned there; see errors.", [fault])
    if form.bureau == act.case.handling_bureau:
        raise NothingChangesError(f"{form.bureau} handles the case already.")
    by_superior = is_above(act.desk.bureau, act.case, act.book)
    found = reassignment.reassign(
        act.case.handling_bureau, form.bureau, act.case.bounces, book, by_superior=by_superior
    )
    return await _assigned(act, form, found)


async def _assigned(act: Acting, form: forms.Reassign, found: Reassigned) -> Done:
    limits = await stored_deadlines.of_case(act.connection, act.case.bucket, act.case.id)
    await stored_deadlines.reckon_anew(act.connection, limits, act.book, {act.case.id: found.seat.handling})
    timetable = act.book.timetable(found.seat.handling)
    claim = schedule.start(Clock.CLAIM, act.case.moment, timetable, act.rules)
    bounces = act.case.bounces + found.bounces
    data = {
        "from": act.case.handling_bureau, "asked": form.bureau, "to": found.seat.handling, "rule": found.rule,
        "note": found.note, "bounces": bounces,
    }  # fmt: skip
    columns = {
        "handling_bureau": found.seat.handling,
        "supervising_bureau": found.seat.supervising,
        "province": found.seat.province,
        "copied_to": bulk.array_literal(
            level_change.copies(Level(act.case.level), found.seat.handling, found.seat.province, act.book)
        ),
        "bounces": bounces,
        "triage": False,
        "claimed_by": None,
        "claimed_at": None,
    }
    happening = Happening("REASSIGNED", data, {"reason": form.reason})
    return Done(
        [change(act, happening, starts=[claim], columns=columns)], told={"assigned_to": found.seat.handling}
    )


async def change_level(act: Acting, form: forms.ChangeLevel) -> Done:
    """Raise the level, or as a named supervisor with a reason lower it. Targets follow, legal limits never do."""
    before, after = Level(act.case.level), form.level
    if before == after:
        raise NothingChangesError(f"The case has level {before} already.")
    if after < before and not act.desk.officer.is_supervisor:
        raise SupervisorNeededError("A level is lowered by a named supervisor, with a reason (rulebook 8).")
    if Status(act.case.status) in ENDED:
        raise NotOpenError(f"The case is {act.case.status}; nobody works it any more, at whatever level.")
    limits = await stored_deadlines.of_case(act.connection, act.case.bucket, act.case.id)
    done = level_change.changed(act.case, after, limits, act.book, {}, {"reason": form.reason})
    stops, starts = done.targets
    return Done([change(act, done.happening, stops=stops, starts=starts, columns=done.columns)])
