"""The deadlines of a receipt: whole days of Shanghai, exclusive ends, and a total that never moves."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.deadlines import counting, schedule
from services.rules.deadlines.calendar import SHANGHAI, WorkingCalendar
from services.rules.deadlines.counting import Pause, Timetable
from shared.vocabulary import DeadlineKind, Level, PauseBasis

DAYS = [date(2025, 1, 1) + timedelta(days=n) for n in range(730)]
CALENDAR = WorkingCalendar("cal-2026", {day: chinese_calendar.is_workday(day) for day in DAYS})
TIMETABLE = Timetable(CALENDAR)
AMOUNTS = {
    "acceptance": (5, "day"),
    "total": (30, "day"),
    "return_visit": (3, "workday"),
    "second_call": (4, "hour"),
    "first_contact_l0": (2, "workday"),
    "first_contact_l2": (4, "office_hour"),
    "close_target_l2": (7, "day"),
}
RULES = schedule.DeadlineRules("2020", AMOUNTS, roll_forward=True)
UNROLLED = schedule.DeadlineRules("2020", AMOUNTS, roll_forward=False)


def _shanghai(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def test_the_start_day_is_not_counted_and_the_end_is_exclusive() -> None:
    deadlines = schedule.intake_deadlines(_shanghai(2026, 3, 2, 9), TIMETABLE, RULES)
    # 2 March + 5 = Saturday 7 March, rolled to Monday 9 March; late from 10 March 00:00
    assert deadlines.acceptance == schedule.StartedDeadline(
        key=DeadlineKind.ACCEPTANCE,
        rule="acceptance",
        amount=5,
        unit="day",
        started_at=_shanghai(2026, 3, 2, 9),
        due_at=_shanghai(2026, 3, 10),
        # half of five days is noon of the third, Thursday 5 March
        next_check_at=_shanghai(2026, 3, 5, 12),
        provisional=False,
        deadline_version="2020",
        calendar_version="cal-2026",
    )
    assert deadlines.total.due_at == _shanghai(2026, 4, 2)
    assert not deadlines.provisional


def test_the_acceptance_deadline_stands_where_rolling_is_off() -> None:
    deadlines = schedule.intake_deadlines(_shanghai(2026, 3, 2, 9), TIMETABLE, UNROLLED)
    assert deadlines.acceptance.due_at == _shanghai(2026, 3, 8)


def test_the_acceptance_deadline_rolls_over_a_long_holiday() -> None:
    deadlines = schedule.intake_deadlines(_shanghai(2026, 9, 28, 9), TIMETABLE, RULES)
    assert deadlines.acceptance.due_at == _shanghai(2026, 10, 9)


def test_the_total_does_not_roll_over_a_holiday() -> None:
    # 2026-09-03 + 30 days = 2026-10-03, a holiday: the statute knows no extension
    assert schedule.intake_deadlines(_shanghai(2026, 9, 3), TIMETABLE, RULES).total.due_at == _shanghai(
        2026, 10, 4
    )


@pytest.mark.parametrize("received_at", [_shanghai(2026, 3, 2), _shanghai(2026, 3, 2, 23, 59)])
def test_a_whole_civil_day_has_the_same_deadlines(received_at: datetime) -> None:
    noon = schedule.intake_deadlines(_shanghai(2026, 3, 2, 12), TIMETABLE, RULES)
    for moment in (received_at, received_at.astimezone(UTC)):
        deadlines = schedule.intake_deadlines(moment, TIMETABLE, RULES)
        assert deadlines.acceptance._replace(started_at=noon.acceptance.started_at) == noon.acceptance
        assert deadlines.total.due_at == noon.total.due_at
        assert deadlines.total.started_at == moment


def test_the_day_is_that_of_shanghai() -> None:
    assert counting.civil_day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert counting.civil_day(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 3, 1)


def test_beyond_the_horizon_the_deadline_is_provisional() -> None:
    deadlines = schedule.intake_deadlines(_shanghai(2026, 12, 28), TIMETABLE, RULES)
    assert deadlines.provisional
    assert deadlines.acceptance.due_at == _shanghai(2027, 1, 5)
    assert deadlines.total.due_at == _shanghai(2027, 1, 28)


def test_a_calendar_that_ends_does_not_touch_what_needs_none() -> None:
    assert not schedule.intake_deadlines(_shanghai(2027, 6, 1), TIMETABLE, UNROLLED).provisional


def test_a_new_table_of_the_same_version_is_heeded() -> None:
    monday = _shanghai(2026, 3, 2)
    before = schedule.intake_deadlines(monday, TIMETABLE, RULES)
    closed_on_monday = WorkingCalendar("cal-2026", {**CALENDAR.days, date(2026, 3, 9): False})
    after = schedule.intake_deadlines(monday, Timetable(closed_on_monday), RULES)
    assert after.acceptance.due_at - before.acceptance.due_at == timedelta(days=1)


def _start(key: DeadlineKind, at: datetime, rule: str | None = None) -> schedule.StartedDeadline:
    started = schedule.start(key, at, TIMETABLE, RULES, rule=rule)
    assert started is not None
    return started


def test_deadlines_in_working_days_and_hours() -> None:
    friday = _shanghai(2026, 3, 6, 17, 30)
    assert _start(DeadlineKind.RETURN_VISIT, friday).due_at == _shanghai(2026, 3, 12)
    assert _start(DeadlineKind.SECOND_CALL, friday).due_at == _shanghai(2026, 3, 6, 21, 30)


def test_a_version_without_a_rule_starts_nothing() -> None:
    assert schedule.start(DeadlineKind.MEDIATION, _shanghai(2026, 3, 6), TIMETABLE, RULES) is None


def test_targets_follow_the_level() -> None:
    friday = _shanghai(2026, 3, 6, 16)
    assert schedule.targets(Level.NORMAL, friday, TIMETABLE, RULES).keys() == {DeadlineKind.FIRST_CONTACT}
    of_key = schedule.targets(Level.KEY, friday, TIMETABLE, RULES)
    # one and a half office hours on Friday, two and a half on Monday
    assert of_key[DeadlineKind.FIRST_CONTACT].due_at == _shanghai(2026, 3, 9, 11)
    assert of_key[DeadlineKind.FIRST_CONTACT].rule == "first_contact_l2"
    assert of_key[DeadlineKind.CLOSE_TARGET].due_at == _shanghai(2026, 3, 14)


def _retargeted(running: dict[str, datetime | None], *, raised: bool = True) -> schedule.Retargeted:
    since = schedule.Since(_shanghai(2026, 3, 6, 9), _shanghai(2026, 3, 2, 9), running)
    return schedule.retargeted(Level.KEY, since, TIMETABLE, RULES, raised=raised)


def test_a_raised_level_never_lengthens_a_target() -> None:
    # close_target_l2 from the sixth: seven days, until the fourteenth
    sooner = _retargeted({DeadlineKind.CLOSE_TARGET: _shanghai(2026, 3, 9)})
    assert (DeadlineKind.CLOSE_TARGET in sooner.stops, [start.key for start in sooner.starts]) == (False, [])
    later = _retargeted({DeadlineKind.CLOSE_TARGET: _shanghai(2026, 4, 1)})
    assert DeadlineKind.CLOSE_TARGET in later.stops
    assert [start.due_at for start in later.starts] == [_shanghai(2026, 3, 14)]
    assert [start.rule for start in _retargeted({}).starts] == ["close_target_l2"]


def test_a_first_contact_that_was_made_is_not_asked_for_again() -> None:
    waits = _retargeted({DeadlineKind.FIRST_CONTACT: _shanghai(2026, 3, 9)})
    assert [start.key for start in waits.starts] == [DeadlineKind.FIRST_CONTACT, DeadlineKind.CLOSE_TARGET]
    assert [start.key for start in _retargeted({}).starts] == [DeadlineKind.CLOSE_TARGET]


def test_a_lowered_level_has_the_targets_that_it_would_always_have_had() -> None:
    lowered = _retargeted({DeadlineKind.CLOSE_TARGET: _shanghai(2026, 3, 7)}, raised=False)
    assert lowered.stops == schedule.TARGETS
    # seven days from the second
    assert [start.due_at for start in lowered.starts] == [_shanghai(2026, 3, 10)]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        schedule.intake_deadlines(datetime(2026, 3, 2), TIMETABLE, RULES)  # noqa: DTZ001 - the fault on purpose


@pytest.mark.parametrize(
    ("amounts", "message"),
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
def test_rules_that_break_the_statute_are_refused(amounts: dict[str, tuple[int, str]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        schedule.DeadlineRules("wrong", amounts, roll_forward=True)


moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, moments)
def test_deadlines_follow_the_order_of_receipt(moment: datetime, other: datetime) -> None:
    earlier, later = sorted((moment, other))
    first = schedule.intake_deadlines(earlier, TIMETABLE, RULES)
    second = schedule.intake_deadlines(later, TIMETABLE, RULES)
    assert first.acceptance.due_at <= second.acceptance.due_at
    assert first.total.due_at <= second.total.due_at


@given(moments)
def test_the_total_is_thirty_civil_days_whatever_the_calendar(received_at: datetime) -> None:
    deadlines = schedule.intake_deadlines(received_at, TIMETABLE, RULES)
    assert counting.civil_day(deadlines.total.due_at) - counting.civil_day(received_at) == timedelta(days=31)
    assert deadlines.total.due_at.time() == datetime.min.time()
    assert deadlines.acceptance.due_at > received_at


@pytest.mark.parametrize("key", [DeadlineKind.TOTAL, DeadlineKind.HOTLINE_SIGN, DeadlineKind.HOTLINE_ANSWER])
def test_a_pause_moves_neither_the_total_nor_a_deadline_of_the_hotline(key: DeadlineKind) -> None:
    start = _shanghai(2026, 3, 2, 9)
    pauses = (Pause(_shanghai(2026, 3, 3, 9), _shanghai(2026, 3, 5, 9), PauseBasis.FORCE_MAJEURE),)
    plain = schedule.compute(start, key, 5, "day", TIMETABLE, rolls=False)
    assert schedule.compute(start, key, 5, "day", TIMETABLE, rolls=False, pauses=pauses) == plain
    other = schedule.compute(start, DeadlineKind.MEDIATION, 5, "day", TIMETABLE, rolls=False, pauses=pauses)
    assert other.counted.due_at > plain.counted.due_at
