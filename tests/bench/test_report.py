"""Budgets: of a value, of a ratio to a limit, and of one or the other."""

import pytest

from bench import report
from bench.report import Line


@pytest.mark.parametrize(
    ("value", "limit", "met"), [(10_000, 100_000, True), (4_000, 10_000, True), (3_999, 10_000, False)]
)
def test_a_budget_may_be_met_by_the_ratio_or_by_the_value(value: float, limit: float, *, met: bool) -> None:
    budget = report.at_least(0.4, "≥ 40 %, or ≥ 10,000/s", or_value=10_000)
    assert Line("rate", value, "/s", limit, budget).met is met


def test_a_budget_of_a_value_without_a_limit() -> None:
    assert Line("seconds", 3, "s", budget=report.at_most(2, "≤ 2 s")).met is False
    assert Line("seconds", 3, "s", 2, report.at_most(2, "≤ 2 × COPY")).met is True
    assert Line("seconds", 3, "s").met is None
