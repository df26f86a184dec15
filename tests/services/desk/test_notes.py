"""What is added to the file: notes, reports of progress, questions to the enterprise; none moves the case."""

from collections.abc import Callable
from typing import Any

import pytest

from services.desk.perform import VerbOutcome

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
Ask = Callable[..., list[Any]]


def test_a_follow_up_reaches_the_enterprise_and_moves_nothing(
    forwarded: Make, received: Make, act: Act, case_of: Case, deadlines_of: Rows, ask: Ask
) -> None:
    number = forwarded()
    due = deadlines_of(number)["enterprise_reply"].due_at
    act(number, "follow-up", message="请提供签收照片。", answer_by="2026-12-01T00:00:00+08:00")
    assert (case_of(number).status, deadlines_of(number)["enterprise_reply"].due_at) == ("FORWARDED", due)
    assert ask("SELECT count(*) FROM feed_entry WHERE type = 'case.follow_up'")[0][0] == 1
    with pytest.raises(Exception, match="not forwarded"):
        act(received(), "follow-up", message="请说明。")


def test_a_report_of_progress_starts_the_time_to_the_next(
    received: Make, act: Act, deadlines_of: Rows
) -> None:
    number = received(urgency=["ELDERLY"])
    assert deadlines_of(number)["progress_report"].round == 1
    act(number, "note", note="已联系企业。", progress=True)
    assert (
        deadlines_of(number)["progress_report"].round,
        deadlines_of(number)["progress_report"].stopped_at,
    ) == (
        2,
        None,
    )
