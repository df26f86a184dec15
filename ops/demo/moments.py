"""Times of receipt, acceptance and closing of a month's complaints: all within the civil month, as the totals require."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from shared import clock

_WORK_BEGINS, _WORK_SECONDS = 8 * 3600, 10 * 3600
_USUAL_DAYS = 14
_WEEKEND = 5
_HOLIDAYS = {date(2021, 2, 11) + timedelta(days=n): 0.35 for n in range(7)}
"""Spring Festival of 2021."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Receipt, acceptance and closing, in this order."""

    received_at: datetime
    accepted_at: datetime
    closed_at: datetime


class Calendar:
    """Days of one month, weighted by the number of filings."""

    def __init__(self, month: date) -> None:
        after = (month + timedelta(days=32)).replace(day=1)
        self.days = [month + timedelta(days=n) for n in range((after - month).days)]
        weights = (0.55 if day.weekday() >= _WEEKEND else _HOLIDAYS.get(day, 1.0) for day in self.days)
        self._cumulated = tuple(accumulate(weights))
        self._starts = [clock.start_of_day(day) for day in self.days]

    def draw(self, random: Random) -> Moments:
        """Return the moments of one complaint; cases of the month's last days are closed quickly."""
        first = random.choices(range(len(self.days)), cum_weights=self._cumulated)[0]
        days_left = len(self.days) - 1 - first
        last = first + min(days_left, int(random.triangular(0, 2 * _USUAL_DAYS, _USUAL_DAYS)))
        opened = self._starts[first] + timedelta(seconds=_WORK_BEGINS + int(random.random() * _WORK_SECONDS))
        # every case is closed in the evening of its last day, after the receipts of that day
        closed = self._starts[last] + timedelta(
            seconds=_WORK_BEGINS + _WORK_SECONDS + int(random.random() * 7200)
        )
        accepted = opened + min(timedelta(hours=int(random.random() * 48)), (closed - opened) / 2)
        return Moments(opened, accepted.replace(microsecond=0), closed)
