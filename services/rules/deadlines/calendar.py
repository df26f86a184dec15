"""Working days (工作日) of mainland China, from a versioned table, never from a guess presented as a fact.

The State Council names each year's holidays and worked weekends late in the year before, so every table
ends somewhere. A day outside the table is counted as Monday to Friday and the result is marked provisional,
to be recalculated when the year is loaded.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The zone in which legal days begin and end (rulebook 3); rules may not import a clock."""

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class BeyondHorizonError(LookupError):
    """The working-day table does not tell of this day."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked: `days` maps each day of the table to True (worked) or False (not worked).

    Two calendars are equal by their version and the digest of their days: caches of counted deadlines compare them often.
    """

    version: str
    days: Mapping[date, bool] = field(compare=False, repr=False)
    digest: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Digest the days, once."""
        days = "".join(f"{day.isoformat()}{worked:d}" for day, worked in sorted(self.days.items()))
        object.__setattr__(self, "digest", hashlib.sha256(days.encode()).digest())

    @property
    def horizon(self) -> date:
        """The last day of the table; `date.min` for an empty one."""
        return max(self.days, default=date.min)

    def is_workday(self, day: date) -> bool:
        """Tell whether a day is worked; raise `BeyondHorizonError` where the table is silent."""
        try:
            return self.days[day]
        except KeyError:
            raise BeyondHorizonError(f"calendar {self.version} does not tell of {day}") from None

    def add_workdays(self, start: date, n: int) -> tuple[date, bool]:
        """Return the n-th working day after `start`, which is not counted, and whether that is provisional.

        Zero working days later is `start` itself. Source: 民法典 art. 201 (the start day is not counted).
        """
        if n < 0:
            raise ValueError("working days are counted forward only")
        day, provisional = start, False
        while n:
            day += _ONE_DAY
            worked, guessed = self.worked(day)
            provisional |= guessed
            n -= worked
        return day, provisional

    def roll_forward(self, day: date) -> tuple[date, bool]:
        """Return `day` if it is worked, else the next day that is, and whether that is provisional.

        Source: 民法典 art. 203 (a last day that is a holiday moves to the day after the holiday).
        """
        provisional = False
        while True:
            worked, guessed = self.worked(day)
            provisional |= guessed
            if worked:
                return day, provisional
            day += _ONE_DAY

    def worked(self, day: date) -> tuple[bool, bool]:
        """Tell whether a day is worked, and whether that is a guess (Monday to Friday) beyond the table."""
        worked = self.days.get(day)
        if worked is None:
            return day.weekday() < _SATURDAY, True
        return worked, False
