"""What superiors do with a decision: they reopen and overturn, and what was found before stays on record."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.session import DeskSession
from services.desk.perform import VerbOutcome
from shared.errors import InvalidInputError

CLOSING = {
    "close_reason": "SETTLED",
    "responsibility": "ENTERPRISE",
    "responsible_unit": "文三路网点",
    "answer": "已赔偿。",
}

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]


def test_a_superior_that_reopens_leaves_the_work_to_the_bureau(
    replied: Make, act: Act, case_of: Case, deadlines_of: Rows, desk: Callable[..., DeskSession]
) -> None:
    number = replied()
    act(number, "visit", reached=True, account_matches=True)
    act(
        number,
        "close",
        close_reason="SETTLED",
        responsibility="ENTERPRISE",
        responsible_unit="文三路网点",
        settlement_lawful=True,
        answer="已赔偿。",
    )
    act(number, "reopen", reason="重新核实", by=desk("P330000", "chief", supervisor=True))
    assert (case_of(number).status, case_of(number).claimed_by) == ("REPLIED", None)
    assert deadlines_of(number)["claim"].stopped_at is None
    act(number, "claim")
    assert deadlines_of(number)["claim"].stopped_at is not None


def _fault(error: pytest.ExceptionInfo[InvalidInputError]) -> tuple[str, str]:
    [fault] = error.value.errors
    return fault.pointer, fault.code


def test_a_finding_that_falls_takes_its_link_with_it(
    replied: Make, act: Act, desk: Callable[..., DeskSession], case_of: Callable[[str], Any]
) -> None:
    number, above = replied(), desk("P330000")
    act(number, "visit", reached=True, account_matches=True)
    act(number, "close", settlement_lawful=True, failing_link="SORT", **CLOSING)
    with pytest.raises(InvalidInputError) as error:
        act(number, "overturn", responsibility="USER", responsible_unit="x", reason="x", by=above)
    assert _fault(error) == ("/responsible_unit", "does-not-fit")
    act(number, "overturn", responsibility="USER", reason="用户地址有误", by=above)
    case = case_of(number)
    assert (case.responsibility, case.responsible_unit, case.failing_link) == ("USER", None, None)
