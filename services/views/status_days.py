"""Days as they are spoken in a status sentence, Chinese and English. Pure."""

from datetime import datetime, timedelta
from typing import NamedTuple

from services.rules.deadlines.counting import civil_day

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class SpokenDay(NamedTuple):
    """A day in both languages."""

    zh: str
    en: str


def day(moment: datetime, now: datetime) -> SpokenDay:
    """Return a day as it is spoken; the year is named where it is not this one."""
    civil = civil_day(moment)
    zh, en = f"{civil.month}月{civil.day}日", f"{civil.day} {_MONTHS[civil.month - 1]}"
    return (
        SpokenDay(zh, en)
        if civil.year == civil_day(now).year
        else SpokenDay(f"{civil.year}年{zh}", f"{en} {civil.year}")
    )


def last_day(due_at: datetime, now: datetime) -> SpokenDay:
    """Return the last day of a deadline: it ends at the first moment of the next one."""
    return day(due_at - timedelta(microseconds=1), now)


class StateDeadline(NamedTuple):
    """The deadline of the state: its last day, and whether it has passed."""

    day: SpokenDay
    late: bool


def of_state(due_at: datetime | None, now: datetime) -> StateDeadline | None:
    """Return the deadline of a state, if it has one."""
    if due_at is None:
        return None
    return StateDeadline(last_day(due_at, now), due_at <= now)
