"""Verbs on remedies: what the user got is entered, and a wrong entry reversed."""

from services.cases.changes import Happening
from services.casework import remedies
from services.casework.steps import Acting, Done, NotOpenError, change, check_past
from shared.vocabulary import Status


def _goes_on(act: Acting) -> None:
    if act.case.status == Status.MERGED:
        raise NotOpenError("The case was merged: money is entered for the one that goes on.")


async def remedy(act: Acting, form: remedies.Remedy) -> Done:
    """Enter what the user got; also after the closing, for money may come late."""
    _goes_on(act)
    check_past("/paid_on", form.paid_on, act.case.moment)
    seq, total = await remedies.add(act.connection, act.case, form, by=act.desk.by)
    data = {"entry": seq, "kind": form.kind, "amount_fen": form.amount_fen, "recovered_fen": total}
    happening = Happening("REMEDY", data, {"note": form.note or ""})
    return Done(
        [change(act, happening, columns={"recovered_fen": total})],
        told={"entry": seq, "recovered_fen": total},
    )


async def counter_remedy(act: Acting, form: remedies.Counter) -> Done:
    """Counter a wrong entry of the ledger."""
    _goes_on(act)
    seq, total = await remedies.counter(act.connection, act.case, form, by=act.desk.by)
    data = {"entry": seq, "counters": form.entry, "recovered_fen": total}
    happening = Happening("REMEDY_COUNTERED", data, {"reason": form.reason})
    return Done(
        [change(act, happening, columns={"recovered_fen": total})],
        told={"entry": seq, "recovered_fen": total},
    )
