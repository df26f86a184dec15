"""What an officer does about the hotline's orders of a case: sign for them, send one back, ask for time, answer meanwhile.

An order goes back of itself where its case is refused or handed elsewhere, and is answered of itself by the closing.
"""

from collections.abc import Iterable, Sequence

from services.cases import order_row, waiting_orders, work_orders
from services.cases.changes import NewEvent
from services.cases.order_row import OrderRow
from services.casework.steps import StepContext, StepResult, change
from services.hotline import forms, locked_order
from shared import clock
from shared.errors import ConflictError, FieldError, InvalidInputError
from shared.event_kinds import EventKind
from shared.models.work_orders import hotline_order
from shared.vocabulary import ENDED, DeadlineKind, Status

_O = hotline_order.c


class NoOrderError(ConflictError):
    """No order of a hotline that still wants an answer follows this case, or not the one that was named."""

    code = "no-hotline-order"
    title = "There is no such order to this case"


class NoMoreTimeError(ConflictError):
    """The order has no deadline that can be extended, or more time was requested already."""

    code = "extension-not-possible"
    title = "No extension can be requested"


async def _open(step: StepContext) -> Sequence[OrderRow]:
    """Lock and return the orders of the case that still want an answer. Raises NoOrderError where there is none."""
    statement = (
        order_row.SELECT.where(
            _O.case_bucket == step.case.bucket,
            _O.case_id == step.case.id,
            *work_orders.IS_OPEN,
        )
        .order_by(_O.region, _O.order_no)
        .with_for_update()
    )
    worked = step.case.hotline_orders and Status(step.case.status) not in ENDED
    orders = [OrderRow(*row) for row in await step.connection.execute(statement)] if worked else []
    if not orders:
        raise NoOrderError(
            "No order of a hotline waits for an answer to this case; `orders` of the case says how each stands."
        )
    return orders


def _names(orders: Iterable[OrderRow]) -> list[str]:
    return [work_orders.named(order.region, order.order_no) for order in orders]


async def _one(step: StepContext, name: str | None) -> OrderRow:
    """Return the order that is meant: the one that was named, or the only one."""
    orders = await _open(step)
    chosen = [
        order for order in orders if name is None or work_orders.named(order.region, order.order_no) == name
    ]
    if len(chosen) != 1:
        listed = ", ".join(_names(orders))
        raise NoOrderError(f"Name one order in `order`; those that wait for an answer: {listed}.")
    return chosen[0]


async def sign(step: StepContext, _form: forms.SignOrders) -> StepResult:
    """Sign for the orders of the case (签收), before it is claimed or accepted, which signs for them too."""
    unsigned = [order for order in await _open(step) if order.signed_at is None]
    if not unsigned:
        return StepResult([])
    event = NewEvent(EventKind.ORDER_SIGNED, {"orders": _names(unsigned)})
    return StepResult([change(step, event, stops=[DeadlineKind.HOTLINE_SIGN])])


async def _settled(step: StepContext, event: NewEvent) -> StepResult:
    deadlines = await waiting_orders.settled(step.connection, [step.case], step.reference)
    case_deadlines = deadlines[step.case.id]
    return StepResult([change(step, event, stops=case_deadlines.stops, starts=case_deadlines.starts)])


async def send_back(step: StepContext, form: forms.ReturnOrder) -> StepResult:
    """Send an order back (退单) while its case stays here; a case that is not ours is refused or transferred instead."""
    order = await _one(step, form.order)
    await locked_order.mark(
        step.connection,
        order,
        returned_at=step.case.moment,
        return_reason=form.return_reason,
        interim_due_at=None,
    )
    data = {"orders": _names([order]), "return_reason": form.return_reason}
    return await _settled(step, NewEvent(EventKind.ORDER_RETURNED, data, step.words(reason=form.reason)))


async def ask_extension(step: StepContext, form: forms.AskExtension) -> StepResult:
    """Ask the hotline to extend its own deadline (申请延期), before that has run out and within our 30 days."""
    order = await _one(step, form.order)
    if order.due_at is None or order.due_at <= step.case.moment:
        raise NoMoreTimeError(
            "More time can be requested while the hotline's deadline runs; there is none, or it has run out."
        )
    if order.extension == "ASKED":
        raise NoMoreTimeError("More time was asked for already; the hotline has yet to decide.")
    if not order.due_at < form.extend_to <= step.case.total_due_at:
        last = step.case.total_due_at.astimezone(clock.SHANGHAI).isoformat(timespec="minutes")
        message = f"later than the present deadline, and no later than the law's own, {last} (邮政法 art. 65)"
        raise InvalidInputError(
            "The extension cannot be asked for; see errors.",
            [FieldError("/extend_to", "out-of-order", message)],
        )
    await locked_order.mark(step.connection, order, extension="ASKED", extension_requested_to=form.extend_to)
    data = {"orders": _names([order]), "extend_to": form.extend_to}
    return StepResult(
        [change(step, NewEvent(EventKind.EXTENSION_REQUESTED, data, step.words(reason=form.reason)))]
    )


async def answer_meanwhile(step: StepContext, form: forms.InterimAnswer) -> StepResult:
    """Answer the hotline in the meantime (阶段性答复): its deadline is met, and the case continues."""
    orders = await _open(step)
    for order in orders:
        await locked_order.mark(step.connection, order, interim_at=step.case.moment, interim_due_at=None)
    event = NewEvent(EventKind.INTERIM_ANSWER, {"orders": _names(orders)}, step.words(answer=form.answer))
    return await _settled(step, event)
