"""What superiors and supervisors do with a decision: reopen, overturn. The history stays; figures follow."""

from collections.abc import Mapping

from sqlalchemy.dialects.postgresql import insert

from services.cases import numbering
from services.cases.case_update import CaseUpdate
from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.steps import StepContext, StepResult, change, checked_move
from services.desk.assignment import NothingChangesError
from services.rules.states.facts import ReopeningFacts
from services.tasks import queue
from shared.errors import ConflictError, FieldError, InvalidInputError
from shared.event_kinds import EventKind
from shared.models.casework import finding_review
from shared.vocabulary import Responsibility, Status


class NotClosedError(ConflictError):
    """Only the finding of a closed case is reviewed."""

    code = "case-not-closed"
    title = "The case is not closed"


async def reopen(step: StepContext, form: forms.Reason) -> StepResult:
    """Reopen a closed or refused case, as a supervisor with a reason; the statutory deadline counts from the receipt."""
    facts = ReopeningFacts(has_reason=bool(form.reason.strip()), reply_seq=step.case.reply_seq)
    move = checked_move(step, facts)
    event = NewEvent(
        EventKind.REOPENED, {"from": step.case.status, "to": move.target}, step.words(reason=form.reason)
    )
    goes_out = move.target is Status.ACCEPTED
    task = [queue.row(step.case.bucket, queue.FORWARD, step.case.id)] if goes_out else []
    if step.desk.bureau.code == step.case.handling_bureau:
        columns: CaseUpdate = {"claimed_by": step.desk.by, "claimed_at": step.case.moment}
        return StepResult([change(step, event, move=move, columns=columns)], also=[queue.additions(task)])
    # a superior reopens it, the bureau that handles it claims it
    return StepResult([change(step, event, move=move)], also=[queue.additions(task)])


async def overturn(step: StepContext, form: forms.Overturn) -> StepResult:
    """Change the finding of a closed case from above; what was found before stays on record (review of rulebook 2)."""
    if step.case.status != Status.CLOSED:
        raise NotClosedError(f"The case is {step.case.status}; a finding is reviewed after the closing.")
    if form.responsibility is Responsibility.ENTERPRISE and not form.responsible_unit:
        fault = FieldError("/responsible_unit", "unit-needed", "name the enterprise's responsible unit")
        raise InvalidInputError("The finding is not complete; see errors.", [fault])
    before = {
        "responsibility": step.case.responsibility,
        "unit": step.case.responsible_unit,
        "link": step.case.failing_link,
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
        "link": form.failing_link or (step.case.failing_link if is_theirs else None),
    }
    if before == after:
        raise NothingChangesError("The finding says that already.")
    seq = await _keep(step, before, after)
    columns: CaseUpdate = {
        "responsibility": form.responsibility,
        "responsible_unit": form.responsible_unit,
        "failing_link": after["link"],
        "overturned": step.case.overturned or before["responsibility"] != form.responsibility,
    }
    data = {
        "review": seq,
        "before": before,
        "close_reason": step.case.close_reason,
        **columns,
        "recovered_fen": step.case.recovered_fen,
    }
    event = NewEvent(EventKind.FINDING_CHANGED, data, step.words(reason=form.reason))
    return StepResult([change(step, event, columns=columns)], answer={"review": seq})


async def _keep(step: StepContext, before: Mapping[str, str | None], after: Mapping[str, str | None]) -> int:
    seq = await numbering.next_seq(step.connection, finding_review, step.case)
    values = {
        "bucket": step.case.bucket,
        "complaint_id": step.case.id,
        "seq": seq,
        "at": step.case.moment,
        "by": step.desk.by,
        "bureau_code": step.desk.bureau.code,
        **{f"{name}_before": value for name, value in before.items()},
        **{f"{name}_after": value for name, value in after.items()},
    }
    await step.connection.execute(insert(finding_review).values(values))
    return seq
