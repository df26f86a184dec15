"""On which civil days a case counts, so that a change of it marks the days whose figures it changes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from services.cases.case_row import CaseHead
from services.cases.changes import WorkerContext
from services.cases.planned_case import PlannedCase
from services.rules.metrics import measures
from shared import bulk, clock


def follow(cases: Sequence[PlannedCase], _context: WorkerContext) -> Sequence[bulk.Part]:
    """Add the days whose figures change to those of the cases; the writer of the cases marks them."""
    for planned in cases:
        planned.days |= changed(planned.case, planned.columns)
    return ()


def changed(case: CaseHead, columns: Mapping[str, object]) -> set[date]:
    """Return the days whose figures change: all on which the case counts, if a column that figures read changes."""
    if measures.COUNTED_COLUMNS.isdisjoint(columns):
        return set()
    moments = [getattr(case, name) for name in measures.MOMENTS]
    moments += [columns[name] for name in measures.MOMENTS if name in columns]
    return {clock.civil_day(moment) for moment in moments if isinstance(moment, datetime)}
