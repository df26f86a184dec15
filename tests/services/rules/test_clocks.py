"""The limits of a receipt: whole days of Shanghai, exclusive ends, and a total that never moves."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules import clocks
from services.rules.calendar import SHANGHAI, WorkingCalendar

DAYS = [date(2025, 1, 1) + timedelta(days=n) for n in range(730)]
CALENDAR = WorkingCalendar("cal-2026", {day: chinese_calendar.is_workday(day) for day in DAYS})
AMOUNTS = {"acceptance": (5, "day"), "total": (30, "day"), "visit": (3, "workday"), "call": (4, "hour")}
RULES = clocks.DeadlineRules("2020", AMOUNTS, roll_forward=True)
UNROLLED = clocks.DeadlineRules("2020", AMOUNTS, roll_forward=False)


def _shanghai(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def test_the_start_day_is_not_counted_and_the_end_is_exclusive() -> None:
    limits = clocks.limits_of_intake(_shanghai(2026, 3, 2, 9), CALENDAR, RULES)
    # 2 March + 5 = Saturday 7 March, rolled to Monday 9 March; late from 10 March 00:00
    assert limits == clocks.Limits(
        accept_due_at=_shanghai(2026, 3, 10),
        total_due_at=_shanghai(2026, 4, 2),
        provisional=False,
        deadline_version="2020",
        calendar_version="cal-2026",
    )


def test_the_acceptance_limit_stands_where_rolling_is_off() -> None:
    limits = clocks.limits_of_intake(_shanghai(2026, 3, 2, 9), CALENDAR, UNROLLED)
    assert limits.accept_due_at == _shanghai(2026, 3, 8)


def test_the_acceptance_limit_rolls_over_a_long_holiday() -> None:
    limits = clocks.limits_of_intake(_shanghai(2026, 9, 28, 9), CALENDAR, RULES)
    assert limits.accept_due_at == _shanghai(2026, 10, 9)


def test_the_total_does_not_roll_over_a_holiday() -> None:
    # 2026-09-03 + 30 days = 2026-10-03, a holiday: the statute knows no extension
    assert clocks.limits_of_intake(_shanghai(2026, 9, 3), CALENDAR, RULES).total_due_at == _shanghai(
        2026, 10, 4
    )


@pytest.mark.parametrize("received_at", [_shanghai(2026, 3, 2), _shanghai(2026, 3, 2, 23, 59)])
def test_a_whole_civil_day_has_the_same_limits(received_at: datetime) -> None:
    noon = clocks.limits_of_intake(_shanghai(2026, 3, 2, 12), CALENDAR, RULES)
    assert clocks.limits_of_intake(received_at, CALENDAR, RULES) == noon
    assert clocks.limits_of_intake(received_at.astimezone(UTC), CALENDAR, RULES) == noon


def test_the_day_is_that_of_shanghai() -> None:
    assert clocks.civil_day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert clocks.civil_day(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 3, 1)


def test_beyond_the_horizon_the_limit_is_provisional() -> None:
    limits = clocks.limits_of_intake(_shanghai(2026, 12, 28), CALENDAR, RULES)
    assert limits.provisional
    assert limits.accept_due_at == _shanghai(2027, 1, 5)
    assert limits.total_due_at == _shanghai(2027, 1, 28)


def test_a_calendar_that_ends_does_not_touch_what_needs_none() -> None:
    assert not clocks.limits_of_intake(_shanghai(2027, 6, 1), CALENDAR, UNROLLED).provisional


def test_a_new_table_of_the_same_version_is_heeded() -> None:
    monday = _shanghai(2026, 3, 2)
    before = clocks.limits_of_intake(monday, CALENDAR, RULES)
    closed_on_monday = WorkingCalendar("cal-2026", {**CALENDAR.days, date(2026, 3, 9): False})
    after = clocks.limits_of_intake(monday, closed_on_monday, RULES)
    assert after.accept_due_at - before.accept_due_at == timedelta(days=1)


def test_limits_in_working_days_and_hours() -> None:
    friday = _shanghai(2026, 3, 6, 17, 30)
    assert clocks.due_at(friday, "visit", CALENDAR, RULES) == (_shanghai(2026, 3, 12), False)
    assert clocks.due_at(friday, "call", CALENDAR, RULES) == (_shanghai(2026, 3, 6, 21, 30), False)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clocks.limits_of_intake(datetime(2026, 3, 2), CALENDAR, RULES)  # noqa: DTZ001 - the fault on purpose


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ({"acceptance": (5, "day")}, "lack total"),
        ({}, "lack acceptance, total"),
        ({"acceptance": (5, "week"), "total": (30, "day")}, "5 week"),
        ({"acceptance": (0, "day"), "total": (30, "day")}, "0 day"),
        ({"acceptance": (4, "hour"), "total": (30, "day")}, "in days"),
        ({"acceptance": (5, "day"), "total": (60, "day")}, "30 days"),
        ({"acceptance": (5, "day"), "total": (30, "workday")}, "30 days"),
    ],
)
def test_rules_that_break_the_statute_are_refused(amounts: dict[str, tuple[int, str]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        clocks.DeadlineRules("wrong", amounts, roll_forward=True)


moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, moments)
def test_limits_follow_the_order_of_receipt(one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    first = clocks.limits_of_intake(earlier, CALENDAR, RULES)
    second = clocks.limits_of_intake(later, CALENDAR, RULES)
    assert first.accept_due_at <= second.accept_due_at
    assert first.total_due_at <= second.total_due_at


@given(moments)
def test_the_total_is_thirty_civil_days_whatever_the_calendar(received_at: datetime) -> None:
    limits = clocks.limits_of_intake(received_at, CALENDAR, RULES)
    assert clocks.civil_day(limits.total_due_at) - clocks.civil_day(received_at) == timedelta(days=31)
    assert limits.total_due_at.time() == datetime.min.time()
    assert limits.accept_due_at > received_at
