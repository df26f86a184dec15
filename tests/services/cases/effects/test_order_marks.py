"""What a change of a case does to its orders: signed for once, answered, returned, waiting again by their own moments."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.cases import planned_case
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.cases.effects import order_marks
from services.cases.planned_case import PlannedCase
from services.cases.stored_deadlines import MET
from services.cases.work_orders import Order
from services.rules.states.table import Move
from services.rules.states.verbs import Actor, Verb
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind, RefusalGround, Status
from tests.services.case_rows import RECEIVED, head

NEAR, FAR = RECEIVED + timedelta(days=10), RECEIVED + timedelta(days=20)
Mark = Callable[..., PlannedCase]


def _order(order_no: str, *, signed: bool = False, finished: bool = False, due_at: Any = FAR) -> Order:
    return Order(uuid.UUID(int=7), 7, "330100", order_no, signed, finished, due_at)


def _move(verb: Verb, source: Status, target: Status) -> Move:
    return Move(verb, source, target, frozenset(), None, None, "for a test")


ACCEPT = _move(Verb.ACCEPT, Status.RECEIVED, Status.ACCEPTED)
REFUSE = _move(Verb.REFUSE, Status.RECEIVED, Status.REFUSED)
REOPEN = _move(Verb.REOPEN, Status.CLOSED, Status.ACCEPTED)


@pytest.fixture
def mark(context: WorkerContext) -> Mark:
    """Return a function that plans a change of a case with orders, and lets the orders follow."""

    def _mark(
        *orders: Order, kind: EventKind = EventKind.NOTE, case: Any = None, **change: Any
    ) -> PlannedCase:
        requested = CaseChange(
            case=head(**(case or {})), actor=Actor.REVIEWER, new_events=[NewEvent(kind)], **change
        )
        planned = planned_case.plan(requested, orders)
        order_marks.follow([planned], context)
        return planned

    return _mark


def test_whatever_takes_the_case_in_hand_signs_for_its_orders_once(mark: Mark) -> None:
    for how in ({"move": ACCEPT}, {"kind": EventKind.CLAIMED}):
        planned = mark(_order("A"), _order("B", signed=True), **how)
        signed = planned.new_events[-1]
        assert (signed.kind, signed.data) == (EventKind.ORDER_SIGNED, {"orders": ["330100/A"]})
        assert planned.outcomes[DeadlineKind.HOTLINE_SIGN] == MET
        assert planned.order_stamp is not None
        assert planned.order_stamp.signed == {"330100/A"}
    planned = mark(_order("A", signed=True), move=ACCEPT)
    assert not planned.happens(EventKind.ORDER_SIGNED)


def test_a_note_or_a_refusal_signs_for_nothing(mark: Mark) -> None:
    assert not mark(_order("A")).happens(EventKind.ORDER_SIGNED)
    refused = mark(
        _order("A"), move=REFUSE, columns={"refusal_ground": RefusalGround.NOT_COMPLAINED_TO_ENTERPRISE}
    )
    assert not refused.happens(EventKind.ORDER_SIGNED)
    assert refused.order_stamp is not None
    assert (refused.order_stamp.mark, refused.order_stamp.return_reason) == ("RETURNED", "PRECONDITION")


@pytest.mark.parametrize(
    ("case", "signs"),
    [({}, False), ({"claimed_by": "C330100/li.na"}, True), ({"status": "FORWARDED"}, True)],
)
def test_an_order_that_joins_is_signed_for_where_the_case_is_in_hand(
    case: dict[str, Any], *, signs: bool, mark: Mark
) -> None:
    assert mark(_order("A"), kind=EventKind.TOOK_OVER, case=case).happens(EventKind.ORDER_SIGNED) is signs


def test_a_reopened_case_is_to_be_answered_by_the_nearest_moment_of_an_order_that_waits(mark: Mark) -> None:
    done = _order("C", signed=True, finished=True, due_at=RECEIVED + timedelta(days=2))
    case = {"status": "CLOSED"}
    planned = mark(
        _order("A", signed=True), _order("B", signed=True, due_at=NEAR), done, move=REOPEN, case=case
    )
    assert [(each.key, each.due_at) for each in planned.starts] == [(DeadlineKind.HOTLINE_ANSWER, NEAR)]
    # what has no moment of its own, or is finished, waits for nothing
    assert mark(_order("A", signed=True, due_at=None), done, move=REOPEN, case=case).starts == []


def test_a_case_without_orders_is_left_alone(mark: Mark) -> None:
    planned = mark(move=ACCEPT)
    assert (planned.order_stamp, planned.starts, len(planned.new_events)) == (None, [], 1)
