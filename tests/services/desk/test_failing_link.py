"""The link that failed: an officer's decision stands, and is none of a case that has ended."""

from collections.abc import Callable
from typing import Any

from services.desk.perform import VerbOutcome

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
