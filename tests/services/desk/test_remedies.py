"""The ledger of a case at the desk: money is entered, also after the closing, and a wrong entry is reversed."""

from collections.abc import Callable
from typing import Any

from services.desk.perform import VerbOutcome

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
CLOSING = {
    "close_reason": "SETTLED",
    "responsibility": "ENTERPRISE",
    "responsible_unit": "文三路网点",
    "answer": "已赔偿。",
}


def test_money_that_comes_late_claims_no_closed_case(
    replied: Make, act: Act, case_of: Callable[[str], Any]
) -> None:
    number = replied()
    act(number, "visit", reached=True, account_matches=True)
    act(number, "close", settlement_lawful=True, **CLOSING)
    act(number, "remedy", kind="REFUND", amount_fen=100)
    assert (case_of(number).recovered_fen, case_of(number).claimed_by) == (100, None)
