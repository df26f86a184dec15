"""Statements that recount facts from the cases: one a grain, set-based, for any number of periods.

A statement replaces the periods it is given, but writes only the cells that differ: most refreshes change a
few cells of the present month.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Table

from shared.models import figures

PERIODS = "unnest($1::date[], $2::timestamptz[], $3::timestamptz[]) AS span(period, start, stop)"
_VALID = "c.responsibility = 'ENTERPRISE'"
_COUNTS = "c.status <> 'MERGED'"
"""One dispute counts once: a case that is handled with another one is counted there (66号文 on repeated demands)."""
_STAGES: dict[str, dict[str, str]] = {
    "received_at": {"received": "count(*)::int"},
    "accepted_at": {"accepted": "count(*)::int"},
    "closed_at": {
        "closed": "count(*)::int",
        # rulebook 2: valid (有效申诉) if and only if the enterprise bears the responsibility;
        # rulebook 6: satisfaction is counted among the valid
        "valid": f"count(*) FILTER (WHERE {_VALID})::int",
        "satisfied_administration": f"count(*) FILTER (WHERE {_VALID} AND c.satisfied_administration)::int",
        "satisfied_enterprise": f"count(*) FILTER (WHERE {_VALID} AND c.satisfied_enterprise)::int",
        "reply_overdue": "count(*) FILTER (WHERE c.reply_overdue)::int",
        "reply_untruthful": "count(*) FILTER (WHERE c.reply_untruthful)::int",
        "recovered_fen": "sum(c.recovered_fen)::bigint",
    },
}
"""Each measure counts on the day of its own event: the moment that the stage is named by."""

_SUMS = ", ".join(f"sum({measure})::bigint AS {measure}" for measure in figures.MEASURES)


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
        + ", ".join(f"{measures.get(measure, '0')} AS {measure}" for measure in figures.MEASURES)
        + f" FROM {PERIODS} JOIN complaint c ON c.{moment} >= span.start AND c.{moment} < span.stop"
        + f" AND {_COUNTS}"
        + f" GROUP BY {places}"
        for moment, measures in _STAGES.items()
    ]
    keys = ", ".join((period, *dimensions))
    return f"SELECT {keys}, {_SUMS} FROM ({' UNION ALL '.join(stages)}) stage GROUP BY {keys}"  # noqa: S608 - as above


def _replaced(table: Table, fresh: str) -> str:
    """Return the CTEs that make a fact table's periods ($1) equal to `fresh`, touching only what differs."""
    name = table.name
    keys = [column.name for column in table.primary_key]
    key_list = ", ".join(keys)
    everything = ", ".join((*keys, *figures.MEASURES))
    same_key = " AND ".join(f"f.{key} = t.{key}" for key in keys)
    renewed = ", ".join(f"{measure} = EXCLUDED.{measure}" for measure in figures.MEASURES)
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
