"""Deciding whether a case is taken up: accept, refuse, ask for a supplement, receive it, hand it elsewhere, take it back."""

from sqlalchemy import select

from services.cases import stored_deadlines
from services.cases.changes import Happening
from services.casework import forms
from services.casework.steps import Acting, Done, change, checked
from services.casework.supplement import supplemented
from services.rules.states.guards import Known
from services.rules.states.transitions import Verb
from services.tasks import queue
from shared.models.cases import case_event
from shared.vocabulary import Clock, PauseBasis


async def accept(act: Acting, form: forms.Accept) -> Done:
    """Take the case up; the machine then forwards it, unless the officer keeps that for later (2020 arts 8-10)."""
    move = checked(act, Verb.ACCEPT)
    happening = Happening("ACCEPTED", {"forward": form.forward}, {"note": form.note or ""})
    task = [queue.row(act.case.bucket, queue.FORWARD, act.case.id)] if form.forward else []
    return Done([change(act, happening, move=move, columns={"triage": False})], also=[queue.additions(task)])


async def refuse(act: Acting, form: forms.Refuse) -> Done:
    """Do not take the case up, on a ground with its legal basis, and tell the user why (2014 art. 10)."""
    limits = await stored_deadlines.of_case(act.connection, act.case.bucket, act.case.id)
    known = Known(
        reason_given=bool(form.reason.strip()),
        refusal_ground=form.ground,
        legal_basis=form.legal_basis.strip(),
        supplement_asked=await _was_asked(act),
        supplement_overdue=any(
            limit.key is Clock.SUPPLEMENT and limit.due_at is not None and limit.due_at <= act.case.moment
            for limit in limits
        ),
    )
    move = checked(act, Verb.REFUSE, known)
    data = {"ground": form.ground, "legal_basis": form.legal_basis, "informed_by": form.informed_by}
    happening = Happening("REFUSED", data, {"reason": form.reason})
    return Done([change(act, happening, move=move, columns={"refusal_ground": form.ground})])


async def _was_asked(act: Acting) -> bool:
    event = case_event.c
    statement = select(event.seq).where(
        event.bucket == act.case.bucket, event.complaint_id == act.case.id, event.kind == "SUPPLEMENT_ASKED"
    )
    return await act.connection.scalar(statement.limit(1)) is not None


async def ask_supplement(act: Acting, form: forms.AskSupplement) -> Done:
    """Ask the user for what is missing; the decision on acceptance stands still until it comes (rulebook 2 [P])."""
    move = checked(act, Verb.ASK_SUPPLEMENT, Known(asked_for=tuple(form.items)))
    await stored_deadlines.pause(
        act.connection, act.case, Clock.ACCEPTANCE, PauseBasis.SUPPLEMENT, act.case.moment
    )
    happening = Happening("SUPPLEMENT_ASKED", {"items": form.items}, {"message": form.message})
    # to be asked is to be spoken to
    columns = {"contacted_at": act.case.contacted_at or act.case.moment}
    return Done([change(act, happening, move=move, stops=[Clock.FIRST_CONTACT], columns=columns)])


async def supplement(act: Acting, form: forms.Supplement) -> Done:
    """Record what the user supplied to the officer; the conditions are then weighed anew."""
    return await supplemented(
        act.connection, act.case, form, act.setting, actor=act.desk.actor, by=act.desk.by
    )


async def withdraw(act: Acting, form: forms.Reason) -> Done:
    """Take the complaint back at the user's wish, as the officer heard it."""
    move = checked(act, Verb.WITHDRAW, Known(reason_given=bool(form.reason.strip())))
    return Done([change(act, Happening("WITHDRAWN", {}, {"reason": form.reason}), move=move)])


async def transfer(act: Acting, form: forms.Transfer) -> Done:
    """Hand the case to the office that is competent: 12315, 110, market supervision (66号文 [P])."""
    known = Known(reason_given=bool(form.reason.strip()), office_named=bool(form.office.strip()))
    move = checked(act, Verb.TRANSFER, known)
    happening = Happening("TRANSFERRED", {"office": form.office}, {"reason": form.reason})
    return Done([change(act, happening, move=move)])
