"""What a hotline sends: an order can be reached and has one deadline, and nobody who was not reached said anything."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.fields import Form
from services.hotline.forms import ExtensionDecision, HotlineCaller, HotlineVisit, ReturnOrder, WorkOrder
from services.rules.hotline import SATISFIED, VisitResult
from shared import serialisation

MOMENT = "2026-11-27T10:00:00+08:00"
ORDER: dict[str, Any] = {
    "order_no": "HZ-1",
    "kind": "COMPLAIN",
    "content": "快件未收到。",
    "caller": {"phone": "13800138000"},
}
NOT_REACHED = [result for result in VisitResult if SATISFIED[result] is None]


def _faults(form: type[Form], **values: Any) -> list[tuple[tuple[int | str, ...], str]]:
    """Return where and of which kind the faults of a form are."""
    try:
        form.model_validate_json(serialisation.to_bytes(values))
    except ValidationError as error:
        return [(fault["loc"], fault["type"]) for fault in error.errors()]
    return []


@pytest.mark.parametrize("result", NOT_REACHED)
@pytest.mark.parametrize("said", [{"solved": True}, {"solved": False}, {"enterprise": "SATISFIED"}])
def test_who_was_not_reached_said_nothing(result: VisitResult, said: dict[str, Any]) -> None:
    assert _faults(HotlineVisit, result=result, note="无人接听") == []
    assert _faults(HotlineVisit, result=result, **said) == [((), "not-reached")]


@pytest.mark.parametrize("result", [result for result in VisitResult if result not in NOT_REACHED])
def test_who_was_reached_may_say_all(result: VisitResult) -> None:
    assert _faults(HotlineVisit, result=result, solved=False, enterprise="NO_ANSWER") == []


@pytest.mark.parametrize(
    ("caller", "good"),
    [
        ({"phone": "13800138000"}, True),
        ({"contact": "0571-12345678"}, True),
        ({"name": "王小明"}, False),
        ({}, False),
    ],
)
def test_a_caller_can_be_reached(caller: dict[str, str], *, good: bool) -> None:
    assert (_faults(HotlineCaller, **caller) == []) is good


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"due_at": MOMENT}, []),
        ({"handle_days": 180, "handle_unit": "day"}, []),
        ({"due_at": MOMENT, "handle_days": 5}, [((), "does-not-fit")]),
        ({"handle_days": 0}, [(("handle_days",), "greater_than_equal")]),
        ({"handle_days": 181}, [(("handle_days",), "less_than_equal")]),
        ({"handle_days": "5"}, [(("handle_days",), "int_type")]),
        ({"order_no": "-1"}, [(("order_no",), "string_pattern_mismatch")]),
        ({"order_no": "HZ/1"}, [(("order_no",), "string_pattern_mismatch")]),
        ({"order_no": "HZ-1\n"}, [(("order_no",), "string_pattern_mismatch")]),
        ({"order_no": "工单1"}, [(("order_no",), "string_pattern_mismatch")]),
        ({"cites": "123"}, [(("cites",), "string_pattern_mismatch")]),
        ({"secret": "x"}, [(("secret",), "extra_forbidden")]),
    ],
)
def test_an_order_has_a_number_of_its_region_and_one_deadline(
    changes: dict[str, Any], faults: list[tuple[tuple[str, ...], str]]
) -> None:
    assert _faults(WorkOrder, **(ORDER | changes)) == faults


@pytest.mark.parametrize(
    ("decision", "due_at", "good"),
    [
        ("GRANTED", MOMENT, True),
        ("REFUSED", None, True),
        ("GRANTED", None, False),
        ("REFUSED", MOMENT, False),
    ],
)
def test_more_time_is_granted_until_a_moment_and_refused_without_one(
    decision: str, due_at: str | None, *, good: bool
) -> None:
    moment = {"due_at": due_at} if due_at else {}
    assert (_faults(ExtensionDecision, decision=decision, **moment) == []) is good


@pytest.mark.parametrize(
    ("name", "good"), [("330100/HZ-1", True), ("HZ-1", False), ("3301/HZ-1", False), ("330100/", False)]
)
def test_an_order_is_named_by_region_and_number(name: str, *, good: bool) -> None:
    assert (_faults(ReturnOrder, order=name, return_reason="OTHER", reason="重复派单") == []) is good
