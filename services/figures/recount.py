"""Statements that recount facts from the cases: one a grain, set-based, for any number of periods.

A statement replaces the periods it is given, but writes only the cells that differ: most refreshes change a
few cells of the present month.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Table

from services.rules.metrics import measures
from services.rules.metrics.measures import Measure
from shared.models import figures

PERIODS = "unnest($1::date[], $2::timestamptz[], $3::timestamptz[]) AS span(period, start, stop)"
_COUNTS = f"c.status <> '{measures.MERGED_STATUS}'"


def _aggregate(measure: Measure) -> str:
    """Return how a measure is counted from the cases of its moment."""
    conditions = " AND ".join(
        f"c.{column}" if value is True else f"c.{column} = '{value}'"
        for column, value in measure.where.items()
    )
    cases = f" FILTER (WHERE {conditions})" if conditions else ""
    return f"sum(c.{measure.sum_of}){cases}::bigint" if measure.sum_of else f"count(*){cases}::int"


_SUMS = ", ".join(f"sum({measure})::bigint AS {measure}" for measure in Measure)


def _counted(period: str, dimensions: Sequence[str]) -> str:
    """Return the recount at a grain: one range of each moment's index for each period."""
    columns = ", ".join(
        "COALESCE(c.issue_detail_code, '') AS issue_detail_code"
        if name == "issue_detail_code"
        else f"c.{name}"
        for name in dimensions
    )
    places = ", ".join(str(place) for place in range(1, len(dimensions) + 2))
    stages = [
        f"SELECT span.period AS {period}, {columns}, "  # noqa: S608 - names of our own tables
        + ", ".join(
            f"{_aggregate(measure) if measure.moment == moment else '0'} AS {measure}" for measure in Measure
        )
        + f" FROM {PERIODS} JOIN complaint c ON c.{moment} >= span.start AND c.{moment} < span.stop"
        + f" AND {_COUNTS}"
        + f" GROUP BY {places}"
        for moment in measures.MOMENTS
    ]
    keys = ", ".join((period, *dimensions))
    return f"SELECT {keys}, {_SUMS} FROM ({' UNION ALL '.join(stages)}) stage GROUP BY {keys}"  # noqa: S608 - as above


def _replaced(table: Table, fresh: str) -> str:
    """Return the CTEs that make a fact table's periods ($1) equal to `fresh`, touching only what differs."""
    name = table.name
    keys = [column.name for column in table.primary_key]
    key_list = ", ".join(keys)
    everything = ", ".join((*keys, *Measure))
    same_key = " AND ".join(f"f.{key} = t.{key}" for key in keys)
    renewed = ", ".join(f"{measure} = EXCLUDED.{measure}" for measure in Measure)
    period = keys[0]
    return f"""
    {name}_gone AS (
        DELETE FROM {name} t
        WHERE t.{period} = ANY ($1) AND NOT EXISTS (SELECT FROM {fresh} f WHERE {same_key})
    ),
    {name}_put AS (
        INSERT INTO {name} ({everything})
        SELECT {everything} FROM {fresh} EXCEPT SELECT {everything} FROM {name} WHERE {period} = ANY ($1)
        ON CONFLICT ({key_list}) DO UPDATE SET {renewed}
    )"""  # noqa: S608 - names of our own tables


def _recounted(table: Table) -> str:
    period, *dimensions = (column.name for column in table.primary_key)
    return f"WITH cell AS MATERIALIZED ({_counted(period, dimensions)}),{_replaced(table, 'cell')} SELECT"


def _summed(table: Table, finer: Table) -> str:
    finer_period = finer.primary_key.columns.values()[0].name
    period, *dimensions = (column.name for column in table.primary_key)
    keys = ", ".join(dimensions)
    cell = (
        f"SELECT span.period AS {period}, {keys}, {_SUMS} "  # noqa: S608 - names of our own tables
        "FROM unnest($1::date[], $2::date[]) AS span(period, stop) "
        f"JOIN {finer.name} f ON f.{finer_period} >= span.period AND f.{finer_period} < span.stop "
        f"GROUP BY span.period, {keys}"
    )
    return f"WITH cell AS MATERIALIZED ({cell}),{_replaced(table, 'cell')} SELECT"


@cache
def from_cases() -> Mapping[str, str]:
    """Return the statements that read cases, by period (day, month).

    Parameters: periods, starts, stops (arrays).
    """
    return {"day": _recounted(figures.daily_fact), "month": _recounted(figures.monthly_fact)}


@cache
def from_facts() -> tuple[str, ...]:
    """Return the statements that sum finer facts, recounted before, to smaller ones.

    Parameters: months, months after (arrays).
    """
    return (
        _summed(figures.channel_fact, figures.daily_fact),
        _summed(figures.circular_fact, figures.monthly_fact),
    )
