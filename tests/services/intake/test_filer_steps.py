"""What is somebody else's too: whoever takes back their own part of a case leaves it to those who still wait for it."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.cases.changes import KeyedContext
from services.casework import forms
from services.desk.perform import VerbOutcome
from services.intake import filer_steps
from services.intake.filer_steps import FiledCase, OthersWaitError
from services.intake.preparation import IntakeContext
from services.rules.states.table import IllegalMoveError
from shared.database import Database

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Rows = Callable[..., Any]
Heard = Callable[..., list[tuple[str, Any, Any]]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Withdraw = Callable[[str], FiledCase]


@pytest.fixture
def withdraw(db: Database, run: Run, intake_context: IntakeContext, context: KeyedContext) -> Withdraw:
    """Return a function by which the client that filed takes a complaint back for its user."""

    def _withdraw(number: str) -> FiledCase:
        reason = forms.Reason(reason="用户来电撤回")
        case: FiledCase = run(
            filer_steps.withdraw(db, number, reason, caller=intake_context.caller, context=context)
        )
        return case

    return _withdraw


def test_a_client_does_not_end_a_case_that_an_order_was_merged_into(
    forwarded: Make, waiting: Make, act: Act, withdraw: Withdraw, case_of: Rows, row_of: Rows, heard: Heard
) -> None:
    parent, child = forwarded(item={"waybill": "75312345678901"}), waiting()
    act(child, "merge", into=parent, reason="同一人同一快件")
    before = case_of(parent)
    with pytest.raises(OthersWaitError, match="/supplements"):
        withdraw(parent)
    assert case_of(parent) == before
    assert (row_of().withdrawn_at, "order.withdrawn" in [kind for kind, *_ in heard()]) == (None, False)
    # once nobody else waits for it any more, it is theirs to end
    act(child, "unmerge", reason="并非同一快件")
    assert withdraw(parent).status == "WITHDRAWN"
    assert case_of(child).status == "RECEIVED"


def test_a_client_does_not_end_a_case_that_another_complaint_was_merged_into(
    forwarded: Make, received: Make, act: Act, withdraw: Withdraw, case_of: Rows
) -> None:
    parent, child = forwarded(), received()
    act(child, "merge", into=parent, reason="同一事项")
    with pytest.raises(OthersWaitError) as refused:
        withdraw(parent)
    assert refused.value.members == {"case_status": "FORWARDED"}
    # nor is the one that it goes on in theirs to end
    with pytest.raises(IllegalMoveError, match="MERGED"):
        withdraw(child)
    assert (case_of(parent).status, case_of(child).status) == ("FORWARDED", "MERGED")
