"""Return visits: what they prove of the last reply, and when a user counts as unreachable."""

from collections.abc import Callable
from typing import Any

import pytest

from services.desk.perform import VerbOutcome
from services.rules.states.table import ConditionsNotMetError

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
Ask = Callable[..., list[Any]]
CLOSE = {
    "close_reason": "SETTLED",
    "responsibility": "ENTERPRISE",
    "responsible_unit": "杭州西湖网点",
    "failing_link": "DELIVERY",
    "settlement_lawful": True,
    "answer": "企业已赔偿并道歉。",
}
CONFIRMED = {
    "reached": True,
    "account_matches": True,
    "satisfied_administration": True,
    "satisfied_enterprise": False,
}


def _pointers(refused: pytest.ExceptionInfo[ConditionsNotMetError]) -> list[str]:
    return [fault.pointer for fault in refused.value.errors]


def test_a_visit_before_the_last_reply_proves_nothing(
    replied: Make, act: Act, put_reply: Callable[..., None]
) -> None:
    number = replied()
    act(number, "visit", **CONFIRMED)
    act(number, "rework", ground="ACCOUNT_DIFFERS", reason="用户称未收到赔偿。")
    put_reply(number)
    with pytest.raises(ConditionsNotMetError) as refused:
        act(number, "close", **CLOSE)
    assert _pointers(refused) == ["/visits"]


def test_a_user_who_cannot_be_reached_closes_after_two_calls_four_hours_apart(
    replied: Make, act: Act, case_of: Case, deadlines_of: Rows, ask: Ask
) -> None:
    number = replied()
    unreachable = CLOSE | {"close_reason": "UNREACHABLE"}
    act(number, "visit", reached=False)
    assert deadlines_of(number)["second_call"].outcome is None
    act(number, "visit", reached=False)
    assert deadlines_of(number)["second_call"].outcome is not None
    with pytest.raises(ConditionsNotMetError, match="four hours apart"):
        act(number, "close", **unreachable)
    ask("UPDATE visit SET at = at - interval '4 hours' WHERE seq = 1")
    ask("UPDATE reply SET at = at - interval '5 hours'")
    act(number, "close", **unreachable)
    assert case_of(number).close_reason == "UNREACHABLE"
