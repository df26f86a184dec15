"""The question for figures: periods, dimensions, filters, and the fact table that holds the answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Table

from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import Measure
from shared.errors import FieldError, InvalidInputError
from shared.models import figures


class Period(StrEnum):
    """Length of the civil periods that are counted."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_BY_MONTH = (figures.circular_fact, figures.channel_fact, figures.monthly_fact)
"""From the smallest to the largest: the first that holds every dimension answers."""
_BY_DAY = (figures.daily_fact,)

MOST_PERIODS: Mapping[Period, int] = {Period.DAY: 400, Period.MONTH: 120, Period.QUARTER: 40, Period.YEAR: 20}
LAST_BY_DEFAULT: Mapping[Period, int] = {Period.DAY: 30, Period.MONTH: 12, Period.QUARTER: 8, Period.YEAR: 5}
_MONTHS: Mapping[Period, int] = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
_NAMES: Mapping[Period, tuple[re.Pattern[str], str]] = {
    Period.DAY: (re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII), "2021-03-31"),
    Period.MONTH: (re.compile(r"(\d{4})-(\d{2})", re.ASCII), "2021-03"),
    Period.QUARTER: (re.compile(r"(\d{4})-Q([1-4])", re.ASCII), "2021-Q1"),
    Period.YEAR: (re.compile(r"(\d{4})", re.ASCII), "2021"),
}
_YEARS = range(1980, 2101)


class NoSuchCombinationError(InvalidInputError):
    """No fact table holds these dimensions together; the detail lists the combinations there are."""

    code = "no-such-combination"
    title = "These dimensions are not counted together"


@dataclass(frozen=True, slots=True)
class VolumeQuery:
    """A question for volumes: periods, measure, dimensions to group by, and filters."""

    period: Period
    first: date
    last: date
    basis: Measure = Measure.CLOSED
    by: tuple[Dimension, ...] = ()
    only: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)

    @property
    def identity(self) -> list[object]:
        """The question as plain values, the same for the same question."""
        only = {dimension.value: list(codes) for dimension, codes in self.only.items()}
        return [self.period, self.first, self.last, self.basis, list(self.by), only]

    @property
    def periods(self) -> list[date]:
        """First days of the periods of the question, in order."""
        days = [self.first]
        while days[-1] < self.last:
            days.append(shifted(self.period, days[-1], 1))
        return days


def _dimensions_of(table: Table) -> set[Dimension]:
    columns = {column.name for column in table.primary_key}
    return {dimension for dimension in Dimension if dimension.column in columns}


def fact_for(query: VolumeQuery) -> Table:
    """Return the smallest fact table that holds every dimension of a question.

    Raises NoSuchCombinationError.
    """
    needed = {*query.by, *query.only}
    tables = _BY_DAY if query.period is Period.DAY else _BY_MONTH
    for table in tables:
        if needed <= _dimensions_of(table):
            return table
    there = "; ".join(combinations(query.period))
    raise NoSuchCombinationError(
        f"By {query.period} the figures can be grouped and filtered by any of these together: {there}.",
        [FieldError("/query/by", "no-such-combination", f"choose dimensions out of one of: {there}")],
    )


def combinations(period: Period) -> list[str]:
    """Return the widest sets of dimensions that are counted together for a period."""
    sets = [_dimensions_of(table) for table in (_BY_DAY if period is Period.DAY else _BY_MONTH)]
    widest = [each for each in sets if not any(each < other for other in sets)]
    return [" + ".join(dimension for dimension in Dimension if dimension in each) for each in widest]


def shifted(period: Period, first: date, by: int) -> date:
    """Return the first day of the period `by` periods later."""
    if period is Period.DAY:
        return first + timedelta(days=by)
    months = first.year * 12 + first.month - 1 + by * _MONTHS[period]
    return date(months // 12, months % 12 + 1, 1)


def year_before(period: Period, first: date) -> date | None:
    """Return the first day of the same period of last year; None for 29 February."""
    if period is not Period.DAY:
        return first.replace(year=first.year - 1)
    try:
        return first.replace(year=first.year - 1)
    except ValueError:
        return None


def start_of(period: Period, day: date) -> date:
    """Return the first day of the period that holds a day."""
    if period is Period.DAY:
        return day
    length = _MONTHS[period]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def name_of(period: Period, first: date) -> str:
    """Return a period's name: 2021-03-31, 2021-03, 2021-Q1 or 2021."""
    if period is Period.QUARTER:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    return first.isoformat()[: {Period.DAY: 10, Period.MONTH: 7, Period.YEAR: 4}[period]]


def first_day_of(period: Period, name: str, *, parameter: str, place: str = "query") -> date:
    """Return the first day of the period with this name; `place`: where the parameter stands, query or path.

    Raises InvalidInputError that shows the form.
    """
    first = _read(period, name)
    if first is None:
        advice = f"name a {period} like {_NAMES[period][1]}, from {_YEARS[0]} to {_YEARS[-1]}"
        fault = FieldError(f"/{place}/{parameter}", "wrong-form", advice)
        raise InvalidInputError(f"`{parameter}` does not name a {period}: {advice}.", [fault])
    return first


def _read(period: Period, name: str) -> date | None:
    match = _NAMES[period][0].fullmatch(name)
    if match is None or int(match[1]) not in _YEARS:
        return None
    year, *rest = (int(number) for number in match.groups())
    month = rest[0] if rest else 1
    if period is Period.QUARTER:
        month = month * 3 - 2
    try:
        return date(year, month, rest[1] if period is Period.DAY else 1)
    except ValueError:
        return None


def period_range(
    period: Period, *, since: str | None, until: str | None, last: int | None, today: date
) -> tuple[date, date]:
    """Return the first and last period of a question. Without `since` the last n up to `until`, or up to now.

    Raises InvalidInputError for contradictions and for more periods than one answer may hold.
    """
    if since is not None and last is not None:
        raise _fault("last", "give `from` or `last`, not both")
    end = start_of(period, today) if until is None else first_day_of(period, until, parameter="to")
    count = LAST_BY_DEFAULT[period] if last is None else last
    if not 1 <= count <= MOST_PERIODS[period]:
        raise _fault("last", f"from 1 to {MOST_PERIODS[period]} for {period}")
    start = (
        shifted(period, end, 1 - count) if since is None else first_day_of(period, since, parameter="from")
    )
    if start > end:
        raise _fault("from", "`from` must not be later than `to`")
    if shifted(period, start, MOST_PERIODS[period]) <= end:
        raise _fault("from", f"at most {MOST_PERIODS[period]} periods of a {period} in one answer")
    return start, end


def _fault(parameter: str, advice: str) -> InvalidInputError:
    return InvalidInputError(
        f"The periods cannot be answered: {advice}.",
        [FieldError(f"/query/{parameter}", "periods-do-not-fit", advice)],
    )
