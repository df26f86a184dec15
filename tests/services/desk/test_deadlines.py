"""Deadlines of the desk: what is paused on a legal basis, and what is paused for nobody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.desk.perform import VerbOutcome

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]


def test_a_pause_needs_a_running_deadline_and_never_touches_the_statute(
    received: Make, act: Act, deadlines_of: Rows, case_of: Case
) -> None:
    number = received()
    with pytest.raises(Exception, match="are paused for nobody"):
        act(number, "pause", deadline="total", basis="FORCE_MAJEURE", reason="台风")
    with pytest.raises(Exception, match="does not run"):
        act(number, "pause", deadline="mediation", basis="FORCE_MAJEURE", reason="台风")
    due = deadlines_of(number)["acceptance"].due_at
    act(number, "pause", deadline="acceptance", basis="FORCE_MAJEURE", reason="台风")
    assert case_of(number).next_due_at != due
    act(number, "resume", deadline="acceptance", reason="台风过境")
    # the day of the pause does not count
    assert deadlines_of(number)["acceptance"].due_at >= due
    assert deadlines_of(number)["acceptance"].next_check_at is not None
    assert case_of(number).next_due_at is not None
    with pytest.raises(Exception, match="is not paused"):
        act(number, "resume", deadline="acceptance", reason="again")
    assert timedelta(0) < deadlines_of(number)["total"].due_at - case_of(number).received_at
