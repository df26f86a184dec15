"""What an answer means, when to try again, and when to leave a recipient alone."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.delivery import retries
from services.delivery.retries import ATTEMPTS, LONGEST_WISH, OPENS_AFTER, REFUSALS, WAITS, Verdict

NOW = datetime(2026, 11, 23, 2, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_schedule_is_the_recommended_one() -> None:
    hours = [round(wait.total_seconds() / 3600, 4) for wait in WAITS]
    assert hours == [0, 0.0014, 0.0833, 0.5, 2, 5, 10, 14, 20, 24]
    assert sum(WAITS, timedelta(0)) > timedelta(days=3)


@given(st.integers(100, 999))
def test_only_two_hundred_and_something_is_a_success(status: int) -> None:
    judged = retries.verdict(status)
    assert (judged is Verdict.DELIVERED) == (200 <= status <= 299)
    assert (judged is Verdict.GONE) == (status == 410)
    assert (judged is Verdict.REFUSED) == (400 <= status <= 499 and status not in {408, 409, 410, 425, 429})


def test_no_answer_is_a_failure() -> None:
    assert retries.verdict(None) is Verdict.FAILED


@given(st.integers(1, ATTEMPTS + 5), st.none() | st.timedeltas(timedelta(0), LONGEST_WISH))
def test_a_wait_is_never_shorter_than_scheduled_or_asked_for(attempts: int, wish: timedelta | None) -> None:
    wait = retries.wait_after(attempts, wish)
    scheduled = WAITS[min(attempts, ATTEMPTS - 1)]
    assert max(scheduled, wish or scheduled) <= wait <= max(scheduled * 1.2, wish or scheduled)


def test_the_last_attempt() -> None:
    assert [retries.is_last(attempts, Verdict.FAILED) for attempts in (ATTEMPTS - 1, ATTEMPTS)] == [
        False,
        True,
    ]
    assert [retries.is_last(attempts, Verdict.REFUSED) for attempts in (REFUSALS - 1, REFUSALS)] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("30", 30),
        (" 30 ", 30),
        ("86401", 86_400),
        ("9" * 400, 86_400),
        ("٣", None),
        ("", None),
        ("soon", None),
        (format_datetime(NOW + 90 * SECOND, usegmt=True), 90),
        (format_datetime(NOW - 90 * SECOND, usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=9), usegmt=True), 86_400),
        ("Mon, 23 Nov 2026 02:00:10 -0000", 10),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("1.5", None),
        ("-1", None),
    ],
)
def test_what_a_receiver_asks_for(text: str, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert retries.wish_of({"retry-after": text}, NOW) == expected


@given(st.text())
def test_whatever_a_receiver_asks_for_is_between_nothing_and_a_day(text: str) -> None:
    wish = retries.wish_of({"retry-after": text}, NOW)
    assert wish is None or timedelta(0) <= wish <= LONGEST_WISH


def test_a_recipient_is_left_alone_for_longer_and_longer() -> None:
    failures, pauses = 0, []
    for _ in range(12):
        failures, pause = retries.after(failures, succeeded=False, failed=1, rest=None)
        pauses.append(pause.total_seconds() if pause else None)
    assert pauses == [None] * (OPENS_AFTER - 1) + [30, 60, 120, 240, 300, 300, 300, 300]


@given(st.integers(0, 10_000), st.integers(0, 500), st.none() | st.timedeltas(timedelta(0), LONGEST_WISH))
def test_a_success_forgets_all_failures_and_a_wish_is_heeded(
    failures: int, failed: int, rest: timedelta | None
) -> None:
    assert retries.after(failures, succeeded=True, failed=failed, rest=rest) == (0, rest)
    _, pause = retries.after(failures, succeeded=False, failed=failed, rest=rest)
    assert rest is None or (pause is not None and pause >= rest)


def test_many_that_failed_together_are_no_worse_than_five_in_a_row() -> None:
    assert retries.after(0, succeeded=False, failed=16, rest=None) == (OPENS_AFTER, 30 * SECOND)
