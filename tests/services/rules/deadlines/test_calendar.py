"""Working days against the published holidays of 2024 to 2026, and the laws that any table must keep."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.deadlines import calendar
from tests.services.rules.golden import FIRST, LAST, OFFICIAL, WORKING_DAYS

days_around_the_table = st.dates(date(2023, 6, 1), date(2028, 6, 1))
tables = st.builds(
    calendar.WorkingCalendar,
    st.just("drawn"),
    st.dictionaries(st.dates(date(2026, 11, 1), date(2027, 3, 1)), st.booleans()),
)


@pytest.mark.parametrize(("start", "n", "end"), WORKING_DAYS)
def test_golden_dates(start: str, n: int, end: str) -> None:
    assert OFFICIAL.add_workdays(date.fromisoformat(start), n) == (date.fromisoformat(end), False)


@pytest.mark.parametrize(("year", "workdays"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, workdays: int) -> None:
    assert sum(worked for day, worked in OFFICIAL.days.items() if day.year == year) == workdays


def test_the_horizon_is_the_last_day_of_the_table() -> None:
    assert OFFICIAL.horizon == LAST
    assert calendar.WorkingCalendar("empty", {}).horizon == date.min


@pytest.mark.parametrize("day", [FIRST - timedelta(days=1), LAST + timedelta(days=1)])
def test_a_day_outside_the_table_is_refused(day: date) -> None:
    with pytest.raises(calendar.BeyondHorizonError, match=str(day)):
        OFFICIAL.is_workday(day)


def test_a_day_inside_the_table_is_a_working_day_or_not() -> None:
    assert OFFICIAL.is_workday(date(2026, 2, 14))
    assert not OFFICIAL.is_workday(date(2026, 2, 16))


def test_beyond_the_horizon_monday_to_friday_is_provisional() -> None:
    # 2026-12-31 is the last day told; 2027-01-01 is a Friday
    assert OFFICIAL.add_workdays(date(2026, 12, 31), 2) == (date(2027, 1, 4), True)
    assert OFFICIAL.add_workdays(date(2026, 12, 30), 1) == (date(2026, 12, 31), False)


def test_a_deadline_on_a_holiday_moves_to_the_next_working_day() -> None:
    assert OFFICIAL.roll_forward(date(2026, 10, 3)) == (date(2026, 10, 8), False)
    assert OFFICIAL.roll_forward(date(2026, 10, 8)) == (date(2026, 10, 8), False)
    assert OFFICIAL.roll_forward(date(2027, 1, 2)) == (date(2027, 1, 4), True)


def test_nothing_is_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        OFFICIAL.add_workdays(FIRST, -1)


@given(tables, days_around_the_table, st.integers(0, 30), st.integers(0, 30))
def test_adding_is_additive(table: calendar.WorkingCalendar, start: date, a: int, b: int) -> None:
    halfway, first_provisional = table.add_workdays(start, a)
    end, second_provisional = table.add_workdays(halfway, b)
    assert (end, first_provisional or second_provisional) == table.add_workdays(start, a + b)


@given(tables, days_around_the_table, st.integers(0, 30), st.integers(0, 5))
def test_a_later_start_never_ends_sooner(
    table: calendar.WorkingCalendar, start: date, n: int, later: int
) -> None:
    end, _ = table.add_workdays(start, n)
    assert table.add_workdays(start + timedelta(days=later), n)[0] >= end
    assert table.add_workdays(start, n + 1)[0] > end


@given(days_around_the_table, st.integers(1, 40))
def test_what_is_not_provisional_follows_the_table(start: date, n: int) -> None:
    end, provisional = OFFICIAL.add_workdays(start, n)
    if not provisional:
        assert FIRST <= end <= LAST
        assert OFFICIAL.is_workday(end)
        passed = [start + timedelta(days=k) for k in range(1, (end - start).days + 1)]
        assert sum(OFFICIAL.is_workday(day) for day in passed) == n


def test_calendars_are_equal_by_version_and_days() -> None:
    first, other = date(2026, 1, 1), date(2026, 1, 2)
    table = calendar.WorkingCalendar("1", {first: True, other: False})
    assert table == calendar.WorkingCalendar("1", {other: False, first: True})
    assert hash(table) == hash(calendar.WorkingCalendar("1", {other: False, first: True}))
    assert table != calendar.WorkingCalendar("1", {first: True, other: True})
    assert table != calendar.WorkingCalendar("2", {first: True, other: False})
