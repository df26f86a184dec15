"""The typed rows of a case have the columns of the table, no more and no fewer, and build what a statement selected."""

import dataclasses
import types
import typing

import pytest

from services.cases import case_row
from services.cases.case_row import CaseHead, CaseRow
from services.deadlines.watchdog import DwellingCase
from services.routing.gathering import RoutedCase
from services.surges.warning import RaisedCase
from shared.models.cases import complaint

JOINED = {DwellingCase: {"stay"}, RaisedCase: {"surge_id", "surge_kind"}, RoutedCase: {"waybill_index"}}
"""What a batch reads from elsewhere than the row of the case."""


def test_a_row_has_every_column_of_the_table_and_the_moment() -> None:
    assert set(case_row.names(CaseRow)) == {*complaint.c.keys(), "moment"}
    assert len(case_row.names(CaseRow)) == len(complaint.c) + 1


def test_a_column_that_may_be_empty_is_typed_so() -> None:
    hints = typing.get_type_hints(CaseRow)
    for column in complaint.c:
        hint = hints[column.name]
        assert (
            isinstance(hint, types.UnionType) and type(None) in typing.get_args(hint)
        ) is column.nullable, column.name


@pytest.mark.parametrize("row_type", [CaseHead, DwellingCase, RaisedCase, RoutedCase])
def test_what_a_batch_reads_is_typed_as_in_the_whole_row(row_type: type[CaseHead]) -> None:
    whole, part = typing.get_type_hints(CaseRow), typing.get_type_hints(row_type)
    for name in set(part) - JOINED.get(row_type, set()):
        assert part[name] == whole[name], name


def test_a_statement_and_its_rows_have_one_order() -> None:
    assert case_row.sql(CaseHead).startswith("c.bucket, c.id, c.number, c.kind, ")
    assert case_row.sql(CaseHead).endswith("c.hotline_orders, clock_timestamp() AS moment")
    assert case_row.sql(RoutedCase, waybill_index="p.waybill_index").endswith(
        ", p.waybill_index AS waybill_index"
    )
    assert [column.name for column in case_row.columns(CaseHead)] == list(case_row.names(CaseHead))
    (row,) = case_row.build(CaseHead, [tuple(range(len(case_row.names(CaseHead))))])
    assert dataclasses.astuple(row) == tuple(range(len(case_row.names(CaseHead))))
