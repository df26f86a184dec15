"""Verbs on claims: an officer claims a case, or releases it to the bureau."""

from services.access import officers
from services.access.officers import UnknownOfficerError
from services.cases.case_update import CaseUpdate
from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.session import ClaimedByAnotherError
from services.casework.steps import StepContext, StepResult, change, check_open
from shared.event_kinds import EventKind


async def claim(step: StepContext, form: forms.Claim) -> StepResult:
    """Claim the case; a supervisor may claim it for another officer of the bureau."""
    check_open(step)
    by = step.desk.by
    if form.officer is not None and form.officer != step.desk.officer.id:
        if not step.desk.officer.is_supervisor:
            raise UnknownOfficerError(
                "A supervisor gives cases to others; leave `officer` out to take it yourself."
            )
        other = await officers.find(step.connection, step.desk.bureau.code, form.officer)
        by = f"{step.desk.bureau.code}/{other.id}"
    if step.case.claimed_by == by:
        return StepResult([])
    if step.case.claimed_by is not None and not step.desk.officer.is_supervisor:
        raise ClaimedByAnotherError(
            f"{step.case.claimed_by} works this case; a supervisor may give it to somebody else."
        )
    event = NewEvent(EventKind.CLAIMED, {"by": by, "from": step.case.claimed_by})
    columns: CaseUpdate = {"claimed_by": by, "claimed_at": step.case.moment}
    return StepResult([change(step, event, columns=columns)])


async def release(step: StepContext, form: forms.Reason) -> StepResult:
    """Release the case to the bureau; the deadline for a claim runs again."""
    check_open(step)
    if step.case.claimed_by is None:
        return StepResult([])
    if step.case.claimed_by != step.desk.by and not step.desk.officer.is_supervisor:
        raise ClaimedByAnotherError(
            f"{step.case.claimed_by} works this case, and gives it back; so may a supervisor."
        )
    event = NewEvent(EventKind.RELEASED, {"from": step.case.claimed_by}, step.words(reason=form.reason))
    return StepResult([change(step, event, columns={"claimed_by": None, "claimed_at": None})])
