"""Civil time: a day of Asia/Shanghai begins eight hours before the same day of UTC."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared import clock


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now().timestamp() - datetime.now(UTC).timestamp()) < 60  # noqa: TID251 - the clock itself is tested


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 2, 28, 16, 0, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=clock.SHANGHAI), date(2026, 12, 31)),
    ],
)
def test_a_moment_lies_in_a_civil_day(moment: datetime, day: date) -> None:
    assert clock.civil_day(moment) == day


def test_a_day_starts_at_midnight_of_shanghai() -> None:
    start = clock.start_of_day(date(2026, 3, 1))
    assert start == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert clock.civil_day(start) == date(2026, 3, 1)
    assert clock.civil_day(start - timedelta(microseconds=1)) == date(2026, 2, 28)


def test_a_moment_is_shown_in_civil_time_and_anything_else_as_it_is() -> None:
    shown = clock.in_civil_time(datetime(2026, 2, 28, 16, tzinfo=UTC))
    assert shown.isoformat() == "2026-03-01T00:00:00+08:00"
    assert clock.in_civil_time("CLOSED") == "CLOSED"
    assert clock.in_civil_time(None) is None
