"""What the hotline does with an order of its own: each step as the change that it makes of the case behind the order."""

from typing import Any

from services.cases import level_change, lookup, moves, stored_deadlines, waiting_orders
from services.cases.changes import CaseChange, NewEvent
from services.casework import forms as desk_forms
from services.casework import visits
from services.casework.steps import StepResult
from services.casework.supplement import supplemented
from services.hotline import forms, locked_order
from services.hotline.locked_order import LockedOrder
from services.rules import hotline
from services.rules.deadlines.schedule import FIXED
from services.rules.hotline import OWN_RULE, FixedDeadline, OrderState, RedoRefusal, StartedOrderDeadline
from services.rules.states.facts import RedoFacts, WithdrawalFacts
from services.rules.states.table import Move
from services.rules.states.verbs import Actor
from shared import bulk, clock
from shared.errors import ConflictError, FieldError, InvalidInputError
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind, Level, ReworkGround, Status, Urgency

GONE = (OrderState.RETURNED, OrderState.FINISHED, OrderState.WITHDRAWN)
WHY: dict[RedoRefusal, str] = {
    RedoRefusal.REDONE_BEFORE: "该事项已重新办理一次，原答复仍然有效；如有新的事实，请另行提出。",
    RedoRefusal.IN_OTHER_PROCEDURE: "该事项已进入其他法定程序，请按该程序主张权利。",
}
"""What the hotline may tell the caller of a case that is not done again."""


class NotAskedError(ConflictError):
    """Nobody asked for more time, so there is nothing to refuse."""

    code = "extension-not-asked"
    title = "No extension was asked for"


def _change(held: LockedOrder, *new_events: NewEvent, move: Move | None = None, **more: Any) -> CaseChange:
    return CaseChange(
        case=held.case, actor=Actor.HOTLINE, by=held.by, new_events=new_events, move=move, **more
    )


async def _settled(held: LockedOrder, *new_events: NewEvent) -> StepResult:
    """Return a change that sets the case's limit anew, for an order of it no longer waits, or waits for longer."""
    found = await waiting_orders.settled(held.connection, [held.case], held.context.reference)
    limits = found[held.case.id]
    return StepResult([_change(held, *new_events, stops=limits.stops, starts=limits.starts)])


async def urge(held: LockedOrder, form: forms.OrderNote) -> StepResult:
    """Urge an order that is not answered yet (催办): counted, and in the file of the case."""
    held.refuse_if(*GONE, OrderState.ANSWERED)
    urged = held.order.urged + 1
    await locked_order.mark(held.connection, held.order, urged=urged, urged_at=held.case.moment)
    event = NewEvent(
        EventKind.URGED, {"order": held.name, "urged": urged}, held.context.words(note=form.note)
    )
    return StepResult([_change(held, event)])


async def supervise(held: LockedOrder, form: forms.OrderNote) -> StepResult:
    """Put an order under supervision (督办): its case has level L2 at least, and the copies that go with it."""
    held.refuse_if(*GONE)
    at = held.order.supervised_at or held.case.moment
    await locked_order.mark(held.connection, held.order, supervised_at=at)
    new_events = [NewEvent(EventKind.SUPERVISED, {"order": held.name}, held.context.words(note=form.note))]
    flags = sorted({*held.case.urgency, Urgency.SUPERVISED})
    # a case that is routed only now gets its level and its copies by the flag
    columns: dict[str, Any] = {"urgency": bulk.array_literal(flags)}
    if Level(held.case.level) >= Level.KEY:
        return StepResult([_change(held, *new_events, columns=columns)])
    limits = await stored_deadlines.of_case(held.connection, held.case.bucket, held.case.id)
    because = {"because": Urgency.SUPERVISED, "order": held.name}
    raised = level_change.changed(held.case, Level.KEY, limits, held.context.reference, because)
    stops, starts = raised.targets
    change = _change(
        held,
        *new_events,
        raised.event,
        columns=columns | dict(raised.columns),
        stops=stops,
        starts=starts,
    )
    return StepResult([change])


async def supplement(held: LockedOrder, form: desk_forms.Supplement) -> StepResult:
    """Take what the caller supplied; a case that waited for it is weighed anew."""
    held.refuse_if(*GONE)
    filed = held.order.complaint_id == held.case.id
    return await supplemented(
        held.connection, held.case, form, held.context, actor=Actor.HOTLINE, by=held.by, filed=filed
    )


async def withdraw(held: LockedOrder, form: desk_forms.Reason) -> StepResult:
    """Take the order back (撤单). Its case ends with it, unless somebody else waits for that too."""
    held.refuse_if(*GONE)
    order, case = held.order, held.case
    shared = order.complaint_id != case.id or await lookup.others_wait(held.connection, case)
    await locked_order.mark(held.connection, order, withdrawn_at=case.moment, interim_due_at=None)
    data, words = {"orders": [held.name]}, held.context.words(reason=form.reason)
    if shared:
        return await _settled(held, NewEvent(EventKind.ORDER_WITHDRAWN, data, words))
    facts = WithdrawalFacts(has_reason=bool(form.reason.strip()))
    move = moves.check(case, facts, Actor.HOTLINE)
    return StepResult([_change(held, NewEvent(EventKind.WITHDRAWN, data, words), move=move)])


async def decide_extension(held: LockedOrder, form: forms.ExtensionDecision) -> StepResult:
    """Give more time on the hotline's own limit, or not (延期审核). The 30 days of the law move for neither."""
    held.refuse_if(*GONE, OrderState.ANSWERED)
    order = held.order
    if form.due_at is None and order.extension != "ASKED":
        raise NotAskedError("No extension is asked for at this moment; there is nothing to refuse.")
    values: dict[str, Any] = {"extension": form.decision}
    if form.due_at is not None:
        _check_later(form.due_at, max(order.due_at or held.case.moment, held.case.moment))
        values["due_at"] = form.due_at
        if order.interim_at is None:
            values["interim_due_at"] = _begun(held, FixedDeadline(OWN_RULE, 0, FIXED, form.due_at)).interim_at
    await locked_order.mark(held.connection, order, **values)
    data = {"order": held.name, "decision": form.decision, "due_at": form.due_at}
    return await _settled(
        held, NewEvent(EventKind.EXTENSION_DECIDED, data, held.context.words(reason=form.reason))
    )


def _check_later(due_at: Any, than: Any) -> None:
    if due_at <= than:
        when = than.astimezone(clock.SHANGHAI).isoformat(timespec="minutes")
        fault = FieldError("/due_at", "not-later", f"a limit later than {when} is needed")
        raise InvalidInputError("The limit does not have the required form; see errors.", [fault])


def _begun(held: LockedOrder, given: FixedDeadline) -> StartedOrderDeadline:
    timetable = held.context.reference.timetable(held.case.handling_bureau)
    return hotline.begin(DeadlineKind.HOTLINE_ANSWER, given, held.case.moment, timetable)


async def visit(held: LockedOrder, form: forms.HotlineVisit) -> StepResult:
    """Record the hotline's return visit (回访); how content the caller is counts in the figures of a closed case."""
    held.refuse_if(OrderState.WITHDRAWN)
    satisfied = hotline.SATISFIED[form.result]
    made = visits.Visit(
        reached=satisfied is not None,
        solved=form.solved,
        satisfied_administration=satisfied,
        satisfied_enterprise=hotline.SATISFIED[form.enterprise] if form.enterprise is not None else None,
    )
    seq = await visits.add(held.connection, held.case, made, by=held.by, source=visits.HOTLINE)
    told = form.model_dump(exclude={"note"}, exclude_none=True)
    data = {"visit": seq, "source": visits.HOTLINE, "order": held.name, **told}
    columns = {
        name: value
        for name in ("satisfied_administration", "satisfied_enterprise")
        if (value := getattr(made, name)) is not None
    }
    return StepResult(
        [
            _change(
                held, NewEvent(EventKind.VISITED, data, held.context.words(note=form.note)), columns=columns
            )
        ]
    )


async def redo(held: LockedOrder, form: forms.Redo) -> StepResult:
    """Have an answered case done again, because the caller is not content (重新办理): once; then its answer stands."""
    held.refuse_if(*GONE)
    case, order = held.case, held.order
    refused = hotline.redo_refused(case.redone, case.close_reason)
    if case.status == Status.CLOSED and refused is not None:
        # kept with its reason, though nothing moves
        words = held.context.words(reason=WHY[refused], asked=form.reason)
        event = NewEvent(EventKind.REDO_REFUSED, {"orders": [held.name], "because": refused}, words)
        return StepResult([_change(held, event)], answer={"refused": refused})
    move = moves.check(case, RedoFacts(times_redone=case.redone), Actor.HOTLINE)
    begun = _limit_of_redo(held, form)
    await locked_order.mark(
        held.connection,
        order,
        redone=order.redone + 1,
        answered_at=None,
        interim_at=None,
        due_at=begun.started.due_at if begun else None,
        interim_due_at=begun.interim_at if begun else None,
    )
    data = {
        "ground": ReworkGround.ACCOUNT_DIFFERS,
        "reply_seq": case.reply_seq,
        "redo": True,
        "order": held.name,
    }
    change = _change(
        held,
        NewEvent(EventKind.REWORK, data, held.context.words(reason=form.reason)),
        move=move,
        columns={"redone": case.redone + 1},
        starts=[begun.started] if begun else [],
    )
    return StepResult([change])


def _limit_of_redo(held: LockedOrder, form: forms.Redo) -> StartedOrderDeadline | None:
    reference, order = held.context.reference, held.order
    if form.due_at is not None:
        _check_later(form.due_at, held.case.moment)
        return _begun(held, FixedDeadline(OWN_RULE, 0, FIXED, form.due_at))
    given = hotline.deadline_for(order.region, order.kind, reference.hotline_deadlines, reference.regions)
    return _begun(held, given) if given is not None else None


async def finish(held: LockedOrder, form: forms.OrderNote) -> StepResult:
    """Close the order on the hotline's side (办结): it wants no further answer, whatever its case still needs."""
    held.refuse_if(OrderState.WITHDRAWN)
    if held.order.finished_at is not None:
        return StepResult([])
    await locked_order.mark(held.connection, held.order, finished_at=held.case.moment, interim_due_at=None)
    event = NewEvent(EventKind.ORDER_FINISHED, {"order": held.name}, held.context.words(note=form.note))
    return await _settled(held, event)
