"""What superiors and supervisors do with a decision: reopen, overturn. The history stays; figures follow."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.cases.changes import Happening
from services.casework import forms
from services.casework.steps import Acting, Done, change, checked
from services.desk.assignment import NothingChangesError
from services.rules.deadlines import schedule
from services.rules.states.guards import Known
from services.rules.states.transitions import Verb
from services.tasks import queue
from shared.errors import ConflictError, FieldError, InvalidInputError
from shared.models.casework import finding_review
from shared.vocabulary import Clock, Responsibility, Status


class NotClosedError(ConflictError):
    """Only the finding of a closed case is reviewed."""

    code = "case-not-closed"
    title = "The case is not closed"


async def reopen(act: Acting, form: forms.Reason) -> Done:
    """Reopen a closed or refused case, as a supervisor with a reason; the statutory limit counts from the receipt."""
    known = Known(reason_given=bool(form.reason.strip()), reply_seq=act.case.reply_seq)
    move = checked(act, Verb.REOPEN, known)
    happening = Happening("REOPENED", {"from": act.case.status, "to": move.target}, {"reason": form.reason})
    goes_out = move.target is Status.ACCEPTED
    task = [queue.row(act.case.bucket, queue.FORWARD, act.case.id)] if goes_out else []
    if act.desk.bureau.code == act.case.handling_bureau:
        columns = {"claimed_by": act.desk.by, "claimed_at": act.case.moment}
        return Done([change(act, happening, move=move, columns=columns)], also=[queue.additions(task)])
    # a superior reopens it, the bureau that handles it takes it up
    waits = None if goes_out else schedule.start(Clock.CLAIM, act.case.moment, act.timetable, act.rules)
    return Done([change(act, happening, move=move, starts=[waits])], also=[queue.additions(task)])


async def overturn(act: Acting, form: forms.Overturn) -> Done:
    """Change the finding of a closed case from above; what was found before stays on record (review of rulebook 2)."""
    if act.case.status != Status.CLOSED:
        raise NotClosedError(f"The case is {act.case.status}; a finding is reviewed after the closing.")
    if form.responsibility is Responsibility.ENTERPRISE and not form.responsible_unit:
        fault = FieldError("/responsible_unit", "unit-needed", "name the enterprise's responsible unit")
        raise InvalidInputError("The finding is not complete; see errors.", [fault])
    before = {
        "responsibility": act.case.responsibility,
        "unit": act.case.responsible_unit,
        "link": act.case.failing_link,
    }
    is_theirs = form.responsibility is Responsibility.ENTERPRISE
    if form.responsible_unit and not is_theirs:
        fault = FieldError(
            "/responsible_unit", "does-not-fit", "only a responsible enterprise has such a unit"
        )
        raise InvalidInputError("The finding does not fit together; see errors.", [fault])
    # a link that was found while the enterprise was held responsible does not outlive that
    after = {
        "responsibility": form.responsibility,
        "unit": form.responsible_unit,
        "link": form.failing_link or (act.case.failing_link if is_theirs else None),
    }
    if before == after:
        raise NothingChangesError("The finding says that already.")
    seq = await _keep(act, before, after)
    columns = {
        "responsibility": form.responsibility,
        "responsible_unit": form.responsible_unit,
        "failing_link": after["link"],
        "overturned": act.case.overturned or before["responsibility"] != form.responsibility,
    }
    data = {"review": seq, "before": before, "close_reason": act.case.close_reason, **columns}
    data["recovered_fen"] = act.case.recovered_fen
    happening = Happening("FINDING_CHANGED", data, {"reason": form.reason})
    return Done([change(act, happening, columns=columns)], told={"review": seq})


async def _keep(act: Acting, before: dict[str, object], after: dict[str, object]) -> int:
    here = (finding_review.c.bucket == act.case.bucket, finding_review.c.complaint_id == act.case.id)
    last = await act.connection.scalar(select(func.max(finding_review.c.seq)).where(*here))
    values = {
        "bucket": act.case.bucket,
        "complaint_id": act.case.id,
        "seq": (last or 0) + 1,
        "at": act.case.moment,
        "by": act.desk.by,
        "bureau_code": act.desk.bureau.code,
        **{f"{name}_before": value for name, value in before.items()},
        **{f"{name}_after": value for name, value in after.items()},
    }
    await act.connection.execute(insert(finding_review).values(values))
    return int(values["seq"])
