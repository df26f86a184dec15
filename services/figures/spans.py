"""Civil periods as spans of time: days and months of Asia/Shanghai, named by their first day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared import clock


@dataclass(frozen=True, slots=True)
class Spans:
    """Periods as three arrays of one length: name, first moment, first moment after."""

    periods: list[date]
    starts: list[datetime]
    stops: list[datetime]


def month_of(day: date) -> date:
    """Return the first day of the month in which a day lies."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def of_days(days: Iterable[date]) -> Spans:
    """Return the spans of civil days."""
    ordered = sorted(set(days))
    stops = [clock.start_of_day(day + timedelta(days=1)) for day in ordered]
    return Spans(ordered, [clock.start_of_day(day) for day in ordered], stops)


def of_months(days: Iterable[date]) -> Spans:
    """Return the spans of the months that hold these days, each once."""
    ordered = sorted({month_of(day) for day in days})
    stops = [clock.start_of_day(next_month(month)) for month in ordered]
    return Spans(ordered, [clock.start_of_day(month) for month in ordered], stops)
