"""Civil periods as spans of time: days and months of Shanghai, each once, without a gap and without an overlap."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.figures import spans

DAYS = st.dates(date(1980, 1, 1), date(2190, 1, 1))


@pytest.mark.parametrize(
    ("month", "after"),
    [
        (date(2024, 1, 31), date(2024, 2, 1)),
        (date(2024, 2, 29), date(2024, 3, 1)),
        (date(2023, 2, 1), date(2023, 3, 1)),
        (date(2024, 12, 31), date(2025, 1, 1)),
        (date(2024, 11, 30), date(2024, 12, 1)),
    ],
)
def test_the_month_after(month: date, after: date) -> None:
    assert spans.next_month(month) == after
    assert spans.month_of(month) == month.replace(day=1)


def test_a_day_begins_and_ends_at_midnight_of_shanghai() -> None:
    span = spans.of_days([date(2021, 3, 1), date(2021, 2, 28), date(2021, 3, 1)])
    assert span.periods == [date(2021, 2, 28), date(2021, 3, 1)]
    assert span.starts[1] == datetime(2021, 2, 28, 16, tzinfo=UTC)
    assert span.stops == [span.starts[1], datetime(2021, 3, 1, 16, tzinfo=UTC)]


def test_a_month_is_named_once_however_many_of_its_days_are_marked() -> None:
    span = spans.of_months([date(2020, 2, 29), date(2020, 12, 31), date(2020, 2, 1)])
    assert span.periods == [date(2020, 2, 1), date(2020, 12, 1)]
    assert [stop - start for start, stop in zip(span.starts, span.stops, strict=True)] == [
        timedelta(days=29),
        timedelta(days=31),
    ]


@given(st.lists(DAYS, max_size=20))
def test_spans_are_in_order_and_overlap_nowhere(days: list[date]) -> None:
    for span in (spans.of_days(days), spans.of_months(days)):
        assert len(span.periods) == len(span.starts) == len(span.stops)
        assert all(start < stop for start, stop in zip(span.starts, span.stops, strict=True))
        assert all(stop <= start for stop, (_, start) in zip(span.stops, pairwise(span.starts), strict=False))


@given(DAYS, st.integers(1, 23))
def test_every_moment_of_a_day_lies_in_its_month(day: date, hour: int) -> None:
    whole, month = spans.of_days([day]), spans.of_months([day])
    moment = whole.starts[0] + timedelta(hours=hour)
    assert month.starts[0] <= whole.starts[0] < moment < whole.stops[0] <= month.stops[0]
