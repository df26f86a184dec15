"""The watchdog: who dwells too long is told of once a stay; an open case without any deadline is found."""

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.deadlines import watchdog
from services.desk.perform import VerbOutcome
from services.reference.data import ReferenceData
from shared.database import Database

DAY = timedelta(days=1)
Make = Callable[..., str]
Case = Callable[[str], Any]
Later = Callable[..., None]
Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def watch(db: Database, run: Run, reference: ReferenceData) -> Callable[..., int]:
    """Return a function that watches until nothing new is found; returns how many cases were told of."""

    def _watch(size: int = 100) -> int:
        total = 0
        while count := run(watchdog.watch(db, reference, size=size)):
            total += count
        return total

    return _watch


def test_a_case_that_dwells_too_long_is_reported_once_a_stay(
    received: Make,
    forwarded: Make,
    later: Later,
    watch: Callable[..., int],
    events_of: Case,
    case_of: Case,
    act: Callable[..., VerbOutcome],
) -> None:
    hangs, goes_on = received(), forwarded()
    assert watch() == 0
    # ten working days are over after thirty days at the latest, fifteen after forty
    later(30 * DAY, hangs)
    later(12 * DAY, goes_on)
    assert watch() == 1
    event = events_of(hangs)[-1]
    assert (event.kind, event.data["status"], event.data["workdays"]) == ("DWELLS_TOO_LONG", "RECEIVED", 10)
    assert event.data["notified_bureaus"] == ["C330100", "P330000"]
    assert datetime.fromisoformat(event.data["since"]) == case_of(hangs).status_since
    assert watch() == 0, "a stay is told of once"
    act(hangs, "note", note="等待材料。")
    assert watch() == 0, "a note begins no new stay"
    # another state is another stay
    act(hangs, "accept")
    assert watch() == 0, "however long ago it was received"
    later(40 * DAY, hangs)
    assert watch() == 1
    assert events_of(hangs)[-1].data["status"] == "ACCEPTED"


def test_it_continues_until_all_are_reported(
    unrouted: Make, later: Later, watch: Callable[..., int], ask: Any
) -> None:
    for _ in range(7):
        unrouted()
    later(30 * DAY)
    assert watch(size=2) == 7
    rows = ask("SELECT notified_bureaus FROM escalation WHERE key = 'dwell'")
    assert [row.notified_bureaus for row in rows] == [["N000000"]] * 7, (
        "what nobody was assigned comes to the centre"
    )


def test_an_open_case_without_a_deadline_is_an_alarm(
    received: Make,
    watch: Callable[..., int],
    ask: Callable[..., list[Any]],
    events_of: Case,
    broken: Callable[[], dict[str, int]],
) -> None:
    lost, _sound = received(), received()
    ask(
        "DELETE FROM case_deadline k USING complaint c WHERE c.bucket = k.bucket AND c.id = k.complaint_id "
        "AND c.number = :number",
        number=lost,
    )
    with capture_logs() as logs:
        assert watch() == 1
    assert [(log["event"], log["number"]) for log in logs] == [("case_without_deadline", lost)]
    assert events_of(lost)[-1].kind == "NO_DEADLINE_RUNS"
    assert watch() == 0
    assert broken()["every live open case has a running deadline"] == 1


def test_what_has_ended_dwells_nowhere(
    received: Make, act: Callable[..., VerbOutcome], later: Later, watch: Callable[..., int]
) -> None:
    number = received()
    act(number, "withdraw", reason="用户撤回")
    later(60 * DAY)
    assert watch() == 0


def test_a_poisoned_case_keeps_no_other_from_being_reported(
    unrouted: Make,
    later: Later,
    watch: Callable[..., int],
    ask: Callable[..., list[Any]],
    spoil: Callable[[str], None],
    mend: Callable[[str], None],
    events_of: Case,
) -> None:
    numbers = [unrouted() for _ in range(7)]
    poisoned = numbers[2]
    later(30 * DAY)
    ask("DELETE FROM case_deadline")
    spoil(poisoned)
    with capture_logs() as logs:
        assert watch() == 2 * 6
    for number in set(numbers) - {poisoned}:
        assert {"DWELLS_TOO_LONG", "NO_DEADLINE_RUNS"} <= {event.kind for event in events_of(number)}
    assert {log["number"] for log in logs if log["event"] == "watchdog_failed"} == {poisoned}
    assert poisoned not in {log["number"] for log in logs if log["event"] == "case_without_deadline"}
    # it is not forgotten
    mend(poisoned)
    assert watch() == 2
