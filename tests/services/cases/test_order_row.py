"""The typed row of an order has the columns of its table, and knows which of them may be empty."""

import types
import typing

from services.cases import order_row
from services.cases.order_row import OrderRow
from shared.models.work_orders import hotline_order


def test_a_row_has_every_column_of_the_table_in_one_order_with_the_statement() -> None:
    assert set(OrderRow.__slots__) == set(hotline_order.c.keys())
    assert order_row.SELECT.selected_columns.keys() == list(OrderRow.__slots__)


def test_a_column_that_may_be_empty_is_typed_so() -> None:
    hints = typing.get_type_hints(OrderRow)
    for column in hotline_order.c:
        hint = hints[column.name]
        assert (
            isinstance(hint, types.UnionType) and type(None) in typing.get_args(hint)
        ) is column.nullable, column.name
