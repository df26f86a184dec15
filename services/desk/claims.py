"""Verbs on claims: an officer takes a case, or gives it back to the bureau."""

from services.access import officers
from services.access.officers import UnknownOfficerError
from services.cases.changes import Happening
from services.casework import forms
from services.casework.session import ClaimedByAnotherError
from services.casework.steps import Acting, Done, _open, change
from services.rules.deadlines import schedule
from shared.vocabulary import Clock


async def claim(act: Acting, form: forms.Claim) -> Done:
    """Take the case for oneself; a supervisor may give it to another officer of the bureau."""
    _open(act)
    by = act.desk.by
    if form.officer is not None and form.officer != act.desk.officer.id:
        if not act.desk.officer.is_supervisor:
            raise UnknownOfficerError(
                "A supervisor gives cases to others; leave `officer` out to take it yourself."
            )
        other = await officers.find(act.connection, act.desk.bureau.code, form.officer)
        by = f"{act.desk.bureau.code}/{other.id}"
    if act.case.claimed_by == by:
        return Done([])
    if act.case.claimed_by is not None and not act.desk.officer.is_supervisor:
        raise ClaimedByAnotherError(
            f"{act.case.claimed_by} works this case; a supervisor may give it to somebody else."
        )
    happening = Happening("CLAIMED", {"by": by, "from": act.case.claimed_by})
    columns = {"claimed_by": by, "claimed_at": act.case.moment}
    return Done([change(act, happening, stops=[Clock.CLAIM], columns=columns)])


async def release(act: Acting, form: forms.Reason) -> Done:
    """Give the case back to the bureau; that somebody claims it is a limit again."""
    _open(act)
    if act.case.claimed_by is None:
        return Done([])
    if act.case.claimed_by != act.desk.by and not act.desk.officer.is_supervisor:
        raise ClaimedByAnotherError(
            f"{act.case.claimed_by} works this case, and gives it back; so may a supervisor."
        )
    waits = schedule.start(Clock.CLAIM, act.case.moment, act.timetable, act.rules)
    happening = Happening("RELEASED", {"from": act.case.claimed_by}, {"reason": form.reason})
    return Done([change(act, happening, starts=[waits], columns={"claimed_by": None, "claimed_at": None})])
