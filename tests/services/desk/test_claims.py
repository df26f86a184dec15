"""Claims: who works a case is overtaken by nobody but a supervisor, and a release lets the deadline run again."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.session import ClaimedByAnotherError, DeskSession
from services.desk.perform import VerbOutcome

Ask = Callable[..., list[Any]]

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]


def test_who_works_a_case_is_not_overtaken_but_by_a_supervisor(
    received: Make, act: Act, desk: Callable[..., DeskSession], case_of: Case, deadlines_of: Rows
) -> None:
    number = received()
    act(number, "claim")
    with pytest.raises(ClaimedByAnotherError):
        act(number, "accept", by=desk(officer="wang.wei"))
    chief = desk(officer="chen.jie", supervisor=True)
    act(number, "claim", by=chief, officer="wang.wei")
    assert case_of(number).claimed_by == "C330100/wang.wei"
    with pytest.raises(ClaimedByAnotherError):
        act(number, "release", reason="我来办")
    act(number, "release", by=desk(officer="wang.wei"), reason="休假")
    assert case_of(number).claimed_by is None
    assert (deadlines_of(number)["claim"].round, deadlines_of(number)["claim"].outcome) == (2, None)
    act(number, "accept", by=desk(officer="wang.wei"))
    assert case_of(number).claimed_by == "C330100/wang.wei"


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("remedy", {"kind": "REFUND", "amount_fen": 1}),
        ("reassign", {"bureau": "C330200", "reason": "x"}),
    ],
)
def test_a_claimed_case_is_given_away_by_its_officer_only(
    verb: str, form: dict[str, Any], received: Make, act: Act, desk: Callable[..., DeskSession]
) -> None:
    number = received()
    act(number, "claim")
    with pytest.raises(ClaimedByAnotherError):
        act(number, verb, by=desk(officer="wang.wei"), **form)
    act(number, verb, **form)


def test_a_case_that_is_worked_waits_for_nobody_to_claim_it(
    received: Make, act: Act, work: Callable[[], None], deadlines_of: Rows, ask: Ask
) -> None:
    number = received()
    ask("UPDATE complaint SET carrier_code = '' WHERE number = :n", n=number)
    act(number, "claim")
    act(number, "accept")
    assert deadlines_of(number)["claim"].stopped_at is not None
    work()
    assert deadlines_of(number)["claim"].stopped_at is not None
