"""Volumes: complaints in each period, grouped by the dimensions of the question, with shares and changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, TypeVar

from pydantic import Field, create_model
from sqlalchemy import ColumnElement, Date, Table, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.figures import definitions, names, query, state
from services.figures.definitions import Figure, FigureEnvelope
from services.figures.query import Period, VolumeQuery
from services.rules.metrics import rounding
from services.rules.metrics.dimensions import BY_NAME, Dimension
from shared.database import Database
from shared.errors import FieldError, InvalidInputError

MOST_CELLS = 50_000
"""More than this in one answer is an export, not a figure."""

RowT = TypeVar("RowT", bound="VolumeTotal")
Counts = dict[date, dict[tuple[str, ...], int]]


class AnswerTooLargeError(InvalidInputError):
    """The question has more cells than one answer may hold."""

    code = "answer-too-large"
    title = "The answer would be too large"


class VolumeTotal(Figure):
    """All cases of a period."""

    period: str
    count: int
    period_on_period: float | None = Field(description="Change in percent from the period before.")
    year_on_year: float | None = Field(description="Change in percent from the same period of last year.")


def _with_dimensions(model: type[RowT]) -> type[RowT]:
    """Add to a row the code of each dimension of the registry; only those of the question are set."""
    codes: dict[str, Any] = {
        dimension.value: (
            str | None,
            Field(default=None, description=f"{dimension.zh}; null: none was given."),
        )
        for dimension in Dimension
    }
    return create_model(model.__name__, __base__=model, __doc__=model.__doc__, __module__=__name__, **codes)


@_with_dimensions
class VolumeRow(VolumeTotal):
    """One cell: a period and one code of each dimension of the question."""

    share: float | None = Field(description="Part of the period's total, in percent.")


class Volume(FigureEnvelope):
    """Counts by period and dimensions."""

    period: Period
    since: str = Field(serialization_alias="from", description="First period.")
    until: str = Field(serialization_alias="to", description="Last period.")
    by: list[Dimension]
    filters: dict[str, list[str]]
    names: dict[str, dict[str, str]] = Field(description="Name of each code, by dimension.")
    totals: list[VolumeTotal]
    rows: list[VolumeRow]


async def volume(db: Database, question: VolumeQuery) -> Volume:
    """Return counts of the measure by period and dimensions.

    Reads facts only; its time does not grow with the number of cases.

    Percentages are rounded half up to one decimal; null where there is nothing to compare with. Cells without
    a case in a period are left out of `rows`; `totals` has every period. Raises NoSuchCombinationError,
    AnswerTooLargeError, InvalidInputError.
    """
    table = query.fact_for(question)
    async with db.transaction() as connection:
        facts = await state.hold_still(connection)
        code_names = await names.of(connection, (*question.by, *question.only))
        names.check_filters(question, code_names)
        counts = _indexed(await _cells(connection, table, question))
    return Volume(
        figure="volume",
        basis=question.basis,
        unit=definitions.unit(question.basis),
        version=facts.version,
        as_of=definitions.as_of(facts),
        suppressed=[],
        definition=definitions.by_code(question.basis, ("share", "period_on_period", "year_on_year")),
        period=question.period,
        since=query.name_of(question.period, question.first),
        until=query.name_of(question.period, question.last),
        by=list(question.by),
        filters={dimension.value: list(codes) for dimension, codes in question.only.items()},
        names={
            dimension.value: _present(counts, place, code_names[dimension])
            for place, dimension in enumerate(question.by)
        },
        totals=_totals(question, counts),
        rows=_rows(question, counts) if question.by else [],
    )


def _bucket(table: Table, period: Period) -> ColumnElement[date]:
    start = table.primary_key.columns.values()[0]
    if period in {Period.QUARTER, Period.YEAR}:
        return cast(func.date_trunc(period.value, start), Date)
    return start


async def _cells(connection: AsyncConnection, table: Table, question: VolumeQuery) -> Sequence[Sequence[Any]]:
    """Return (period, count, codes…) of the periods asked for, before them, and last year: one statement."""
    start = table.primary_key.columns.values()[0]
    bucket, total = _bucket(table, question.period), func.sum(table.c[question.basis.value])
    columns = [table.c[dimension.column] for dimension in question.by]
    spans = [and_(start >= first, start < after) for first, after in _spans(question)]
    only = [table.c[dimension.column].in_(codes) for dimension, codes in question.only.items()]
    statement = (
        select(bucket.label("period"), total.label("count"), *columns)
        .where(or_(*spans), *only)
        .group_by(bucket, *columns)
        .having(total > 0)
        .limit(MOST_CELLS + 1)
    )
    rows = (await connection.execute(statement)).all()
    if len(rows) > MOST_CELLS:
        raise AnswerTooLargeError(
            f"The answer has more than {MOST_CELLS} cells: ask for fewer periods or dimensions, or filter."
        )
    return rows


def _spans(question: VolumeQuery) -> list[tuple[date, date]]:
    """Return the ranges to read: from the period before the first to the last, and the same of last year."""
    before = query.shifted(question.period, question.first, -1)
    after = query.shifted(question.period, question.last, 1)
    # Whole months a year back, which always exist; 29 February does not.
    year_from = question.first.replace(year=question.first.year - 1, day=1)
    year_to = query.shifted(Period.MONTH, after.replace(year=after.year - 1, day=1), 1)
    return [(before, after), (year_from, year_to)]


def _indexed(rows: Sequence[Sequence[Any]]) -> Counts:
    counts: Counts = defaultdict(dict)
    for period, count, *codes in rows:
        counts[period][tuple(codes)] = int(count)
    return counts


def _present(counts: Counts, place: int, code_names: Mapping[str, str]) -> dict[str, str]:
    codes = {key[place] for cells in counts.values() for key in cells}
    return {code: code_names[code] for code in sorted(codes) if code in code_names}


class _Changes(TypedDict):
    period_on_period: float | None
    year_on_year: float | None


def _changes(question: VolumeQuery, counts: Mapping[date, int], first: date) -> _Changes:
    now = counts.get(first, 0)
    last_year = query.year_before(question.period, first)
    before_year = None if last_year is None else counts.get(last_year)
    before = counts.get(query.shifted(question.period, first, -1))
    return {
        "period_on_period": definitions.as_number(rounding.change(now, before)),
        "year_on_year": definitions.as_number(rounding.change(now, before_year)),
    }


def _totals(question: VolumeQuery, counts: Counts) -> list[VolumeTotal]:
    sums = {period: sum(cells.values()) for period, cells in counts.items()}
    return [
        VolumeTotal(
            period=query.name_of(question.period, first),
            count=sums.get(first, 0),
            **_changes(question, sums, first),
        )
        for first in question.periods
    ]


def _rows(question: VolumeQuery, counts: Counts) -> list[VolumeRow]:
    by_cell: dict[tuple[str, ...], dict[date, int]] = defaultdict(dict)
    for period, cells in counts.items():
        for codes, count in cells.items():
            by_cell[codes][period] = count
    rows = []
    for first in question.periods:
        total = sum(counts.get(first, {}).values())
        for codes, count in sorted(counts.get(first, {}).items(), key=_largest_first):
            # the fields of the dimensions are of the registry
            cell = {
                "period": query.name_of(question.period, first),
                **{dimension.value: code or None for dimension, code in zip(question.by, codes, strict=True)},
                "count": count,
                "share": definitions.as_number(rounding.share(count, total)),
                **_changes(question, by_cell[codes], first),
            }
            rows.append(VolumeRow.model_validate(cell))
    return rows


def _largest_first(cell: tuple[tuple[str, ...], int]) -> tuple[int, tuple[str, ...]]:
    return -cell[1], cell[0]


def dimensions(text: str) -> tuple[Dimension, ...]:
    """Read `business,carrier` as dimensions. Raises InvalidInputError that lists those there are."""
    try:
        return tuple(dict.fromkeys(BY_NAME[part.strip()] for part in text.split(",") if part.strip()))
    except KeyError:
        there = ", ".join(Dimension)
        fault = FieldError("/query/by", "unknown-value", f"send, separated by commas, any of {there}")
        raise InvalidInputError(f"`by` takes, separated by commas: {there}.", [fault]) from None
