"""What a merge must not cost: level, confidentiality and legal deadline of either case, money, the user's words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.cases.changes import KeyedContext
from services.casework.session import DeskSession
from services.casework.steps import NotOpenError
from services.desk.perform import VerbOutcome
from services.merging.merge import MergeError
from services.views import desk_case
from shared.database import Database
from shared.errors import NotFoundError
from tests.services.desks import Run

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
Ask = Callable[..., list[Any]]


@pytest.fixture
def whole(
    db: Database, run: Run, context: KeyedContext, desk: Callable[..., DeskSession]
) -> Callable[[str], dict[str, Any]]:
    """Return a function that reads a case whole, as Hangzhou's officer."""
    return lambda number: run(desk_case.read(db, number, desk=desk(), context=context)).model_dump()


def test_the_one_that_goes_on_is_as_urgent_and_as_confidential_as_either(
    received: Make, act: Act, case_of: Case, events_of: Rows, deadlines_of: Rows, ask: Ask
) -> None:
    into, number = received(), received()
    act(number, "level", level="L2", reason="媒体关注")
    ask("UPDATE complaint SET confidential = true, urgency = '{SUPERVISED}' WHERE number = :n", n=number)
    act(number, "merge", into=into, reason="同一事项")
    case = case_of(into)
    assert (case.level, case.confidential, case.urgency) == ("L2", True, ["SUPERVISED"])
    assert case.copied_to == ["P330000"]
    assert deadlines_of(into)["close_target"].rule == "close_target_l2"
    raised = next(event for event in events_of(into) if event.kind == "LEVEL_RAISED")
    assert raised.data == {"from": "L0", "to": "L2", "reason_code": "MERGED", "case": number}


def test_the_one_that_has_to_be_answered_first_goes_on(
    received: Make, act: Act, ask: Ask, case_of: Case
) -> None:
    earlier, later = received(), received()
    ask(
        "UPDATE complaint SET total_due_at = total_due_at - CAST(:days AS interval) WHERE number = :n",
        days=timedelta(days=20),
        n=earlier,
    )
    with pytest.raises(MergeError, match=f"merge {later} into it"):
        act(earlier, "merge", into=later, reason="同一事项")
    act(later, "merge", into=earlier, reason="同一事项")
    assert case_of(later).status == "MERGED"


def test_money_is_entered_for_the_one_that_goes_on(replied: Make, act: Act, case_of: Case) -> None:
    into, number = replied(), replied()
    act(number, "remedy", kind="COMPENSATION", amount_fen=5_000)
    with pytest.raises(MergeError, match="`reverse-remedy`"):
        act(number, "merge", into=into, reason="同一事项")
    with pytest.raises(NotFoundError, match="`remedies` of the case lists"):
        act(number, "reverse-remedy", entry=7, reason="并案")
    act(number, "reverse-remedy", entry=1, reason="并案")
    act(number, "merge", into=into, reason="同一事项")
    with pytest.raises(NotOpenError):
        act(number, "remedy", kind="COMPENSATION", amount_fen=5_000)
    act(into, "remedy", kind="COMPENSATION", amount_fen=5_000)
    assert (case_of(number).recovered_fen, case_of(into).recovered_fen) == (0, 5_000)


def test_an_undone_merge_waits_for_somebody_to_take_the_case_up_again(
    received: Make, act: Act, case_of: Case, deadlines_of: Rows
) -> None:
    into, number = received(), received()
    act(number, "claim")
    act(number, "merge", into=into, reason="同一事项")
    act(number, "unmerge", reason="并非同一事项")
    assert case_of(number).claimed_by is None
    assert deadlines_of(number)["claim"].stopped_at is None
