"""A step that the state of the case does not allow is refused with the state, and with what is possible instead."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.steps import NotOpenError
from services.rules.states.table import IllegalMoveError

Make = Callable[..., str]


def _verbs(error: IllegalMoveError | NotOpenError) -> set[str]:
    return {move["verb"] for move in error.members["allowed"]}


def test_a_question_to_an_enterprise_that_has_not_the_case_is_an_illegal_move(
    received: Make, act: Any
) -> None:
    number = received()
    with pytest.raises(IllegalMoveError) as refused:
        act(number, "follow-up", message="请提供签收照片。")
    error = refused.value
    assert (error.status, error.code, error.members["case_status"]) == (409, "illegal-move", "RECEIVED")
    assert {"accept", "refuse", "request-supplement"} <= _verbs(error)
    assert "not forwarded to an enterprise" in error.detail
    assert "accept" in error.detail
    act(number, "accept", forward=False)
    with pytest.raises(IllegalMoveError) as refused:
        act(number, "follow-up", message="请提供签收照片。")
    assert refused.value.members["case_status"] == "ACCEPTED"
    assert "forward" in _verbs(refused.value)


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("follow-up", {"message": "请提供签收照片。"}),
        ("level", {"level": "L2", "reason": "x"}),
        ("reassign", {"bureau": "P330000", "reason": "x"}),
        ("claim", {}),
        ("set-failing-link", {"failing_link": "SORT"}),
    ],
)
def test_a_step_on_a_case_that_has_ended_says_that_a_supervisor_may_reopen_it(
    verb: str, form: dict[str, Any], received: Make, act: Any
) -> None:
    number = received()
    act(
        number,
        "refuse",
        ground="OUT_OF_SCOPE",
        legal_basis="《邮政业用户申诉处理办法》第九条",
        reason="不属于受理范围",
    )
    with pytest.raises(NotOpenError) as refused:
        act(number, verb, **form)
    error = refused.value
    assert (error.code, error.members["case_status"]) == ("case-not-open", "REFUSED")
    assert error.members["allowed"] == [{"verb": "reopen", "to": "RECEIVED", "by": ["SUPERVISOR"]}]
    assert "reopen" in error.detail


def test_money_of_a_merged_case_is_refused_with_the_way_back(received: Make, act: Any) -> None:
    number, other = received(), received()
    act(number, "merge", into=other, reason="同一快件")
    with pytest.raises(NotOpenError) as refused:
        act(number, "remedy", kind="REFUND", amount_fen=1)
    assert refused.value.members["case_status"] == "MERGED"
    assert _verbs(refused.value) == {"unmerge"}
