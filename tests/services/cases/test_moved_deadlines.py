"""What moves a running deadline: a pause on a legal basis, a calendar that grew; never an officer the hotline's own."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from services.deadlines import recalculation
from services.desk.perform import VerbOutcome
from shared import clock
from shared.database import Database
from shared.errors import ConflictError

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Take = Callable[..., dict[str, Any]]

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Rows = Callable[..., Any]
Ask = Callable[..., list[Any]]
ANSWER, SIGN = "hotline_answer", "hotline_sign"


def _in(days: int) -> str:
    return (clock.now() + timedelta(days=days)).astimezone(clock.SHANGHAI).isoformat()


@pytest.mark.parametrize("key", [ANSWER, SIGN])
@pytest.mark.parametrize("changes", [{}, {"due_at": True}])
def test_no_officer_lets_a_hotlines_deadline_stand_still(
    key: str, changes: dict[str, Any], waiting: Make, act: Act, deadlines_of: Rows, case_of: Rows
) -> None:
    number = waiting(**({"due_at": _in(8)} if changes else {}))
    before = deadlines_of(number)[key]
    with pytest.raises(ConflictError, match="hotline") as refused:
        act(number, "pause", deadline=key, basis="FORCE_MAJEURE", reason="台风")
    assert refused.value.code == "deadline-not-movable"
    assert deadlines_of(number)[key] == before
    assert case_of(number).escalated_at is None


def test_one_that_stood_still_in_the_past_runs_on_until_the_same_moment(
    waiting: Make, act: Act, ask: Ask, deadlines_of: Rows, row_of: Rows
) -> None:
    number = waiting(due_at=_in(8))
    ask(
        "UPDATE case_deadline SET paused_at = clock_timestamp(), due_at = NULL, next_check_at = NULL, "
        "pauses = jsonb_build_array(jsonb_build_array(clock_timestamp() - interval '2 days', NULL, "
        "'FORCE_MAJEURE')) WHERE key = 'hotline_answer'"
    )
    act(number, "resume", deadline=ANSWER, reason="台风过境")
    resumed = deadlines_of(number)[ANSWER]
    assert (resumed.due_at, resumed.paused_at) == (row_of().due_at, None)
    assert resumed.next_check_at > clock.now()


def test_deadlines_follow_a_calendar_that_is_loaded_later(
    take: Take, row_of: Rows, db: Database, run: Run, ask: Ask, deadlines_of: Rows
) -> None:
    number = take()["number"]
    ask("UPDATE case_deadline SET provisional = true, calendar_version = 'old' WHERE key = 'hotline_answer'")
    ask("UPDATE case_deadline SET due_at = due_at - interval '2 days' WHERE key = 'hotline_answer'")
    ask(
        "UPDATE hotline_order SET due_at = due_at - interval '2 days', interim_due_at = interim_due_at - interval '2 days'"
    )
    before = row_of()

    assert run(recalculation.recalculate_all(db)) == 1
    after = row_of()
    assert after.due_at == deadlines_of(number)["hotline_answer"].due_at == before.due_at + timedelta(days=2)
    assert after.interim_due_at > before.interim_due_at
