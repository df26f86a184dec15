"""What changes of cases do to the hotline's orders that follow them: signed for, returned, answered, waiting again."""

from collections.abc import Sequence

from services.cases import work_orders
from services.cases.changes import NewEvent, WorkerContext
from services.cases.planned_case import PlannedCase
from shared import bulk
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind, Status


def follow(cases: Sequence[PlannedCase], context: WorkerContext) -> Sequence[bulk.Part]:
    """Sign for the orders, let their deadline run again after a reopening, and mark what became of them."""
    for planned in cases:
        if planned.orders:
            _sign(planned)
            _run_again(planned, context)
            planned.order_stamp = _stamp(planned, context)
    return ()


def _sign(planned: PlannedCase) -> None:
    """Sign for the orders when work on their case begins: once, with the event, in time or not."""
    if planned.happens(EventKind.ORDER_SIGNED):
        return
    case = planned.case
    in_hand = case.status != Status.RECEIVED or case.claimed_by is not None
    kinds = [event.kind for event in planned.new_events]
    signed = work_orders.signed_by(
        kinds, planned.change.move, planned.orders, joins=planned.happens(EventKind.TOOK_OVER) and in_hand
    )
    if signed:
        planned.new_events.append(NewEvent(EventKind.ORDER_SIGNED, {"orders": signed}))
        planned.starts = [
            started for started in planned.starts if started.key is not DeadlineKind.HOTLINE_SIGN
        ]
        planned.stop(DeadlineKind.HOTLINE_SIGN)


def _run_again(planned: PlannedCase, context: WorkerContext) -> None:
    """Let the deadline run again where a reopening takes back what the orders were answered, or returned for."""
    timetable = context.reference.timetable(planned.handling_bureau)
    planned.restart(
        work_orders.deadline_again(planned.change.move, planned.orders, planned.case.moment, timetable)
    )


def _stamp(planned: PlannedCase, context: WorkerContext) -> work_orders.Stamp:
    signed = [
        name
        for event in planned.new_events
        if event.kind is EventKind.ORDER_SIGNED
        for name in event.orders or ()
    ]
    return work_orders.stamp(
        planned.orders,
        signed,
        planned.change.move,
        planned.change.columns.get("refusal_ground"),
        planned.case.moment,
        context.reference.timetable(planned.handling_bureau),
    )
