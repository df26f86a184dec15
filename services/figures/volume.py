"""Volumes: complaints in each period, told apart by what the asker chooses, with shares and changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Date, Table, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.figures import definitions, names, query, state
from services.figures.query import Dimension, Period, VolumeQuery
from services.rules import metrics
from shared.database import Database
from shared.errors import InvalidInputError

MOST_CELLS = 50_000
"""More than this in one answer is an export, not a figure."""

Counts = dict[date, dict[tuple[str, ...], int]]


class AnswerTooLargeError(InvalidInputError):
    """The question has more cells than one answer may hold."""

    code = "answer-too-large"
    title = "The answer would be too large"


async def volume(db: Database, asked: VolumeQuery) -> dict[str, Any]:
    """Return counts of the chosen event by period and dimensions.

    Reads facts only; its time does not grow with the number of cases.

    Percentages are rounded half up to one decimal; null where there is nothing to compare with. Cells without
    a case in a period are left out of `rows`; `totals` has every period. Raises NoSuchCombinationError,
    AnswerTooLargeError, InvalidInputError.
    """
    table = query.fact_for(asked)
    async with db.transaction() as connection:
        seen = await state.hold_still(connection)
        called = await names.of(connection, (*asked.by, *asked.only))
        names.check_filters(asked, called)
        counts = _indexed(await _cells(connection, table, asked))
    keys = ("share", "month_on_month", "year_on_year")
    return {
        "figure": "volume",
        **definitions.envelope(seen, asked.basis, keys),
        "period": asked.period,
        "from": query.name_of(asked.period, asked.first),
        "to": query.name_of(asked.period, asked.last),
        "by": list(asked.by),
        "filters": {dimension.value: list(codes) for dimension, codes in asked.only.items()},
        "names": {
            dimension.value: _present(counts, place, called[dimension])
            for place, dimension in enumerate(asked.by)
        },
        "totals": _totals(asked, counts),
        "rows": _rows(asked, counts) if asked.by else [],
    }


def _bucket(table: Table, period: Period) -> ColumnElement[date]:
    start = table.primary_key.columns.values()[0]
    if period in {Period.QUARTER, Period.YEAR}:
        return cast(func.date_trunc(period.value, start), Date)
    return start


async def _cells(connection: AsyncConnection, table: Table, asked: VolumeQuery) -> Sequence[Sequence[Any]]:
    """Return (period, count, codes…) of the periods asked for, before them, and last year: one statement."""
    start = table.primary_key.columns.values()[0]
    bucket, total = _bucket(table, asked.period), func.sum(table.c[asked.basis.value])
    columns = [table.c[query.COLUMNS[dimension]] for dimension in asked.by]
    spans = [and_(start >= first, start < after) for first, after in _spans(asked)]
    only = [table.c[query.COLUMNS[dimension]].in_(codes) for dimension, codes in asked.only.items()]
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


def _spans(asked: VolumeQuery) -> list[tuple[date, date]]:
    """Return the ranges to read: from the period before the first to the last, and the same of last year."""
    before = query.shifted(asked.period, asked.first, -1)
    after = query.shifted(asked.period, asked.last, 1)
    # Whole months a year back, which always exist; 29 February does not.
    year_from = asked.first.replace(year=asked.first.year - 1, day=1)
    year_to = query.shifted(Period.MONTH, after.replace(year=after.year - 1, day=1), 1)
    return [(before, after), (year_from, year_to)]


def _indexed(rows: Sequence[Sequence[Any]]) -> Counts:
    counts: Counts = defaultdict(dict)
    for period, count, *codes in rows:
        counts[period][tuple(codes)] = int(count)
    return counts


def _present(counts: Counts, place: int, called: Mapping[str, str]) -> dict[str, str]:
    codes = {key[place] for cells in counts.values() for key in cells}
    return {code: called[code] for code in sorted(codes) if code in called}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _changes(asked: VolumeQuery, counts: Mapping[date, int], first: date) -> dict[str, float | None]:
    now = counts.get(first, 0)
    last_year = query.year_before(asked.period, first)
    before_year = None if last_year is None else counts.get(last_year)
    before = counts.get(query.shifted(asked.period, first, -1))
    return {
        "period_on_period": _number(metrics.change(now, before)),
        "year_on_year": _number(metrics.change(now, before_year)),
    }


def _totals(asked: VolumeQuery, counts: Counts) -> list[dict[str, Any]]:
    sums = {period: sum(cells.values()) for period, cells in counts.items()}
    return [
        {
            "period": query.name_of(asked.period, first),
            "count": sums.get(first, 0),
            **_changes(asked, sums, first),
        }
        for first in asked.periods
    ]


def _rows(asked: VolumeQuery, counts: Counts) -> list[dict[str, Any]]:
    by_cell: dict[tuple[str, ...], dict[date, int]] = defaultdict(dict)
    for period, cells in counts.items():
        for codes, count in cells.items():
            by_cell[codes][period] = count
    rows = []
    for first in asked.periods:
        total = sum(counts.get(first, {}).values())
        for codes, count in sorted(counts.get(first, {}).items(), key=_largest_first):
            rows.append(
                {
                    "period": query.name_of(asked.period, first),
                    **{
                        dimension.value: code or None for dimension, code in zip(asked.by, codes, strict=True)
                    },
                    "count": count,
                    "share": _number(metrics.share(count, total)),
                    **_changes(asked, by_cell[codes], first),
                }
            )
    return rows


def _largest_first(cell: tuple[tuple[str, ...], int]) -> tuple[int, tuple[str, ...]]:
    return -cell[1], cell[0]


def dimensions(text: str) -> tuple[Dimension, ...]:
    """Read `business,carrier` as dimensions. Raises InvalidInputError that lists those there are."""
    try:
        return tuple(dict.fromkeys(Dimension(part.strip()) for part in text.split(",") if part.strip()))
    except ValueError:
        there = ", ".join(Dimension)
        raise InvalidInputError(f"`by` takes, separated by commas: {there}.") from None
