"""A change marks the days on which the case counts, exactly where a figure reads what changed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.cases.effects import dirty_days
from services.rules.metrics import measures
from tests.services.case_rows import head

CLOSED = datetime(2026, 3, 20, 3, tzinfo=UTC)
CASE = head()


@pytest.mark.parametrize("column", sorted(measures.COUNTED_COLUMNS - set(measures.MOMENTS)))
def test_a_column_that_figures_read_marks_the_days_of_the_case(column: str) -> None:
    assert dirty_days.changed(CASE, {column: "x"}) == {date(2026, 3, 2)}


@pytest.mark.parametrize("columns", [{}, {"claimed_by": "C330100/li.na"}, {"forwarded_at": CLOSED}])
def test_another_column_marks_nothing(columns: dict[str, Any]) -> None:
    assert dirty_days.changed(CASE, columns) == set()


def test_a_moment_that_is_set_marks_its_own_day_too() -> None:
    assert dirty_days.changed(CASE, {"closed_at": CLOSED}) == {date(2026, 3, 2), date(2026, 3, 20)}
