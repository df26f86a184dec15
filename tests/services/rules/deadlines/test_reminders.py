"""Reminders: which steps a deadline has, when, in office hours, each once, and only the gravest after a standstill."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.rules.deadlines import counting, reminders
from services.rules.deadlines.calendar import SHANGHAI
from services.rules.deadlines.reminders import SEVERITY, Reminder
from shared.vocabulary import Step
from tests.services.rules.deadlines.test_counting import TABLE, _at, amounts, moments, tables, units


def _steps(start: str, amount: int, unit: str) -> dict[Step, datetime]:
    begins = _at(start)
    counted = counting.count(begins, amount, unit, TABLE)
    return {
        reminder.step: reminder.at
        for reminder in reminders.reminders(None if unit in {"day", "workday"} else begins, counted, TABLE)
    }


def test_the_steps_of_ten_days() -> None:
    # Monday 2 March 2026: 3 to 12 March count
    assert _steps("2026-03-02T15:00", 10, "day") == {
        # midnight after the fifth day is a Sunday: told when the office opens on Monday
        Step.HALF: _at("2026-03-09T08:30"),
        Step.FOUR_FIFTHS: _at("2026-03-11T08:30"),
        Step.LAST_DAY: _at("2026-03-12T08:30"),
        Step.OVERDUE: _at("2026-03-13T00:00"),
        Step.LONG_OVERDUE: _at("2026-03-14T00:00"),
    }


def test_a_working_day_after_may_be_many_days_after() -> None:
    steps = _steps("2026-09-29T15:00", 1, "workday")
    assert (steps[Step.OVERDUE], steps[Step.LONG_OVERDUE]) == (
        _at("2026-10-01T00:00"),
        _at("2026-10-09T00:00"),
    )


def test_a_deadline_of_hours_has_no_step_before_its_start() -> None:
    assert _steps("2026-03-06T22:00", 2, "hour").keys() == {Step.OVERDUE, Step.LONG_OVERDUE}
    assert _steps("2026-03-06T09:00", 4, "hour") == {
        Step.HALF: _at("2026-03-06T11:00"),
        Step.FOUR_FIFTHS: _at("2026-03-06T12:12"),
        Step.OVERDUE: _at("2026-03-06T13:00"),
        Step.LONG_OVERDUE: _at("2026-03-09T13:00"),
    }


def _of_ten_days() -> tuple[Reminder, ...]:
    return reminders.reminders(None, counting.count(_at("2026-03-02T15:00"), 10, "day", TABLE), TABLE)


def test_each_step_is_said_once_and_leads_to_the_next() -> None:
    steps, said, now, spoken = _of_ten_days(), 0, _at("2026-03-02T15:00"), []
    while (next_at := reminders.next_check(steps, said)) is not None:
        assert reminders.look(steps, next_at - timedelta(seconds=1), said).reached is None
        now = max(now, next_at)
        due = reminders.look(steps, now, said)
        assert due.reached is not None
        spoken.append(due.reached)
        said = SEVERITY[due.reached]
        assert reminders.look(steps, now, said).reached is None
    assert spoken == list(Step)


def test_after_a_standstill_only_the_gravest_is_said() -> None:
    steps = _of_ten_days()
    assert reminders.look(steps, _at("2026-03-13T09:00"), 0) == (Step.OVERDUE, _at("2026-03-14T00:00"))
    assert reminders.look(steps, _at("2026-06-01T09:00"), SEVERITY[Step.HALF]) == (Step.LONG_OVERDUE, None)


@given(moments, amounts, units, tables)
def test_warnings_come_in_office_hours_before_the_end(
    start: datetime, amount: int, unit: str, table: counting.Timetable
) -> None:
    counted = counting.count(start, amount, unit, table)
    begins = None if unit in {"day", "workday"} else start
    steps = reminders.reminders(begins, counted, table)
    assert [reminder.at for reminder in steps] == sorted(reminder.at for reminder in steps)
    of = {reminder.step: reminder.at for reminder in steps}
    assert of[Step.OVERDUE] == counted.due_at < of[Step.LONG_OVERDUE]
    for step in (Step.HALF, Step.FOUR_FIFTHS, Step.LAST_DAY):
        if step in of:
            assert start < of[step] < counted.due_at
            office, _ = table.office(counting.civil_day(of[step]))
            assert any(reminder.start <= of[step] < reminder.end for reminder in office)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1), timezones=st.just(UTC)), amounts, units)  # noqa: DTZ001 - hypothesis adds it
def test_nobody_is_reminded_at_midnight(start: datetime, amount: int, unit: str) -> None:
    counted = counting.count(start, amount, unit, TABLE)
    early = [
        reminder for reminder in reminders.reminders(start, counted, TABLE) if reminder.at < counted.due_at
    ]
    assert all(time(8, 30) <= reminder.at.astimezone(SHANGHAI).time() < time(17, 30) for reminder in early)
