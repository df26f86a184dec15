"""Which of a case's orders waits, and until when: the nearest deadline runs, and an undone merge gives it back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.desk.perform import VerbOutcome
from services.hotline.officer_steps import NoOrderError
from shared import clock
from tests.services.hotline.conftest import GUANGZHOU, HANGZHOU

Act = Callable[..., VerbOutcome]
Rows = Callable[..., Any]
Heard = Callable[..., list[tuple[str, Any, Any]]]


def test_where_two_orders_follow_one_of_them_is_named(
    waiting: Callable[..., str], act: Act, row_of: Rows, heard: Heard, deadlines_of: Rows, case_of: Rows
) -> None:
    parent = waiting("HZ-1")
    child = waiting("GZ-1", region=GUANGZHOU, kind="HELP")
    act(child, "merge", into=parent, reason="同一事项")
    assert case_of(parent).hotline_orders == 2
    # the nearer of the two deadlines runs for the case
    assert row_of("GZ-1", region=GUANGZHOU).due_at < row_of("HZ-1").due_at
    assert deadlines_of(parent)["hotline_answer"].due_at == row_of("GZ-1", region=GUANGZHOU).due_at
    with pytest.raises(NoOrderError, match="330100/HZ-1"):
        act(parent, "hotline-return", return_reason="OTHER", reason="重复派单")
    act(parent, "hotline-return", order="440100/GZ-1", return_reason="DUPLICATE", reason="重复派单")
    assert row_of("GZ-1", region=GUANGZHOU).return_reason == "DUPLICATE"
    assert row_of("HZ-1").returned_at is None
    # each region hears of its own orders only
    assert heard(GUANGZHOU)[-1][1]["orders"] == ["GZ-1"]
    assert "order.returned" not in [kind for kind, *_ in heard(HANGZHOU)]
    assert deadlines_of(parent)["hotline_answer"].due_at == row_of("HZ-1").due_at


def test_an_undone_merge_gives_the_order_its_deadline_back(
    forwarded: Callable[..., str],
    waiting: Callable[..., str],
    act: Act,
    row_of: Rows,
    deadlines_of: Rows,
    heard: Heard,
    case_of: Rows,
) -> None:
    parent, child = forwarded(item={"waybill": "75312345678901"}), waiting()
    act(child, "claim")
    before = deadlines_of(child)["hotline_answer"]
    act(child, "merge", into=parent, reason="同一人同一快件")
    act(child, "unmerge", reason="并非同一快件")
    assert row_of().case_id == case_of(child).id
    after = deadlines_of(child)["hotline_answer"]
    assert (after.round, after.due_at, after.stopped_at) == (before.round, before.due_at, None)
    assert deadlines_of(child)["hotline_sign"].stopped_at is not None
    assert deadlines_of(parent)["hotline_answer"].stopped_at is not None
    assert (case_of(parent).hotline_orders, case_of(child).hotline_orders) == (0, 1)
    assert heard()[-1][0] == "order.handling"


def test_an_order_that_joins_unsigned_is_to_be_signed_for_by_its_own_moment(
    received: Callable[..., str],
    waiting: Callable[..., str],
    act: Act,
    deadlines_of: Rows,
    see: Rows,
    tell: Rows,
) -> None:
    parent, child = received(item={"waybill": "75312345678901"}), waiting()
    due = deadlines_of(child)["hotline_sign"].due_at
    act(child, "merge", into=parent, reason="同一人同一快件")
    deadline = deadlines_of(parent)["hotline_sign"]
    assert (deadline.due_at, deadline.stopped_at) == (due, None)
    # nothing else of the order begins a second one
    until = (clock.now() + timedelta(days=25)).astimezone(clock.SHANGHAI).isoformat()
    tell("HZ-1", "extension", decision="GRANTED", due_at=until)
    assert deadlines_of(parent)["hotline_sign"].round == 1
    act(child, "unmerge", reason="并非同一快件")
    assert deadlines_of(parent)["hotline_sign"].stopped_at is not None
    assert (deadlines_of(child)["hotline_sign"].round, deadlines_of(child)["hotline_sign"].stopped_at) == (
        1,
        None,
    )
    act(child, "merge", into=parent, reason="同一人同一快件")
    act(parent, "claim")
    assert deadlines_of(parent)["hotline_sign"].outcome == "MET"
    assert datetime.fromisoformat(see()["deadlines"]["sign_due_at"]) == due


def test_an_order_that_joins_a_case_in_hand_begins_no_deadline_to_sign(
    received: Callable[..., str], waiting: Callable[..., str], act: Act, deadlines_of: Rows
) -> None:
    parent = received(item={"waybill": "75312345678901"})
    act(parent, "claim")
    act(waiting(), "merge", into=parent, reason="同一人同一快件")
    assert "hotline_sign" not in deadlines_of(parent)
