"""What moves a deadline and what does not: lateness is not paused away, and what people were told holds."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.casework.session import DeskSession
from services.desk.deadlines import DeadlineNotMovableError
from services.desk.perform import VerbOutcome

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Ask = Callable[..., list[Any]]
Rows = Callable[[str], Any]
_RUN_OUT = "UPDATE case_deadline SET due_at = clock_timestamp() - interval '1 minute' WHERE key = :key"


def test_a_deadline_that_has_run_out_does_not_stand_still(
    forwarded: Make, act: Act, reply: Callable[..., Any], ask: Ask, deadlines_of: Rows
) -> None:
    number = forwarded()
    ask(_RUN_OUT, key="enterprise_reply")
    with pytest.raises(DeadlineNotMovableError):
        act(number, "pause", deadline="enterprise_reply", basis="FORCE_MAJEURE", reason="台风")
    assert reply(number).body["late"] is True
    assert deadlines_of(number)["enterprise_reply"].outcome == "LATE"


def test_a_question_to_the_user_leaves_an_overdue_acceptance_running(
    received: Make, act: Act, ask: Ask, deadlines_of: Rows, case_of: Rows
) -> None:
    number = received(request=None)
    ask(_RUN_OUT, key="acceptance")
    due = deadlines_of(number)["acceptance"].due_at
    act(number, "request-supplement", items=["REQUEST"], message="请补充诉求。")
    deadline = deadlines_of(number)["acceptance"]
    assert (case_of(number).status, deadline.paused_at, deadline.due_at) == ("AWAITING_SUPPLEMENT", None, due)
    act(number, "supplement", request="请赔偿。")
    act(number, "accept")
    assert deadlines_of(number)["acceptance"].outcome == "LATE"


def test_another_bureau_moves_only_what_its_hours_or_unknown_days_move(
    received: Make, act: Act, ask: Ask, deadlines_of: Rows, desk: Callable[..., DeskSession]
) -> None:
    number = received()
    true = deadlines_of(number)["acceptance"].due_at
    # a known day was corrected since: the stored moment is the one that people were told
    ask(
        "UPDATE case_deadline SET due_at = due_at - interval '1 day', provisional = false WHERE key = 'acceptance'"
    )
    act(number, "reassign", bureau="C330200", reason="收件地在宁波")
    assert deadlines_of(number)["acceptance"].due_at == true - timedelta(days=1)
    ask("UPDATE case_deadline SET provisional = true WHERE key = 'acceptance'")
    act(number, "reassign", by=desk("C330200"), bureau="C330100", reason="不属本局")
    assert deadlines_of(number)["acceptance"].due_at == true
