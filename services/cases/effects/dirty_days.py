"""On which civil days a case counts, so that a change of it marks the days whose figures it changes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.rules.metrics import measures
from shared import clock


def changed(case: Any, columns: Mapping[str, Any]) -> set[date]:
    """Return the days whose figures change: all on which the case counts, if a column that figures read changes."""
    if measures.COUNTED_COLUMNS.isdisjoint(columns):
        return set()
    moments = [getattr(case, name) for name in measures.MOMENTS]
    moments += [columns[name] for name in measures.MOMENTS if name in columns]
    return {clock.civil_day(moment) for moment in moments if isinstance(moment, datetime)}
