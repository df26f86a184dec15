"""One locked order of a region, with its case, which is locked too, so that nobody else changes either."""

import re
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import lookup, merges, order_row, work_orders
from services.cases.case_row import CaseRow
from services.cases.changes import KeyedContext
from services.cases.order_row import OrderRow
from services.hotline import order_rows
from services.rules import hotline
from services.rules.hotline import OrderState
from shared import text_forms
from shared.errors import ConflictError, NotFoundError
from shared.models.work_orders import hotline_order
from shared.vocabulary import Status

UNKNOWN = (
    "There is no order of this number in the region of this key; check the number, or hand the order over with "
    "POST /v1/hotline/orders."
)
_NUMBER = re.compile(text_forms.ORDER_NO.pattern, re.ASCII)
_O = hotline_order.c


class OrderEndedError(ConflictError):
    """The order was answered, returned, finished or taken back: this step comes too late for it."""

    code = "order-ended"
    title = "The order does not wait for this any more"


@dataclass(frozen=True, slots=True)
class LockedOrder:
    """An order and the case that it follows, both locked."""

    connection: AsyncConnection
    order: OrderRow
    case: CaseRow
    context: KeyedContext

    @property
    def name(self) -> str:
        """The order's name in events."""
        return work_orders.named(self.order.region, self.order.order_no)

    @property
    def by(self) -> str:
        """Who it was, for events: the hotline of a region."""
        return f"hotline:{self.order.region}"

    @property
    def state(self) -> OrderState:
        """How the order stands."""
        return state_of(self.order, Status(self.case.status))

    def refuse_if(self, *states: OrderState) -> None:
        """Raise OrderEndedError where the order stands so that the step comes too late."""
        if self.state in states:
            raise OrderEndedError(
                f"The order is {self.state} ({hotline.NAMES[self.state]}); read it again to see what holds.",
                members={"state": self.state},
            )


def state_of(order: OrderRow, status: Status) -> OrderState:
    """Return how an order stands whose case has this status."""
    marks = hotline.OrderMarks(
        signed=order.signed_at is not None,
        returned=order.returned_at is not None,
        finished=order.finished_at is not None,
        withdrawn=order.withdrawn_at is not None,
        redone=order.redone > 0,
    )
    return hotline.state_of(status, marks)


def check_number(order_no: str) -> None:
    """Raise NotFoundError for what is no order's number, before the database is asked: it does not take every text."""
    if not _NUMBER.fullmatch(order_no):
        raise NotFoundError(UNKNOWN)


async def find(connection: AsyncConnection, region: str, order_no: str, *, lock: bool = False) -> OrderRow:
    """Return the row of an order. Raises NotFoundError for any that is not of the region, existing or not."""
    statement = order_row.SELECT.where(
        _O.bucket == order_rows.bucket_of(region, order_no), _O.region == region, _O.order_no == order_no
    )
    if lock:
        statement = statement.with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise NotFoundError(UNKNOWN)
    return OrderRow(*row)


async def lock_order(
    connection: AsyncConnection, region: str, order_no: str, context: KeyedContext
) -> LockedOrder:
    """Lock the case of an order, and the order; follows a merge that happens meanwhile. Raises NotFoundError."""
    for _ in range(merges.MOST_MERGES):
        before = await find(connection, region, order_no)
        case = await lookup.by_id(connection, before.case_bucket, before.case_id, lock=True)
        order = await find(connection, region, order_no, lock=True)
        if order.case_id == case.id:
            return LockedOrder(connection, order, case, context)
    raise ConflictError("The order's case is being merged; send the same request again.", retry_after=1)


async def mark(connection: AsyncConnection, order: OrderRow, **values: object) -> None:
    """Write the new values of one order."""
    await connection.execute(
        update(hotline_order)
        .where(_O.bucket == order.bucket, _O.region == order.region, _O.order_no == order.order_no)
        .values(values)
    )
