"""Layers: those of the import contracts, each with the docstring of its package, as the page shows them."""

import pytest

from ops.description import layers


def test_every_layer_is_a_package_with_a_meaning_and_a_place() -> None:
    entries = {entry.name: entry for entry in layers.layers()}
    assert {"shared", "services", "intake_api", "services.views", "services.audit"} <= entries.keys()
    assert all(entry.meaning for entry in entries.values())
    # an import goes down only: what stands above has the smaller number
    numbers = {name: int(entry.details["layer"].split()[-1]) for name, entry in entries.items()}
    assert numbers["intake_api"] < numbers["services"] < numbers["shared"]
    assert numbers["services.views"] < numbers["services.cases"] < numbers["services.audit"]


def test_the_table_has_a_row_for_each_layer() -> None:
    rows = layers.markdown().splitlines()[2:]
    assert len(rows) == len(layers.layers())
    assert all(row.count("|") == 4 for row in rows)


def test_a_page_is_drawn_anew_between_its_markers_and_nowhere_else() -> None:
    page = f"before\n{layers.BEGIN}\nold\n{layers.END}\nafter\n"
    drawn = layers.drawn(page)
    assert drawn == f"before\n{layers.BEGIN}\n{layers.markdown()}\n{layers.END}\nafter\n"
    assert layers.drawn(drawn) == drawn


@pytest.mark.parametrize("page", ["", layers.BEGIN, layers.END])
def test_a_page_without_its_markers_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="needs the markers"):
        layers.drawn(page)


def test_the_page_of_the_architecture_is_that_of_today() -> None:
    page = layers.PAGE.read_text(encoding="utf-8")
    assert layers.drawn(page) == page
