"""When a running deadline is spoken of: at 50 %, at 80 %, with one working day left, when overdue, and a working day after.

All of it is a project rule (rulebook 3 [P]). What goes out to people before the deadline has run out goes out in office
hours, never at midnight. A step is spoken of once; after a standstill only the furthest step that was reached is.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from services.rules.deadlines.counting import Count, Timetable, civil_day
from shared.vocabulary import Step

SEVERITY = {step: place for place, step in enumerate(Step, 1)}
"""Stored with a running deadline: a step is only spoken of if it is graver than the last one."""


class Reminder(NamedTuple):
    """A step and its moment."""

    step: Step
    at: datetime


class Look(NamedTuple):
    """What is to be said now, if anything, and when to look again, if ever."""

    reached: Step | None
    next_at: datetime | None


@lru_cache(maxsize=4096)
def reminders(started_at: datetime | None, counted: Count, timetable: Timetable) -> tuple[Reminder, ...]:
    """Return the steps of a deadline in the order of their moments; those that would come before its start are left out.

    `started_at` is None for a deadline in whole days, whose steps are the same for every start on one day.
    """
    due = counted.due_at
    begins = started_at or counted.intervals[0].start
    early = [
        Reminder(Step.HALF, counted.moment_at(0.5)),
        Reminder(Step.FOUR_FIFTHS, counted.moment_at(0.8)),
    ]
    in_hours = [Reminder(step, min(timetable.next_opening(at), due)) for step, at in early]
    last_day = Reminder(Step.LAST_DAY, timetable.last_opening_before(due))
    after = timetable.calendar.add_workdays(civil_day(due - timedelta(microseconds=1)), 1)[0]
    long_after = Reminder(Step.LONG_OVERDUE, due + (after - civil_day(due - timedelta(microseconds=1))))
    steps = [
        *(reminder for reminder in (*in_hours, last_day) if begins < reminder.at < due),
        Reminder(Step.OVERDUE, due),
        long_after,
    ]
    return tuple(sorted(steps, key=lambda reminder: (reminder.at, SEVERITY[reminder.step])))


def next_check(steps: tuple[Reminder, ...], last_step: int) -> datetime | None:
    """Return the moment of the first step that is graver than the last one said, past or to come; None: nothing is left."""
    return min((reminder.at for reminder in steps if SEVERITY[reminder.step] > last_step), default=None)


def look(steps: tuple[Reminder, ...], now: datetime, last_step: int) -> Look:
    """Return the gravest step that was reached and not yet said (`said`: severity of the last one), and the next moment."""
    reached = max((SEVERITY[reminder.step] for reminder in steps if reminder.at <= now), default=0)
    if reached <= last_step:
        return Look(None, next_check(steps, last_step))
    step = next(reminder.step for reminder in steps if SEVERITY[reminder.step] == reached)
    return Look(step, next_check(steps, reached))
