"""Moments of the demo: receipt, acceptance and closing in this order, within one civil month."""

from datetime import date, timedelta
from random import Random

import pytest

from ops.demo.moments import Calendar
from shared import clock


@pytest.mark.parametrize("month", [date(2021, 2, 1), date(2021, 12, 1), date(2024, 2, 1)])
def test_a_calendar_has_every_day_of_its_month_and_no_other(month: date) -> None:
    days = Calendar(month).days
    assert days[0] == month
    assert (days[-1] + timedelta(days=1)).day == 1
    assert {day.month for day in days} == {month.month}


def test_fewer_complaints_come_on_a_day_of_spring_festival() -> None:
    random, calendar = Random(1), Calendar(date(2021, 2, 1))  # noqa: S311 - made-up days
    received = [clock.civil_day(calendar.draw(random).received_at) for _ in range(4000)]
    # Monday and Monday: one within the holidays of 2021-02-11 to 02-17
    assert received.count(date(2021, 2, 15)) < received.count(date(2021, 2, 22)) / 2


@pytest.mark.parametrize("month", [date(2021, 2, 1), date(2021, 3, 1)])
def test_every_complaint_lives_within_its_civil_month(month: date) -> None:
    random, calendar = Random(1), Calendar(month)  # noqa: S311 - made-up days
    for _ in range(5_000):
        drawn = calendar.draw(random)
        moments = [drawn.received_at, drawn.accepted_at, drawn.closed_at]
        assert moments == sorted(moments)
        assert {clock.civil_day(moment).replace(day=1) for moment in moments} == {month}
