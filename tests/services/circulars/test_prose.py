"""Figures are written as the circulars write them: one decimal, no `.0`."""

import pytest

from services.circulars import prose


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (42.2, "42.2"),
        (96.0, "96"),
        (0.0, "0"),
        (6.5, "6.5"),
        (100.0, "100"),
        (1234.1, "1234.1"),
        (0.3, "0.3"),
    ],
)
def test_a_figure_drops_point_nought(value: float, written: str) -> None:
    assert prose.plain(value) == written
