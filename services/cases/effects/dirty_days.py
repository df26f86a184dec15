"""On which civil days a case counts, so that a change of it marks the days whose figures it changes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from shared import clock

_COUNTED = ("received_at", "accepted_at", "closed_at")
"""The moments on whose days a case counts (`services.figures.recount`)."""
COUNTS_BY = frozenset(
    {
        "merged_into",
        "level",
        "province",
        "carrier_code",
        "accepted_at",
        "closed_at",
        "responsibility",
        "recovered_fen",
        "satisfied_administration",
        "satisfied_enterprise",
        "reply_overdue",
        "reply_untruthful",
    }
)
"""Columns that a figure counts or is told apart by."""


def changed(case: Any, columns: Mapping[str, Any]) -> set[date]:
    """Return the days whose figures change: all on which the case counts, if anything that is counted by does."""
    if not COUNTS_BY.intersection(columns):
        return set()
    moments = [getattr(case, name) for name in _COUNTED]
    moments += [columns[name] for name in _COUNTED if name in columns]
    return {clock.civil_day(moment) for moment in moments if isinstance(moment, datetime)}
