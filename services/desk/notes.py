"""Verbs that add to the file: notes, reports of progress, questions to the enterprise."""

from typing import Any

from services.cases.changes import Happening
from services.casework import forms
from services.casework.steps import Acting, Done, NotOpenError, _open, change
from services.rules.deadlines import schedule
from services.rules.deadlines.schedule import Started
from shared.errors import FieldError, InvalidInputError
from shared.vocabulary import ENDED, Clock, Level, Status


async def note(act: Acting, form: forms.Note) -> Done:
    """Add to the file. A report of progress starts the time to the next one; a contact with the user is the first."""
    happening = Happening("NOTE", {"progress": form.progress, "contact": form.contact}, {"note": form.note})
    stops: list[Clock] = []
    starts: list[Started | None] = []
    columns: dict[str, Any] = {}
    if form.progress and Status(act.case.status) not in ENDED:
        rule = schedule.target_rule(Clock.PROGRESS_REPORT, Level(act.case.level))
        stops.append(Clock.PROGRESS_REPORT)
        starts.append(
            schedule.start(Clock.PROGRESS_REPORT, act.case.moment, act.timetable, act.rules, rule=rule)
        )
    if form.contact:
        stops.append(Clock.FIRST_CONTACT)
        columns["contacted_at"] = act.case.contacted_at or act.case.moment
    return Done([change(act, happening, stops=stops, starts=starts, columns=columns)])


async def follow_up(act: Acting, form: forms.FollowUp) -> Done:
    """Ask the enterprise something more; it lies in its feed, and its limit runs on."""
    _open(act)
    if act.case.forwarded_at is None:
        raise NotOpenError("The case was not forwarded to an enterprise yet.")
    if form.answer_by is not None and form.answer_by <= act.case.moment:
        fault = FieldError("/answer_by", "in-the-past", "give a time that is still to come, or none")
        raise InvalidInputError("The enterprise cannot answer by then; see errors.", [fault])
    return Done(
        [change(act, Happening("FOLLOW_UP", {"answer_by": form.answer_by}, {"message": form.message}))]
    )
