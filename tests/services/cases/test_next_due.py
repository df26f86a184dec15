"""The nearest deadline of a case stands beside it: of those that run, and of its own only."""

from collections.abc import Callable, Sequence
from typing import Any

from services.cases import next_due
from services.intake.preparation import Prepared

Ask = Callable[..., list[Any]]


def test_the_nearest_that_runs_is_kept_for_each_case(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    ask: Ask,
    case_of: Callable[[str], Any],
    deadlines_of: Callable[[str], Any],
    in_transaction: Callable[..., Any],
) -> None:
    prepared = [prepare() for _ in range(3)]
    first, second, untouched = store(prepared)
    ask("UPDATE complaint SET next_due_at = NULL")
    end = "UPDATE case_deadline SET stopped_at = clock_timestamp(), outcome = 'MET', next_check_at = NULL "
    ask(end + "WHERE key = 'acceptance' AND complaint_id = :id", id=prepared[1].complaint_id)
    keys = [(each.bucket, each.complaint_id) for each in prepared[:2]]
    in_transaction(lambda connection: next_due.set_nearest(connection, keys))
    assert case_of(first).next_due_at == deadlines_of(first)["acceptance"].due_at
    assert case_of(second).next_due_at == deadlines_of(second)["total"].due_at
    assert case_of(untouched).next_due_at is None
    # none runs: nothing is due
    ask(end)
    in_transaction(lambda connection: next_due.set_nearest(connection, keys))
    assert case_of(first).next_due_at is None


def test_of_no_cases_nothing_is_asked(
    in_transaction: Callable[..., Any], statements: Callable[[], Any]
) -> None:
    with statements() as sent:
        in_transaction(lambda connection: next_due.set_nearest(connection, []))
    assert sent == []
