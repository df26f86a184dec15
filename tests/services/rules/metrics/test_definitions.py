"""Every figure is defined: in two languages, with formula, unit and denominator."""

import pytest

from services.rules.metrics import definitions
from services.rules.metrics.definitions import METRICS
from services.rules.metrics.measures import Measure


def test_every_figure_is_defined_in_two_languages() -> None:
    assert len(METRICS) == len(definitions._ALL)
    for code, metric in METRICS.items():
        assert metric.code == code
        assert metric.zh
        assert metric.en
        assert metric.formula
        assert metric.rounding == "ROUND_HALF_UP"
        assert (metric.denominator is not None) == (metric.unit == "percent")


def test_every_measure_has_its_definition() -> None:
    assert METRICS.keys() >= set(Measure)


@pytest.mark.parametrize(
    ("code", "formula"),
    [
        ("received", "number of cases, received_at within the period"),
        ("valid", "number of cases, closed_at within the period and responsibility = ENTERPRISE"),
        ("reply_overdue", "number of cases, closed_at within the period and reply_overdue"),
        ("recovered_fen", "sum of recovered_fen, closed_at within the period"),
        ("valid_ratio", "100 × valid ÷ closed"),
    ],
)
def test_formulas(code: str, formula: str) -> None:
    assert METRICS[code].formula == formula
