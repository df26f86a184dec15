"""One locked order with its case: of its region only, followed over a merge, and refused what comes too late."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.cases.changes import KeyedContext
from services.cases.order_row import OrderRow
from services.hotline import locked_order
from services.hotline.locked_order import LockedOrder, OrderEndedError
from services.rules.hotline import OrderState
from shared.errors import NotFoundError
from shared.vocabulary import Status
from tests.services.hotline.conftest import GUANGZHOU, HANGZHOU

Lock = Callable[..., LockedOrder]


@pytest.fixture
def lock(in_transaction: Callable[..., Any], context: KeyedContext) -> Lock:
    """Return a function that locks an order and its case for a moment."""

    def _lock(order_no: str = "HZ-1", region: str = HANGZHOU) -> LockedOrder:
        locked: LockedOrder = in_transaction(
            lambda connection: locked_order.lock_order(connection, region, order_no, context)
        )
        return locked

    return _lock


def test_an_order_is_locked_with_the_case_that_it_follows(
    waiting: Callable[..., str], received: Callable[..., str], act: Callable[..., Any], lock: Lock
) -> None:
    number = waiting()
    locked = lock()
    assert (locked.case.number, locked.name, locked.by) == (number, "330100/HZ-1", "hotline:330100")
    parent = received(item={"waybill": "75312345678901"})
    act(number, "merge", into=parent, reason="同一事项")
    assert lock().case.number == parent


def test_an_order_of_another_region_is_not_there(waiting: Callable[..., str], lock: Lock) -> None:
    waiting()
    for order_no, region in (("HZ-1", GUANGZHOU), ("HZ-2", HANGZHOU)):
        with pytest.raises(NotFoundError):
            lock(order_no, region)


@pytest.mark.parametrize("order_no", ["", "-1", "工单", "HZ-1\n", "A" * 65, "HZ/1", "\x00"])
def test_what_is_no_number_is_refused_before_the_database_is_asked(order_no: str) -> None:
    with pytest.raises(NotFoundError):
        locked_order.check_number(order_no)
    locked_order.check_number("HZ-1_a.B")


def test_a_step_that_comes_too_late_says_how_the_order_stands(
    waiting: Callable[..., str], tell: Callable[..., Any], lock: Lock
) -> None:
    waiting()
    lock().refuse_if(OrderState.WITHDRAWN, OrderState.ANSWERED)
    tell("HZ-1", "withdraw", reason="来电人撤回")
    with pytest.raises(OrderEndedError, match="已撤单") as refused:
        lock().refuse_if(OrderState.WITHDRAWN)
    assert refused.value.members == {"state": OrderState.WITHDRAWN}


@pytest.mark.parametrize(
    ("marks", "status", "state"),
    [
        ({}, Status.RECEIVED, OrderState.WAITING),
        ({"signed_at": 1}, Status.RECEIVED, OrderState.HANDLING),
        ({"redone": 1}, Status.FORWARDED, OrderState.REDOING),
        ({"returned_at": 1}, Status.FORWARDED, OrderState.RETURNED),
        ({"finished_at": 1, "returned_at": 1}, Status.FORWARDED, OrderState.FINISHED),
        ({"withdrawn_at": 1, "finished_at": 1}, Status.CLOSED, OrderState.WITHDRAWN),
    ],
)
def test_how_an_order_stands_by_its_marks_and_its_case(
    marks: dict[str, Any], status: Status, state: OrderState
) -> None:
    columns = dict.fromkeys(("signed_at", "returned_at", "finished_at", "withdrawn_at")) | {"redone": 0}
    row = cast("OrderRow", SimpleNamespace(**(columns | marks)))
    assert locked_order.state_of(row, status) is state


def test_the_marks_of_one_order_are_written_and_of_no_other(
    waiting: Callable[..., str], lock: Lock, in_transaction: Callable[..., Any], row_of: Callable[..., Any]
) -> None:
    waiting("HZ-1")
    waiting("HZ-2", waybill=None)
    order = lock("HZ-2").order
    in_transaction(lambda connection: locked_order.mark(connection, order, urged=3))
    assert (row_of("HZ-2").urged, row_of("HZ-1").urged) == (3, 0)
