"""The link that failed: an officer's decision stands, and is none of a case that has ended."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.steps import NotOpenError
from services.desk.perform import VerbOutcome
from shared.errors import InvalidInputError

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
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


def test_a_decided_link_stands_until_an_officer_says_otherwise(
    replied: Make, act: Act, case_of: Case
) -> None:
    number = replied()
    act(number, "set-failing-link", failing_link="STATION_LOCKER", reason="快递柜记录")
    act(number, "visit", **CONFIRMED)
    act(number, "close", **{name: value for name, value in CLOSE.items() if name != "failing_link"})
    assert case_of(number).failing_link == "STATION_LOCKER"


def test_a_link_is_set_with_its_place_and_not_where_there_is_none(
    replied: Make, act: Act, events_of: Callable[[str], Any]
) -> None:
    number = replied()
    act(number, "set-failing-link", failing_link="SORT", region_code="330106")
    assert events_of(number)[-1].data == {"failing_link": "SORT", "region_code": "330106"}
    with pytest.raises(InvalidInputError) as refused:
        act(number, "set-failing-link", failing_link="SORT", region_code="999999")
    assert [fault.pointer for fault in refused.value.errors] == ["/region_code"]


def test_of_a_case_that_has_ended_no_link_is_set(replied: Make, act: Act, case_of: Case) -> None:
    number = replied()
    act(number, "withdraw", reason="用户撤回")
    with pytest.raises(NotOpenError):
        act(number, "set-failing-link", failing_link="SORT")
    assert case_of(number).failing_link is None
