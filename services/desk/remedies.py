"""Verbs on remedies: what the user got is entered, and a wrong entry reversed."""

from services.cases.changes import NewEvent
from services.casework import remedies
from services.casework.steps import StepContext, StepResult, change, check_not_future, not_open
from shared.event_kinds import EventKind
from shared.vocabulary import Status


def _goes_on(step: StepContext) -> None:
    if step.case.status == Status.MERGED:
        raise not_open(step, "money is entered for the case that goes on after the merge")


async def remedy(step: StepContext, form: remedies.Remedy) -> StepResult:
    """Record a remedy that the user got; also after the closing, for money may come late."""
    _goes_on(step)
    check_not_future("/paid_on", form.paid_on, step.case.moment)
    seq, total = await remedies.add(step.connection, step.case, form, by=step.desk.by)
    data = {"entry": seq, "kind": form.kind, "amount_fen": form.amount_fen, "recovered_fen": total}
    event = NewEvent(EventKind.REMEDY, data, step.words(note=form.note))
    return StepResult(
        [change(step, event, columns={"recovered_fen": total})],
        answer={"entry": seq, "recovered_fen": total},
    )


async def reverse_remedy(step: StepContext, form: remedies.ReverseRemedy) -> StepResult:
    """Reverse a wrong entry of the ledger by an entry of the opposite amount."""
    _goes_on(step)
    seq, total = await remedies.reverse(step.connection, step.case, form, by=step.desk.by)
    data = {"entry": seq, "reverses": form.entry, "recovered_fen": total}
    event = NewEvent(EventKind.REMEDY_REVERSED, data, step.words(reason=form.reason))
    return StepResult(
        [change(step, event, columns={"recovered_fen": total})],
        answer={"entry": seq, "recovered_fen": total},
    )
