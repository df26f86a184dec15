"""What the hotline does with an order of its own: each step as the change that it makes of the case behind the order."""

from collections.abc import Sequence
from datetime import datetime

from services.cases import level_change, lookup, moves, stored_deadlines, waiting_orders
from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, NewEvent
from services.casework import forms as desk_forms
from services.casework import visits
from services.casework.steps import StepResult
from services.casework.supplement import supplemented
from services.hotline import forms, locked_order
from services.hotline.locked_order import LockedOrder
from services.rules import hotline
from services.rules.deadlines.schedule import FIXED, StartedDeadline
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

    code = "extension-not-requested"
    title = "No extension was requested"


def _change(
    locked: LockedOrder,
    *new_events: NewEvent,
    move: Move | None = None,
    columns: CaseUpdate | None = None,
    stops: Sequence[DeadlineKind] = (),
    starts: Sequence[StartedDeadline] = (),
) -> CaseChange:
    return CaseChange(
        case=locked.case,
        actor=Actor.HOTLINE,
        by=locked.by,
        new_events=new_events,
        move=move,
        columns=columns if columns is not None else {},
        stops=stops,
        starts=starts,
    )


async def _settled(locked: LockedOrder, *new_events: NewEvent) -> StepResult:
    """Return a change that sets the case's deadline again, because one of its orders no longer waits, or waits longer."""
    deadlines = await waiting_orders.settled(locked.connection, [locked.case], locked.context.reference)
    case_deadlines = deadlines[locked.case.id]
    return StepResult(
        [_change(locked, *new_events, stops=case_deadlines.stops, starts=case_deadlines.starts)]
    )


async def urge(locked: LockedOrder, form: forms.OrderNote) -> StepResult:
    """Urge an order that is not answered yet (催办): counted, and in the file of the case."""
    locked.refuse_if(*GONE, OrderState.ANSWERED)
    urged = locked.order.urged + 1
    await locked_order.mark(locked.connection, locked.order, urged=urged, urged_at=locked.case.moment)
    event = NewEvent(
        EventKind.URGED, {"order": locked.name, "urged": urged}, locked.context.words(note=form.note)
    )
    return StepResult([_change(locked, event)])


async def supervise(locked: LockedOrder, form: forms.OrderNote) -> StepResult:
    """Put an order under supervision (督办): its case has level L2 at least, and the copies that go with it."""
    locked.refuse_if(*GONE)
    at = locked.order.supervised_at or locked.case.moment
    await locked_order.mark(locked.connection, locked.order, supervised_at=at)
    new_events = [
        NewEvent(EventKind.SUPERVISED, {"order": locked.name}, locked.context.words(note=form.note))
    ]
    flags = sorted({*locked.case.urgency, Urgency.SUPERVISED})
    # a case that is routed only now gets its level and its copies by the flag
    columns: CaseUpdate = {"urgency": bulk.array_literal(flags)}
    if Level(locked.case.level) >= Level.KEY:
        return StepResult([_change(locked, *new_events, columns=columns)])
    case_deadlines = await stored_deadlines.of_case(locked.connection, locked.case.bucket, locked.case.id)
    reason = {"reason_code": Urgency.SUPERVISED, "order": locked.name}
    raised = level_change.changed(locked.case, Level.KEY, case_deadlines, locked.context.reference, reason)
    stops, starts = raised.targets
    change = _change(
        locked,
        *new_events,
        raised.event,
        columns=columns | raised.columns,
        stops=stops,
        starts=starts,
    )
    return StepResult([change])


async def supplement(locked: LockedOrder, form: desk_forms.Supplement) -> StepResult:
    """Take what the caller supplied; a case that waited for it is re-evaluated."""
    locked.refuse_if(*GONE)
    filed = locked.order.complaint_id == locked.case.id
    return await supplemented(
        locked.connection, locked.case, form, locked.context, actor=Actor.HOTLINE, by=locked.by, filed=filed
    )


async def withdraw(locked: LockedOrder, form: desk_forms.Reason) -> StepResult:
    """Take the order back (撤单). Its case ends with it, unless somebody else waits for that too."""
    locked.refuse_if(*GONE)
    order, case = locked.order, locked.case
    shared = order.complaint_id != case.id or await lookup.others_wait(locked.connection, case)
    await locked_order.mark(locked.connection, order, withdrawn_at=case.moment, interim_due_at=None)
    data, words = {"orders": [locked.name]}, locked.context.words(reason=form.reason)
    if shared:
        return await _settled(locked, NewEvent(EventKind.ORDER_WITHDRAWN, data, words))
    facts = WithdrawalFacts(has_reason=bool(form.reason.strip()))
    move = moves.check(case, facts, Actor.HOTLINE)
    return StepResult([_change(locked, NewEvent(EventKind.WITHDRAWN, data, words), move=move)])


async def decide_extension(locked: LockedOrder, form: forms.ExtensionDecision) -> StepResult:
    """Extend the hotline's own deadline, or refuse it (延期审核). The 30 days of the law move for neither."""
    locked.refuse_if(*GONE, OrderState.ANSWERED)
    order = locked.order
    if form.due_at is None and order.extension != "ASKED":
        raise NotAskedError("No extension is asked for at this moment; there is nothing to refuse.")
    values: dict[str, object] = {"extension": form.decision}
    if form.due_at is not None:
        _check_later(form.due_at, max(order.due_at or locked.case.moment, locked.case.moment))
        values["due_at"] = form.due_at
        if order.interim_at is None:
            values["interim_due_at"] = _start(
                locked, FixedDeadline(OWN_RULE, 0, FIXED, form.due_at)
            ).interim_at
    await locked_order.mark(locked.connection, order, **values)
    data = {"order": locked.name, "decision": form.decision, "due_at": form.due_at}
    return await _settled(
        locked, NewEvent(EventKind.EXTENSION_DECIDED, data, locked.context.words(reason=form.reason))
    )


def _check_later(due_at: datetime, than: datetime) -> None:
    if due_at <= than:
        when = than.astimezone(clock.SHANGHAI).isoformat(timespec="minutes")
        fault = FieldError("/due_at", "not-later", f"a deadline later than {when} is needed")
        raise InvalidInputError("The deadline does not have the required form; see errors.", [fault])


def _start(locked: LockedOrder, deadline: FixedDeadline) -> StartedOrderDeadline:
    timetable = locked.context.reference.timetable(locked.case.handling_bureau)
    return hotline.begin(DeadlineKind.HOTLINE_ANSWER, deadline, locked.case.moment, timetable)


async def visit(locked: LockedOrder, form: forms.HotlineVisit) -> StepResult:
    """Record the hotline's return visit (回访); how content the caller is counts in the figures of a closed case."""
    locked.refuse_if(OrderState.WITHDRAWN)
    satisfied = hotline.SATISFIED[form.result]
    made = visits.Visit(
        reached=satisfied is not None,
        solved=form.solved,
        satisfied_administration=satisfied,
        satisfied_enterprise=hotline.SATISFIED[form.enterprise] if form.enterprise is not None else None,
    )
    seq = await visits.add(locked.connection, locked.case, made, by=locked.by, source=visits.HOTLINE)
    answer = form.model_dump(exclude={"note"}, exclude_none=True)
    data = {"visit": seq, "source": visits.HOTLINE, "order": locked.name, **answer}

    return StepResult(
        [
            _change(
                locked,
                NewEvent(EventKind.VISITED, data, locked.context.words(note=form.note)),
                columns=visits.satisfaction(made),
            )
        ]
    )


async def redo(locked: LockedOrder, form: forms.Redo) -> StepResult:
    """Have an answered case done again, because the caller is not content (重新办理): once; then its answer stands."""
    locked.refuse_if(*GONE)
    case, order = locked.case, locked.order
    refused = hotline.redo_refused(case.redone, case.close_reason)
    if case.status == Status.CLOSED and refused is not None:
        # kept with its reason, though nothing moves
        words = locked.context.words(reason=WHY[refused], request=form.reason)
        event = NewEvent(EventKind.REDO_REFUSED, {"orders": [locked.name], "reason_code": refused}, words)
        return StepResult([_change(locked, event)], answer={"refused": refused})
    move = moves.check(case, RedoFacts(times_redone=case.redone), Actor.HOTLINE)
    deadline = _deadline_of_redo(locked, form)
    await locked_order.mark(
        locked.connection,
        order,
        redone=order.redone + 1,
        answered_at=None,
        interim_at=None,
        due_at=deadline.started.due_at if deadline else None,
        interim_due_at=deadline.interim_at if deadline else None,
    )
    data = {
        "ground": ReworkGround.ACCOUNT_DIFFERS,
        "reply_seq": case.reply_seq,
        "redo": True,
        "order": locked.name,
    }
    change = _change(
        locked,
        NewEvent(EventKind.REWORK, data, locked.context.words(reason=form.reason)),
        move=move,
        columns={"redone": case.redone + 1},
        starts=[deadline.started] if deadline else [],
    )
    return StepResult([change])


def _deadline_of_redo(locked: LockedOrder, form: forms.Redo) -> StartedOrderDeadline | None:
    reference, order = locked.context.reference, locked.order
    if form.due_at is not None:
        _check_later(form.due_at, locked.case.moment)
        return _start(locked, FixedDeadline(OWN_RULE, 0, FIXED, form.due_at))
    rule = hotline.deadline_for(order.region, order.kind, reference.hotline_deadlines, reference.regions)
    return _start(locked, rule) if rule is not None else None


async def finish(locked: LockedOrder, form: forms.OrderNote) -> StepResult:
    """Close the order on the hotline's side (办结): it wants no further answer, whatever its case still needs."""
    locked.refuse_if(OrderState.WITHDRAWN)
    if locked.order.finished_at is not None:
        return StepResult([])
    await locked_order.mark(
        locked.connection, locked.order, finished_at=locked.case.moment, interim_due_at=None
    )
    event = NewEvent(EventKind.ORDER_FINISHED, {"order": locked.name}, locked.context.words(note=form.note))
    return await _settled(locked, event)
