"""`docs/architecture.md`: its table of layers is the one of the import contracts, and the page stays one page."""

import pytest

from ops.description import layers

PAGE = layers.PAGE.read_text(encoding="utf-8")


def test_the_table_of_layers_is_drawn_from_the_contracts() -> None:
    assert layers.drawn(PAGE) == PAGE, "run `python -m ops describe --layers --write`"


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the markers"):
        layers.drawn("# Architecture")


def test_the_page_stays_one_page() -> None:
    assert len(PAGE.splitlines()) <= 120


def test_every_loop_of_the_picture_is_a_loop_of_the_worker() -> None:
    picture = PAGE.split("```")[1]
    assert all(
        loop in picture
        for loop in (
            "drain",
            "deadlines",
            "recalculation",
            "watchdog",
            "surges",
            "interim",
            "deliveries",
            "figures",
        )
    )
