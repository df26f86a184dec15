"""Periods are named, shifted and compared by the civil calendar; a combination that nobody counts is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.figures import query
from services.figures.query import NoSuchCombinationError, Period, VolumeQuery
from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import Measure
from shared.errors import InvalidInputError

TODAY = date(2021, 3, 31)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(st.sampled_from(Period), DAYS)
def test_a_name_names_its_period(period: Period, day: date) -> None:
    first = query.start_of(period, day)
    assert query.first_day_of(period, query.name_of(period, first), parameter="from") == first


@given(st.sampled_from(Period), DAYS, st.integers(1, 30))
def test_shifting_there_and_back(period: Period, day: date, by: int) -> None:
    first = query.start_of(period, day)
    later = query.shifted(period, first, by)
    assert later > first
    assert query.start_of(period, later) == later
    assert query.shifted(period, later, -by) == first


@pytest.mark.parametrize(
    ("period", "name"),
    [
        (Period.MONTH, "2021-13"),
        (Period.MONTH, "2021"),
        (Period.MONTH, "２０２１-０３"),
        (Period.DAY, "2021-02-29"),
        (Period.QUARTER, "2021-Q5"),
        (Period.YEAR, "1979"),
        (Period.YEAR, "9999"),
        (Period.YEAR, ""),
    ],
)
def test_a_name_that_names_no_period_is_refused(period: Period, name: str) -> None:
    with pytest.raises(InvalidInputError, match=f"does not name a {period}"):
        query.first_day_of(period, name, parameter="from")


def test_the_same_day_of_last_year_may_not_exist() -> None:
    assert query.year_before(Period.DAY, date(2020, 2, 29)) is None
    assert query.year_before(Period.DAY, date(2021, 2, 28)) == date(2020, 2, 28)
    assert query.year_before(Period.QUARTER, date(2021, 4, 1)) == date(2020, 4, 1)


@pytest.mark.parametrize(
    ("since", "until", "last", "periods"),
    [
        (None, None, None, (date(2020, 4, 1), date(2021, 3, 1))),
        (None, None, 1, (date(2021, 3, 1), date(2021, 3, 1))),
        (None, "2021-01", 2, (date(2020, 12, 1), date(2021, 1, 1))),
        ("2020-12", "2021-01", None, (date(2020, 12, 1), date(2021, 1, 1))),
    ],
)
def test_periods_of_a_question(
    since: str | None, until: str | None, last: int | None, periods: tuple[date, date]
) -> None:
    assert query.period_range(Period.MONTH, since=since, until=until, last=last, today=TODAY) == periods


@pytest.mark.parametrize(
    ("since", "until", "last", "message"),
    [
        ("2021-01", None, 3, "not both"),
        ("2021-04", "2021-03", None, "not be later"),
        ("2001-01", "2021-03", None, "at most 120"),
        (None, None, 121, "from 1 to 120"),
    ],
)
def test_periods_that_cannot_be_answered(
    since: str | None, until: str | None, last: int | None, message: str
) -> None:
    with pytest.raises(InvalidInputError, match=message):
        query.period_range(Period.MONTH, since=since, until=until, last=last, today=TODAY)


def _question(period: Period, *by: Dimension) -> VolumeQuery:
    return VolumeQuery(period, TODAY.replace(day=1), TODAY.replace(day=1), Measure.CLOSED, by)


@pytest.mark.parametrize(
    ("by", "table"),
    [
        ((), "circular_fact"),
        ((Dimension.CARRIER, Dimension.ISSUE), "circular_fact"),
        ((Dimension.CHANNEL,), "channel_fact"),
        ((Dimension.PROVINCE,), "channel_fact"),
        ((Dimension.PROVINCE, Dimension.CARRIER), "monthly_fact"),
    ],
)
def test_the_smallest_table_that_holds_it_answers(by: tuple[Dimension, ...], table: str) -> None:
    assert query.fact_for(_question(Period.MONTH, *by)).name == table


@pytest.mark.parametrize(
    ("period", "by"),
    [(Period.DAY, (Dimension.CARRIER,)), (Period.YEAR, (Dimension.CARRIER, Dimension.CHANNEL))],
)
def test_a_combination_that_nobody_counts_is_refused_with_those_there_are(
    period: Period, by: tuple[Dimension, ...]
) -> None:
    with pytest.raises(NoSuchCombinationError, match=r"business \+ province \+ channel \+ level") as refused:
        query.fact_for(_question(period, *by))
    assert refused.value.status == 422
