"""The clock of a process, for its edges only. Leases, deadlines and order use the database's clock."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Civil time of every day and month in Shensu; China has had no daylight saving since 1991."""


def now() -> datetime:
    """Return the present moment in UTC, with time zone."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that may ask


def civil_day(moment: datetime) -> date:
    """Return the civil day of Asia/Shanghai in which a moment lies."""
    return moment.astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """Return the first moment of a civil day of Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def in_civil_time(value: Any) -> Any:
    """Return a moment in the civil time of Asia/Shanghai; return any other value unchanged."""
    return value.astimezone(SHANGHAI) if hasattr(value, "astimezone") else value
