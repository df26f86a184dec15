"""The limits that the law sets to a case, reckoned from its receipt.

A limit counts whole days of Asia/Shanghai: the day of receipt is not counted and the limit ends at 24:00 of
its last day (rulebook 3). **Every `due_at` is therefore the exclusive end of the limit: 00:00 of the day
after the last one.** At `due_at` itself the case is late.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from services.rules.calendar import SHANGHAI, WorkingCalendar

STATUTORY_TOTAL_DAYS = 30
"""邮政法 art. 65: the administration answers within 30 days of receipt. No rule extends it."""

_UNITS = ("day", "workday", "hour")


@dataclass(frozen=True, slots=True)
class DeadlineRules:
    """One version of the limits. `amounts` maps a key (acceptance, total …) to an amount and its unit.

    Units are day, workday and hour. `roll_forward` moves a limit in days that ends on a holiday to the next
    working day; the total limit never moves.
    Raises ValueError for rules that cannot be reckoned with, or that lengthen what the statute gives.
    """

    version: str
    amounts: Mapping[str, tuple[int, str]] = field(hash=False)
    roll_forward: bool

    def __post_init__(self) -> None:
        if missing := {"acceptance", "total"} - self.amounts.keys():
            raise ValueError(f"deadline rules {self.version} lack {', '.join(sorted(missing))}")
        for key, (amount, unit) in self.amounts.items():
            if unit not in _UNITS or amount < 1:
                raise ValueError(f"deadline rule {key} of {self.version}: {amount} {unit} is no limit")
        if self.amounts["acceptance"][1] == "hour":
            raise ValueError(f"acceptance limit of {self.version}: must be in days, as all limits of intake")
        days, unit = self.amounts["total"]
        if unit != "day" or days > STATUTORY_TOTAL_DAYS:
            raise ValueError(f"total limit of {self.version}: {days} {unit} is not within 30 days")


@dataclass(frozen=True, slots=True)
class Limits:
    """Exclusive ends of the limits that start at receipt, with the versions they were reckoned by.

    `provisional`: a limit rests on days that the working-day table does not yet tell of, and must be reckoned
    again when it does.
    """

    accept_due_at: datetime
    total_due_at: datetime
    provisional: bool
    deadline_version: str
    calendar_version: str


def limits_of_intake(received_at: datetime, calendar: WorkingCalendar, rules: DeadlineRules) -> Limits:
    """Return the limits that a receipt starts: the acceptance decision and the answer to the user.

    `received_at` must be aware; both results are moments of Asia/Shanghai.
    """
    return _limits_of_day(civil_day(received_at), calendar, rules)


@lru_cache(maxsize=2048)
def _limits_of_day(day: date, calendar: WorkingCalendar, rules: DeadlineRules) -> Limits:
    # every case of a civil day has the same limits, and a day has tens of thousands of cases
    accept_last, provisional = _last_day(day, "acceptance", calendar, rules)
    total_last, _ = _last_day(day, "total", calendar, rules)
    return Limits(_end_of(accept_last), _end_of(total_last), provisional, rules.version, calendar.version)


def due_at(
    started_at: datetime, key: str, calendar: WorkingCalendar, rules: DeadlineRules
) -> tuple[datetime, bool]:
    """Return the exclusive end of the limit `key`, and whether it is provisional.

    Source: 民法典 art. 201 (start day not counted), art. 203 (last day on a holiday); total: 邮政法 art. 65.
    """
    amount, unit = rules.amounts[key]
    if unit == "hour":
        return started_at.astimezone(SHANGHAI) + timedelta(hours=amount), False
    last, provisional = _last_day(civil_day(started_at), key, calendar, rules)
    return _end_of(last), provisional


def _last_day(start: date, key: str, calendar: WorkingCalendar, rules: DeadlineRules) -> tuple[date, bool]:
    amount, unit = rules.amounts[key]
    if unit == "workday":
        return calendar.add_workdays(start, amount)
    last = start + timedelta(days=amount)
    # a statutory limit does not roll, and so needs no working-day table
    if rules.roll_forward and key != "total":
        return calendar.roll_forward(last)
    return last, False


def civil_day(moment: datetime) -> date:
    """Return the day of Asia/Shanghai in which an aware moment lies."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone belongs to no civil day")
    return moment.astimezone(SHANGHAI).date()


def _end_of(day: date) -> datetime:
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=SHANGHAI)
