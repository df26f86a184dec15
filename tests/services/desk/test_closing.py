"""From the reply to the end: rework, mediation, closing by every way, and the conditions that stand before each."""

from collections.abc import Callable
from typing import Any

import pytest

from services.desk.perform import VerbOutcome
from services.rules.states.table import ConditionsNotMetError, IllegalMoveError
from shared import clock

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


def test_a_settled_case_closes_after_the_user_confirmed(
    replied: Make, act: Act, case_of: Case, deadlines_of: Rows, ask: Ask
) -> None:
    number = replied()
    with pytest.raises(ConditionsNotMetError) as refused:
        act(number, "close", **CLOSE)
    assert _pointers(refused) == ["/visits"]
    act(number, "visit", **CONFIRMED)
    act(number, "remedy", kind="COMPENSATION", amount_fen=20_000, paid_on="2026-11-20")
    act(number, "close", **CLOSE)
    case = case_of(number)
    assert (case.status, case.close_reason, case.responsibility, case.failing_link) == (
        "CLOSED",
        "SETTLED",
        "ENTERPRISE",
        "DELIVERY",
    )
    assert (case.recovered_fen, case.satisfied_administration, case.satisfied_enterprise) == (
        20_000,
        True,
        False,
    )
    assert case.next_due_at is None
    assert {key: deadline.outcome for key, deadline in deadlines_of(number).items()}["total"] == "MET"
    assert all(deadline.stopped_at for deadline in deadlines_of(number).values())
    [entry] = ask("SELECT type, data, sealed FROM feed_entry WHERE type = 'case.closed'")
    assert entry.data["responsibility"] == "ENTERPRISE"
    # what the user is told is not the enterprise's to read
    assert entry.sealed is None
    closed_on = clock.civil_day(case.closed_at)
    assert closed_on in {row.day for row in ask("SELECT day FROM dirty_day")}


def test_an_enterprise_that_stays_silent_beyond_its_deadline_is_answered_for(
    forwarded: Make, act: Act, case_of: Case, ask: Ask
) -> None:
    number = forwarded()
    silent = {
        "close_reason": "OTHER",
        "responsibility": "ENTERPRISE",
        "responsible_unit": "中通快递股份有限公司",
        "answer": "企业逾期未答复，已责令改正。",
    }
    with pytest.raises(ConditionsNotMetError, match="may still reply"):
        act(number, "close-unanswered", **silent)
    ask("UPDATE case_deadline SET due_at = clock_timestamp() WHERE key = 'enterprise_reply'")
    act(number, "close-unanswered", **silent)
    case = case_of(number)
    assert (case.status, case.reply_overdue, case.responsibility) == ("CLOSED", True, "ENTERPRISE")


@pytest.mark.parametrize("state", ["received", "forwarded", "replied"])
def test_a_matter_that_went_to_court_closes_from_any_open_state(
    state: str, request: pytest.FixtureRequest, act: Act, case_of: Case
) -> None:
    number = request.getfixturevalue(state)()
    act(number, "close-other-procedure", procedure="LITIGATION", answer="该纠纷已由法院受理。")
    case = case_of(number)
    assert (case.status, case.close_reason, case.responsibility) == (
        "CLOSED",
        "IN_OTHER_PROCEDURE",
        "UNDETERMINED",
    )
    assert case.other_procedure == "LITIGATION"


def test_what_is_not_due_is_refused_with_what_is(received: Make, act: Act) -> None:
    with pytest.raises(IllegalMoveError) as refused:
        act(received(), "close", **CLOSE)
    assert refused.value.members["case_status"] == "RECEIVED"
    assert "accept" in {move["verb"] for move in refused.value.members["allowed"]}
