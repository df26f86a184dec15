"""What the outside hears of a change: the enterprise from the forwarding on, each hotline of its own orders."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from services.cases import planned_case
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.cases.effects import messages
from services.cases.outbox import OutboxEntry
from services.cases.work_orders import Order
from services.rules.states.verbs import Actor
from shared.event_kinds import EventKind
from tests.services.case_rows import RECEIVED, head


def _order(region: str, order_no: str) -> Order:
    return Order(uuid.UUID(int=7), 7, region, order_no, signed=True, finished=False, due_at=None)


ORDERS = (_order("330100", "A1"), _order("330100", "A2"), _order("440000", "B1"))


@pytest.fixture
def heard(context: WorkerContext) -> Callable[..., list[OutboxEntry]]:
    """Return a function that says what the outside hears of an event."""

    def _heard(kind: EventKind, data: dict[str, Any] | None = None, **case: Any) -> list[OutboxEntry]:
        change = CaseChange(case=head(**case), actor=Actor.REVIEWER, new_events=[NewEvent(kind, data or {})])
        planned = planned_case.plan(change, ORDERS)
        messages.follow([planned], context)
        return planned.messages

    return _heard


def test_an_enterprise_hears_nothing_before_the_forwarding(heard: Callable[..., list[OutboxEntry]]) -> None:
    assert heard(EventKind.FOLLOW_UP, forwarded_at=None) == []
    (entry,) = heard(EventKind.FOLLOW_UP, forwarded_at=RECEIVED)
    assert (entry.audience, entry.type, entry.seq, entry.words) == ("carrier:ZTO", "case.follow_up", 4, None)


def test_each_hotline_hears_of_its_own_orders(heard: Callable[..., list[OutboxEntry]]) -> None:
    entries = heard(EventKind.ACCEPTED)
    assert {entry.audience: entry.data["orders"] for entry in entries} == {
        "hotline:330100": ["A1", "A2"],
        "hotline:440000": ["B1"],
    }


def test_an_event_that_names_orders_is_for_those(heard: Callable[..., list[OutboxEntry]]) -> None:
    (entry,) = heard(EventKind.ORDER_RETURNED, {"orders": ["440000/B1"], "return_reason": "NOT_OURS"})
    assert (entry.audience, entry.data["orders"]) == ("hotline:440000", ["B1"])


def test_a_merge_is_not_reported_to_an_order_that_went_back_before(
    heard: Callable[..., list[OutboxEntry]],
) -> None:
    entries = heard(EventKind.MERGED, {"orders": ["440000/B1", "440000/GONE"], "into": "1"})
    assert [entry.data["orders"] for entry in entries] == [["B1"]]


def test_a_note_stays_inside(heard: Callable[..., list[OutboxEntry]]) -> None:
    assert heard(EventKind.NOTE, forwarded_at=RECEIVED) == []
