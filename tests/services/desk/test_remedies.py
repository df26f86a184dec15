"""The ledger of a case at the desk: money is entered, also after the closing, and a wrong entry is reversed."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.steps import NotOpenError
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


def test_the_sum_stands_on_the_case_and_a_wrong_entry_is_reversed(
    replied: Make, act: Act, case_of: Callable[[str], Any], events_of: Callable[[str], Any]
) -> None:
    number = replied()
    first = act(number, "remedy", kind="COMPENSATION", amount_fen=5_000, note="转账").answer.model_dump()
    assert (first["entry"], first["recovered_fen"]) == (1, 5_000)
    act(number, "remedy", kind="REFUND", amount_fen=800)
    back = act(number, "reverse-remedy", entry=1, reason="录入有误").answer.model_dump()
    assert (back["entry"], back["recovered_fen"], case_of(number).recovered_fen) == (3, 800, 800)
    assert events_of(number)[-1].data == {"entry": 3, "reverses": 1, "recovered_fen": 800}


def test_of_a_merged_case_the_ledger_is_closed(replied: Make, act: Act) -> None:
    into, number = replied(), replied()
    act(number, "remedy", kind="APOLOGY")
    act(number, "merge", into=into, reason="同一事项")
    with pytest.raises(NotOpenError, match="goes on"):
        act(number, "remedy", kind="REFUND", amount_fen=1)
    with pytest.raises(NotOpenError, match="goes on"):
        act(number, "reverse-remedy", entry=1, reason="录入有误")
