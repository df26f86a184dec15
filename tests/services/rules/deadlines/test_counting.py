"""Counting deadlines: golden dates of the rulebook, laws of every deadline, pauses, and what an explanation shows."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.deadlines import counting
from services.rules.deadlines.calendar import SHANGHAI, WorkingCalendar
from services.rules.deadlines.counting import Interval, Pause, Skipped, SkipReason, Timetable
from shared.vocabulary import PauseBasis
from tests.services.rules.golden import FIRST, OFFICIAL, WORKING_DAYS

TABLE = Timetable(OFFICIAL)
LUNCH = Timetable(OFFICIAL, ((time(8, 30), time(12)), (time(13, 30), time(17, 30))))
XINJIANG = Timetable(OFFICIAL, ((time(10), time(14)), (time(15, 30), time(19, 30))))
DAY = timedelta(days=1)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("start", "workdays", "last"), WORKING_DAYS)
def test_golden_working_days(start: str, workdays: int, last: str) -> None:
    for clock in ("00:00", "12:00", "23:59"):
        count = counting.count(_at(f"{start}T{clock}"), workdays, "workday", TABLE)
        assert count.due_at == _at(f"{last}T00:00") + DAY
        assert not count.provisional


def test_over_the_year_end_a_deadline_is_provisional() -> None:
    # 31 December 2026 is the last day that the table knows; 1 January 2027 is guessed to be a working Friday
    certain = counting.count(_at("2026-12-30T09:00"), 1, "workday", TABLE)
    assert (certain.due_at, certain.provisional) == (_at("2027-01-01T00:00"), False)
    guessed = counting.count(_at("2026-12-30T09:00"), 2, "workday", TABLE)
    assert (guessed.due_at, guessed.provisional) == (_at("2027-01-02T00:00"), True)
    days = counting.count(_at("2026-12-20T09:00"), 30, "day", TABLE)
    assert (days.due_at, days.provisional) == (_at("2027-01-20T00:00"), False)
    assert counting.count(_at("2026-12-31T16:30"), 4, "office_hour", TABLE).provisional


def test_a_deadline_in_days_rolls_over_a_holiday_and_says_so() -> None:
    count = counting.count(_at("2026-09-26T10:00"), 5, "day", TABLE, rolls=True)
    assert count.due_at == _at("2026-10-09T00:00")
    assert count.skipped[0] == Skipped(date(2026, 10, 1), SkipReason.ROLLED_ON)
    assert len(count.skipped) == 7
    # what was counted is five days, whatever the end
    assert count.intervals == (Interval(_at("2026-09-27T00:00"), _at("2026-10-02T00:00")),)


def test_the_explanation_names_every_day_that_does_not_count() -> None:
    count = counting.count(_at("2026-02-13T10:00"), 3, "workday", TABLE)
    assert count.intervals == (
        Interval(_at("2026-02-14T00:00"), _at("2026-02-15T00:00")),
        Interval(_at("2026-02-24T00:00"), _at("2026-02-26T00:00")),
    )
    assert [skipped_day.day for skipped_day in count.skipped] == [
        date(2026, 2, 15) + n * DAY for n in range(9)
    ]
    assert {skipped_day.reason for skipped_day in count.skipped} == {SkipReason.DAY_OF_REST}


@pytest.mark.parametrize(
    ("table", "start", "hours", "due"),
    [
        (TABLE, "2026-03-06T16:00", 4, "2026-03-09T11:00"),
        (TABLE, "2026-03-07T16:00", 4, "2026-03-09T12:30"),
        (TABLE, "2026-03-06T08:30", 9, "2026-03-06T17:30"),
        (TABLE, "2026-02-14T17:00", 1, "2026-02-24T09:00"),
        (LUNCH, "2026-03-06T11:00", 2, "2026-03-06T14:30"),
        (LUNCH, "2026-03-06T12:15", 1, "2026-03-06T14:30"),
        (XINJIANG, "2026-03-06T08:00", 4, "2026-03-06T14:00"),
        (XINJIANG, "2026-03-06T19:00", 4, "2026-03-09T13:30"),
    ],
)
def test_office_hours(table: Timetable, start: str, hours: int, due: str) -> None:
    assert counting.count(_at(start), hours, "office_hour", table).due_at == _at(due)


def _pause(start: str, end: str | None) -> Pause:
    return Pause(_at(start), _at(end) if end else None, PauseBasis.SUPPLEMENT)


def test_paused_days_do_not_count() -> None:
    paused = counting.count(
        _at("2026-03-02T09:00"), 5, "day", TABLE, pauses=(_pause("2026-03-04T10:00", "2026-03-06T09:00"),)
    )
    assert paused.due_at == _at("2026-03-11T00:00")
    assert [
        skipped_day.day.day for skipped_day in paused.skipped if skipped_day.reason is SkipReason.PAUSED
    ] == [4, 5, 6]


def test_paused_hours_do_not_count() -> None:
    pauses = (_pause("2026-03-02T10:00", "2026-03-02T11:30"), _pause("2026-03-02T11:00", "2026-03-02T12:00"))
    assert counting.count(_at("2026-03-02T09:00"), 4, "hour", TABLE, pauses=pauses).due_at == _at(
        "2026-03-02T15:00"
    )
    in_office = counting.count(_at("2026-03-02T09:00"), 8, "office_hour", TABLE, pauses=pauses)
    assert in_office.due_at == _at("2026-03-03T10:00")


def test_a_deadline_that_stands_still_has_no_end() -> None:
    with pytest.raises(ValueError, match="paused"):
        counting.count(_at("2026-03-02T09:00"), 5, "day", TABLE, pauses=(_pause("2026-03-04T10:00", None),))


@pytest.mark.parametrize(("amount", "unit"), [(0, "day"), (3, "week")])
def test_a_wrong_amount_or_unit_is_refused(amount: int, unit: str) -> None:
    with pytest.raises(ValueError, match="is no deadline"):
        counting.count(_at("2026-03-02T09:00"), amount, unit, TABLE)


def test_a_calendar_without_working_days_ends_the_search() -> None:
    idle = Timetable(WorkingCalendar("idle", {FIRST + n * DAY: False for n in range(2000)}))
    for unit in ("workday", "office_hour"):
        with pytest.raises(ValueError, match="no working day"):
            counting.count(_at("2024-01-01T09:00"), 1, unit, idle)


moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 3, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it
amounts = st.integers(1, 40)
units = st.sampled_from(counting.UNITS)
tables = st.sampled_from([TABLE, LUNCH, XINJIANG])


@given(moments, amounts, amounts, st.sampled_from(["day", "workday"]))
def test_days_add_up(start: datetime, first: int, second: int, unit: str) -> None:
    whole = counting.count(start, first + second, unit, TABLE)
    part = counting.count(start, first, unit, TABLE)
    # the deadline ends at 24:00: its last day is the start day of the rest
    rest = counting.count(part.due_at - timedelta(microseconds=1), second, unit, TABLE)
    assert whole.due_at == rest.due_at
    assert whole.provisional == (part.provisional or rest.provisional)


@given(moments, amounts, amounts, st.sampled_from(["hour", "office_hour"]), tables)
def test_hours_add_up(start: datetime, first: int, second: int, unit: str, table: Timetable) -> None:
    part = counting.count(start, first, unit, table)
    assert (
        counting.count(start, first + second, unit, table).due_at
        == counting.count(part.due_at, second, unit, table).due_at
    )


@given(moments, moments, amounts, units, tables, st.booleans())
def test_who_starts_later_ends_no_sooner(
    moment: datetime,
    other: datetime,
    amount: int,
    unit: str,
    table: Timetable,
    rolls: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    first, second = (
        counting.count(start, amount, unit, table, rolls=rolls) for start in sorted((moment, other))
    )
    assert first.due_at <= second.due_at


@given(moments, amounts, units, tables)
def test_more_time_ends_later_and_after_the_start(
    start: datetime, amount: int, unit: str, table: Timetable
) -> None:
    shorter, longer = (counting.count(start, many, unit, table).due_at for many in (amount, amount + 1))
    assert start < shorter < longer


@given(moments, amounts, tables)
def test_what_is_counted_is_what_was_given(start: datetime, amount: int, table: Timetable) -> None:
    for unit, length in (("day", DAY), ("workday", DAY), ("hour", DAY / 24), ("office_hour", DAY / 24)):
        count = counting.count(start, amount, unit, table)
        assert (
            sum((interval.end - interval.start for interval in count.intervals), timedelta())
            == amount * length
        )
        assert all(
            interval.end <= two.start
            for interval, two in zip(count.intervals, count.intervals[1:], strict=False)
        )
        assert count.intervals[-1].end == count.due_at


@given(moments, amounts, st.sampled_from(["day", "workday"]))
def test_a_civil_day_has_one_deadline_and_days_begin_at_midnight_in_shanghai(
    start: datetime, amount: int, unit: str
) -> None:
    midnight = datetime.combine(counting.civil_day(start), time.min, tzinfo=SHANGHAI)
    last = midnight + DAY - timedelta(microseconds=1)
    ends = {counting.count(moment, amount, unit, TABLE).due_at for moment in (start, midnight, last)}
    assert len(ends) == 1
    assert ends.pop().astimezone(SHANGHAI).time() == time.min
    after = counting.count(midnight + DAY, amount, "day", TABLE).due_at
    assert after - counting.count(last, amount, "day", TABLE).due_at == DAY


@given(moments, amounts)
def test_shanghai_has_no_summer_time(start: datetime, hours: int) -> None:
    assert counting.count(start, hours, "hour", TABLE).due_at - start == timedelta(hours=hours)
    days = counting.count(start, hours, "day", TABLE).due_at
    assert days - datetime.combine(counting.civil_day(start), time.min, tzinfo=SHANGHAI) == (hours + 1) * DAY


@given(moments, amounts, units, st.integers(0, 200), st.integers(1, 200))
def test_a_pause_never_shortens_a_deadline(
    start: datetime, amount: int, unit: str, after: int, length: int
) -> None:
    begins = start + timedelta(hours=after)
    pause = Pause(begins, begins + timedelta(hours=length), PauseBasis.FORCE_MAJEURE)
    plain = counting.count(start, amount, unit, TABLE)
    paused = counting.count(start, amount, unit, TABLE, pauses=(pause,))
    assert paused.due_at >= plain.due_at
    if begins >= plain.due_at:
        assert paused.due_at == plain.due_at


@given(moments, tables)
def test_the_office_opens_next_within_its_hours(moment: datetime, table: Timetable) -> None:
    opening = table.next_opening(moment)
    assert opening >= moment
    office, _ = table.office(counting.civil_day(opening))
    assert any(interval.start <= opening < interval.end for interval in office)
    before = table.last_opening_before(moment)
    assert before < moment
    assert before in [interval.start for interval in table.office(counting.civil_day(before))[0]]
