"""The cells of reference files: each is read as what it must be, or refused with words that say so."""

from datetime import date
from typing import Any

import pytest

from services.reference.specs import FILES, FileSpec
from shared.models.base import metadata

BY_TABLE = {spec.table: spec for spec in FILES}


def _read(table: str, column: str, cell: str) -> Any:
    return BY_TABLE[table].columns[column](cell)


@pytest.mark.parametrize("spec", FILES, ids=lambda spec: spec.file)
def test_a_file_has_the_columns_of_its_table_and_the_key_is_among_them(spec: FileSpec) -> None:
    table = metadata.tables[spec.table]
    assert spec.columns.keys() <= set(table.c.keys())
    assert set(spec.key) <= spec.columns.keys()
    assert {column.name for column in table.primary_key} <= spec.columns.keys()


@pytest.mark.parametrize(
    ("table", "column", "cell", "value"),
    [
        ("region", "code", "330106", "330106"),
        ("region", "parent", "", None),
        ("region", "valid_from", "1985", 1985),
        ("bureau", "city_handles", "true", True),
        ("bureau", "auto_admit", "false", False),
        ("bureau", "working_hours", "08:30-17:30 on working days", "08:30-17:30 on working days"),
        ("carrier", "business", "BOTH", "BOTH"),
        ("waybill_pattern", "pattern", r"75\d{12}", r"75\d{12}"),
        ("deadline_rule", "amount", "30", 30),
        # of all regions
        ("deadline_rule", "region", "", ""),
        ("workday", "day", "2026-02-17", date(2026, 2, 17)),
    ],
)
def test_a_good_cell(table: str, column: str, cell: str, value: object) -> None:
    assert _read(table, column, cell) == value


@pytest.mark.parametrize(
    ("table", "column", "cell", "message"),
    [
        ("region", "code", "33010", "six digits"),
        ("region", "code", "３３０１０６", "six digits"),
        ("region", "code", "330106\n", "six digits"),
        ("region", "name", "", "not be empty"),
        ("region", "valid_from", "1948", "a year"),
        ("bureau", "code", "c330100", "capitals"),
        ("bureau", "city_handles", "True", "true, false"),
        ("bureau", "working_hours", "8-17", "must read like"),
        ("carrier", "business", "AIR", "one of"),
        ("waybill_pattern", "pattern", "75(", "no regular expression"),
        ("deadline_rule", "amount", "0", "above zero"),
        ("deadline_rule", "amount", "-1", "above zero"),
        ("deadline_rule", "amount", "1.5", "above zero"),
        ("deadline_rule", "amount", "٣", "above zero"),
        ("deadline_rule", "amount", str(2**31), "above zero"),
        ("deadline_rule", "unit", "week", "one of"),
        ("workday", "day", "2026-02-29", "YYYY-MM-DD"),
        ("workday", "day", "17.02.2026", "YYYY-MM-DD"),
        ("workday", "day", "20260217", "YYYY-MM-DD"),
        ("workday", "day", "2026-W08-2", "YYYY-MM-DD"),
    ],
)
def test_a_cell_that_is_refused_says_what_it_must_be(
    table: str, column: str, cell: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        _read(table, column, cell)
