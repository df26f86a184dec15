"""Verbs on acceptance (受理): accept, refuse, ask for a supplement, record it, transfer or withdraw the case."""

from sqlalchemy import select

from services.cases import moved_deadlines
from services.cases.case_update import CaseUpdate
from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.steps import StepContext, StepResult, change, checked_move, has_passed
from services.casework.supplement import supplemented
from services.rules.states.facts import (
    RefusalFacts,
    SupplementRequestFacts,
    TransferFacts,
    WithdrawalFacts,
)
from services.rules.states.verbs import Verb
from services.tasks import queue
from shared.event_kinds import EventKind
from shared.models.cases import case_event
from shared.vocabulary import DeadlineKind, PauseBasis


async def accept(step: StepContext, form: forms.Accept) -> StepResult:
    """Accept the case; the machine then forwards it, unless the officer keeps that for later (2020 arts 8-10)."""
    move = checked_move(step, Verb.ACCEPT)
    event = NewEvent(EventKind.ACCEPTED, {"forward": form.forward}, step.words(note=form.note))
    task = [queue.row(step.case.bucket, queue.FORWARD, step.case.id)] if form.forward else []
    return StepResult(
        [change(step, event, move=move, columns={"triage": False})], also=[queue.additions(task)]
    )


async def refuse(step: StepContext, form: forms.Refuse) -> StepResult:
    """Refuse the case, on a ground with its legal basis, and tell the user why (2014 art. 10)."""
    facts = RefusalFacts(
        has_reason=bool(form.reason.strip()),
        ground=form.ground,
        legal_basis=form.legal_basis.strip(),
        supplement_requested=await _was_asked(step),
        supplement_overdue=await has_passed(step, DeadlineKind.SUPPLEMENT),
    )
    move = checked_move(step, facts)
    data = {"ground": form.ground, "legal_basis": form.legal_basis, "informed_by": form.informed_by}
    event = NewEvent(EventKind.REFUSED, data, step.words(reason=form.reason))
    return StepResult([change(step, event, move=move, columns={"refusal_ground": form.ground})])


async def _was_asked(step: StepContext) -> bool:
    event = case_event.c
    statement = select(event.seq).where(
        event.bucket == step.case.bucket,
        event.complaint_id == step.case.id,
        event.kind == EventKind.SUPPLEMENT_REQUESTED,
    )
    return await step.connection.scalar(statement.limit(1)) is not None


async def request_supplement(step: StepContext, form: forms.RequestSupplement) -> StepResult:
    """Ask the user for what is missing; the deadline of the decision is paused until it comes (rulebook 2 [P])."""
    move = checked_move(step, SupplementRequestFacts(items=tuple(form.items)))
    await moved_deadlines.pause(
        step.connection, step.case, DeadlineKind.ACCEPTANCE, PauseBasis.SUPPLEMENT, step.case.moment
    )
    event = NewEvent(EventKind.SUPPLEMENT_REQUESTED, {"items": form.items}, step.words(message=form.message))
    # the question is a contact with the user
    columns: CaseUpdate = {"contacted_at": step.case.contacted_at or step.case.moment}
    return StepResult([change(step, event, move=move, stops=[DeadlineKind.FIRST_CONTACT], columns=columns)])


async def supplement(step: StepContext, form: forms.Supplement) -> StepResult:
    """Record what the user supplied to the officer; the conditions are then evaluated again."""
    return await supplemented(
        step.connection, step.case, form, step.context, actor=step.desk.actor, by=step.desk.by
    )


async def withdraw(step: StepContext, form: forms.Reason) -> StepResult:
    """Withdraw the complaint at the user's request, as the officer recorded it."""
    move = checked_move(step, WithdrawalFacts(has_reason=bool(form.reason.strip())))
    return StepResult(
        [change(step, NewEvent(EventKind.WITHDRAWN, {}, step.words(reason=form.reason)), move=move)]
    )


async def transfer(step: StepContext, form: forms.Transfer) -> StepResult:
    """Hand the case to the office that is competent: 12315, 110, market supervision (66号文 [P])."""
    facts = TransferFacts(has_reason=bool(form.reason.strip()), has_office=bool(form.office.strip()))
    move = checked_move(step, facts)
    event = NewEvent(EventKind.TRANSFERRED, {"office": form.office}, step.words(reason=form.reason))
    return StepResult([change(step, event, move=move)])
