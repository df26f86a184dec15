"""Counts a deadline: which stretches of time count, which are left out and why, and the moment at which it has run out.

Days and working days are whole days of Asia/Shanghai, the start day not counted, the end at 24:00 of the last
(民法典 arts 201, 203; rulebook 3 [M]); hours run on the clock, office hours only while the bureau is staffed.
**A due moment is the exclusive end**: at it the deadline has run out. Time during which a deadline was paused on a legal
basis does not count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from services.rules.deadlines.calendar import SHANGHAI, WorkingCalendar
from shared.vocabulary import PauseBasis

OFFICE_HOUR = "office_hour"
"""The only unit that depends on the hours of a bureau."""
UNITS = ("day", "workday", "hour", OFFICE_HOUR)
_DAY = timedelta(days=1)
_MOST_DAYS = 1000
"""No deadline is so long; a table without a single working day would be walked for ever."""


class Interval(NamedTuple):
    """A stretch of time that counts; its end is exclusive."""

    start: datetime
    end: datetime


class SkipReason(StrEnum):
    """Why a day does not count."""

    PAUSED = "PAUSED"
    DAY_OF_REST = "DAY_OF_REST"
    ROLLED_ON = "ROLLED_ON"
    """The last day is a day of rest: the deadline moves on to the next working day."""


class Skipped(NamedTuple):
    """A day that does not count, and why."""

    day: date
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch during which a deadline stands still, and the legal basis for it; `end` None: still standing."""

    start: datetime
    end: datetime | None
    basis: PauseBasis


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a bureau works: the calendar of working days, and its office hours on each of them."""

    calendar: WorkingCalendar
    hours: tuple[tuple[time, time], ...] = ((time(8, 30), time(17, 30)),)

    def office(self, day: date) -> tuple[list[Interval], bool]:
        """Return the office hours of a day, none on a day of rest, and whether that is provisional."""
        worked, provisional = self.calendar.worked(day)
        if not worked:
            return [], provisional
        return [Interval(_at(day, opens), _at(day, closes)) for opens, closes in self.hours], provisional

    def next_opening(self, moment: datetime) -> datetime:
        """Return the moment itself within office hours, else the next moment at which the office opens."""
        for offset in range(_MOST_DAYS):
            for opens, closes in self.office(civil_day(moment) + offset * _DAY)[0]:
                if moment < closes:
                    return max(opens, moment)
        raise ValueError("the calendar has no working day")

    def last_opening_before(self, moment: datetime) -> datetime:
        """Return when the office opens on the last working day that ends before a moment or with it."""
        day = civil_day(moment) - _DAY
        for offset in range(_MOST_DAYS):
            if office := self.office(day - offset * _DAY)[0]:
                return office[0].start
        raise ValueError("the calendar has no working day")


@dataclass(frozen=True, slots=True)
class Count:
    """A deadline that was counted. `provisional`: it rests on days that the working-day table does not tell of yet."""

    due_at: datetime
    provisional: bool
    intervals: tuple[Interval, ...]
    skipped: tuple[Skipped, ...]

    def moment_at(self, fraction: float) -> datetime:
        """Return the moment at which a part of the counted time has passed."""
        total = sum((interval.end - interval.start for interval in self.intervals), timedelta())
        left = total * fraction
        for interval in self.intervals:
            length = interval.end - interval.start
            if left <= length:
                return interval.start + left
            left -= length
        return self.due_at


def count(
    started_at: datetime,
    amount: int,
    unit: str,
    timetable: Timetable,
    *,
    rolls: bool = False,
    pauses: tuple[Pause, ...] = (),
) -> Count:
    """Count a deadline from its start. `rolls`: in days, one that ends on a day of rest ends with the next working day.

    Raises ValueError for a start without a time zone, an unknown unit, or a pause that has not ended.
    """
    if unit not in UNITS or amount < 1:
        raise ValueError(f"{amount} {unit} is no deadline")
    if any(pause.end is None for pause in pauses):
        raise ValueError("a paused deadline has no end yet")
    if unit in {"day", "workday"}:
        return _days(civil_day(started_at), amount, unit, timetable, rolls, _paused_days(pauses))
    stretches = _around_the_clock(started_at) if unit == "hour" else _office_hours(started_at, timetable)
    return _hours(stretches, timedelta(hours=amount), pauses)


@lru_cache(maxsize=4096)
def _days(
    start: date,
    amount: int,
    unit: str,
    timetable: Timetable,
    rolls: bool,  # noqa: FBT001 - part of the cache's key
    paused: frozenset[date],
) -> Count:
    # every case of a civil day has the same deadlines, and a day has thousands of cases
    counted, skipped, provisional = [], [], False
    day, left = start, amount
    while left:
        day += _DAY
        if (day - start).days > _MOST_DAYS:
            raise ValueError("the calendar has no working day")
        reason, guessed = _skip_reason(day, unit, timetable.calendar, paused)
        provisional |= guessed
        if reason is not None:
            skipped.append(Skipped(day, reason))
            continue
        counted.append(day)
        left -= 1
    if rolls and unit == "day":
        last, guessed = timetable.calendar.roll_forward(day)
        provisional |= guessed
        skipped += [Skipped(day + n * _DAY, SkipReason.ROLLED_ON) for n in range((last - day).days)]
        day = last
    return Count(_end_of(day), provisional, _joined(counted), tuple(skipped))


def _skip_reason(
    day: date, unit: str, calendar: WorkingCalendar, paused: frozenset[date]
) -> tuple[SkipReason | None, bool]:
    if day in paused:
        return SkipReason.PAUSED, False
    if unit == "day":
        return None, False
    worked, guessed = calendar.worked(day)
    return (None if worked else SkipReason.DAY_OF_REST), guessed


def _joined(days: list[date]) -> tuple[Interval, ...]:
    joined: list[Interval] = []
    for day in days:
        start, end = _end_of(day - _DAY), _end_of(day)
        if joined and joined[-1].end == start:
            joined[-1] = Interval(joined[-1].start, end)
        else:
            joined.append(Interval(start, end))
    return tuple(joined)


def _paused_days(pauses: tuple[Pause, ...]) -> frozenset[date]:
    """Return the days that a pause touches: a day that is not the user's or bureau's whole does not count."""
    days: set[date] = set()
    for pause in pauses:
        assert pause.end is not None  # noqa: S101 - `count` refuses it
        first = civil_day(pause.start)
        days.update(first + n * _DAY for n in range((civil_day(pause.end) - first).days + 1))
    return frozenset(days)


def _around_the_clock(started_at: datetime) -> Iterator[tuple[Interval, bool]]:
    start = started_at.astimezone(SHANGHAI)
    yield Interval(start, start + _MOST_DAYS * _DAY), False


def _office_hours(started_at: datetime, timetable: Timetable) -> Iterator[tuple[Interval, bool]]:
    start = started_at.astimezone(SHANGHAI)
    for offset in range(_MOST_DAYS):
        office, guessed = timetable.office(start.date() + offset * _DAY)
        for opens, closes in office:
            if closes > start:
                yield Interval(max(opens, start), closes), guessed
    raise ValueError("the calendar has no working day")


def _hours(
    stretches: Iterator[tuple[Interval, bool]], remaining: timedelta, pauses: tuple[Pause, ...]
) -> Count:
    counted: list[Interval] = []
    provisional = False
    for stretch, guessed in stretches:
        provisional |= guessed
        for part in _outside(stretch, pauses):
            length = part.end - part.start
            if length >= remaining:
                end = part.start + remaining
                counted.append(Interval(part.start, end))
                return Count(end, provisional, tuple(counted), _pauses_named(pauses))
            counted.append(part)
            remaining -= length
    raise ValueError("a deadline of more than a thousand days")


def _outside(stretch: Interval, pauses: tuple[Pause, ...]) -> Iterator[Interval]:
    """Yield what is left of a stretch outside the pauses."""
    start = stretch.start
    for pause in sorted(pauses, key=lambda pause: pause.start):
        assert pause.end is not None  # noqa: S101 - `count` refuses it
        if pause.end <= start or pause.start >= stretch.end:
            continue
        if pause.start > start:
            yield Interval(start, pause.start)
        start = max(start, pause.end)
    if start < stretch.end:
        yield Interval(start, stretch.end)


def _pauses_named(pauses: tuple[Pause, ...]) -> tuple[Skipped, ...]:
    return tuple(Skipped(civil_day(pause.start), SkipReason.PAUSED) for pause in pauses)


def civil_day(moment: datetime) -> date:
    """Return the day of Asia/Shanghai in which an aware moment lies."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone belongs to no civil day")
    return moment.astimezone(SHANGHAI).date()


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=SHANGHAI)


def _end_of(day: date) -> datetime:
    return _at(day + _DAY, time.min)
