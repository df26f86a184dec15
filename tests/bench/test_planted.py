"""The planted year: the counts that it announces are the counts of its rows, whatever its size."""

from collections import Counter

import orjson
import pytest

from bench import planted
from bench.planted import Cell
from services.intake.filing import HistoricalFiling

TOTAL = 20_500


@pytest.fixture(scope="module")
def rows() -> list[bytes]:
    """Return all rows of a small year, part by part."""
    parts = -(-TOTAL // planted.PART)
    return [row for place in range(parts) for row in planted.part(place, TOTAL).split(b"\n")]


def test_every_cell_has_its_count_and_nothing_else_has_its_carrier_and_issue(rows: list[bytes]) -> None:
    counts: Counter[tuple[int, str, str, str]] = Counter()
    for row in map(orjson.loads, rows):
        if (row["carrier_code"], row["issue_code"]) in planted.pairs():
            province = row["dispute"]["region_code"][:2] + "0000"
            month = row["received_at"][5:7]
            assert row["outcome"]["closed_at"][5:7] == month
            counts[int(month), province, row["carrier_code"], row["issue_code"]] += 1
    cells = planted.cells(TOTAL)
    assert counts == {(cell.month, cell.province, cell.carrier, cell.issue): cell.count for cell in cells}
    assert len(cells) == 24


def test_the_months_have_their_counts_in_order_of_receipt(rows: list[bytes]) -> None:
    received = [orjson.loads(row)["received_at"] for row in rows]
    assert received == sorted(received)
    months = Counter(int(moment[5:7]) for moment in received)
    assert months == {month: planted.received_in(month, TOTAL) for month in range(1, 13)}
    assert len(rows) == TOTAL


def test_no_two_rows_are_the_same_complaint(rows: list[bytes]) -> None:
    read = [orjson.loads(row) for row in rows]
    assert len({row["external_ref"] for row in read}) == TOTAL
    assert len({row["item"]["waybill"] for row in read}) == TOTAL


def test_a_row_is_a_closed_complaint(rows: list[bytes]) -> None:
    for row in rows[::500]:
        filing = HistoricalFiling.model_validate_json(row)
        assert filing.received_at < filing.outcome.closed_at


def test_a_part_is_the_same_whoever_makes_it_and_another_size_is_another_year() -> None:
    assert planted.part(3, TOTAL) == planted.part(3, TOTAL)
    assert planted.cells(TOTAL) != planted.cells(TOTAL + 1)


def test_a_place_of_no_cell_is_not_planted() -> None:
    cells = [planted.cell_of(serial, TOTAL) for serial in range(TOTAL)]
    assert Counter(cell for cell in cells if cell is not None) == {
        cell: cell.count for cell in planted.cells(TOTAL) if cell.count
    }
    assert cells.count(None) > TOTAL * 0.9
    assert all(isinstance(cell, Cell | None) for cell in cells)
