"""Days as they are spoken: the year where it is another one, and the last day of a deadline that ends at midnight."""

from datetime import datetime

import pytest

from services.views import status_days

NOW = datetime.fromisoformat("2026-11-27T10:00:00+08:00")


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        ("2026-12-01T00:00:00+08:00", "12月1日", "1 December"),
        ("2027-01-04T00:00:00+08:00", "2027年1月4日", "4 January 2027"),
        # still the day before in universal time
        ("2026-11-30T17:00:00+00:00", "12月1日", "1 December"),
    ],
)
def test_a_day_in_both_languages(moment: str, zh: str, en: str) -> None:
    assert status_days.day(datetime.fromisoformat(moment), NOW) == (zh, en)


def test_a_deadline_ends_with_its_last_day() -> None:
    due_at = datetime.fromisoformat("2026-12-01T00:00:00+08:00")
    assert status_days.last_day(due_at, NOW) == ("11月30日", "30 November")


def test_the_deadline_of_a_state_is_late_from_its_moment_on() -> None:
    assert status_days.of_state(None, NOW) is None
    running = status_days.of_state(datetime.fromisoformat("2026-11-27T10:00:01+08:00"), NOW)
    passed = status_days.of_state(NOW, NOW)
    assert running is not None
    assert passed is not None
    assert (running.late, passed.late) == (False, True)
