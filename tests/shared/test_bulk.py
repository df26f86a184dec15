"""Writing by sets: any number of rows in one statement, arrays and JSON as they are, and the guard of an update."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared import bulk
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
PARCEL = Table(
    "parcel",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("state", Text),
    Column("marks", ARRAY(Text)),
    Column("data", JSONB),
)
ROWS: list[dict[str, Any]] = [
    {"id": 1, "state": "SENT", "marks": bulk.array_literal(["A", "B"]), "data": '{"x": [1, null]}'},
    {"id": 2, "state": None, "marks": bulk.array_literal([]), "data": "null"},
]
INSERT = bulk.into(PARCEL, ("id", "state", "marks", "data"))


@pytest.fixture
def within(db: Database, run: Run) -> Callable[[Callable[[AsyncConnection], Coroutine[Any, Any, Any]]], Any]:
    """Return a function that runs a step in a transaction which has a table of parcels and of their labels."""

    async def _step(step: Callable[[AsyncConnection], Coroutine[Any, Any, Any]]) -> Any:
        async with db.transaction() as connection:
            for table in (
                "parcel (id int PRIMARY KEY, state text, marks text[], data jsonb)",
                "label (parcel_id int REFERENCES parcel)",
            ):
                await connection.execute(text(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP"))
            return await step(connection)

    return lambda step: run(_step(step))


async def _parcels(connection: AsyncConnection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await connection.execute(PARCEL.select().order_by(PARCEL.c.id))]


def test_rows_are_stored_with_their_arrays_and_json(within: Callable[..., Any]) -> None:
    async def _insert(connection: AsyncConnection) -> Any:
        await INSERT.run(connection, ROWS)
        return await _parcels(connection)

    assert within(_insert) == [(1, "SENT", ["A", "B"], {"x": [1, None]}), (2, None, [], None)]


def test_an_insert_returns_what_its_suffix_returns(within: Callable[..., Any]) -> None:
    insert = bulk.into(PARCEL, ("id", "state"), "ON CONFLICT DO NOTHING RETURNING id")

    async def _insert(connection: AsyncConnection) -> Any:
        await insert.run(connection, ROWS[:1])
        return [row.id for row in await insert.run(connection, ROWS)], list(await insert.run(connection, []))

    assert within(_insert) == ([2], [])


def test_a_computed_column_takes_no_value_of_a_row(within: Callable[..., Any]) -> None:
    state = ("state", "'NO ' || u.id")
    insert = bulk.into(PARCEL, ("id", "marks"), computed=(state,))
    assert [column.name for column in insert.sent] == ["id", "marks"]

    async def _insert(connection: AsyncConnection) -> Any:
        await insert.run(connection, ROWS)
        # its parameters are numbered on, as those of any other
        await bulk.run_together(
            connection, [(INSERT, [ROWS[0] | {"id": 3}]), (insert, [ROWS[1] | {"id": 4}])]
        )
        return [row[:3] for row in await _parcels(connection)]

    assert within(_insert) == [
        (1, "NO 1", ["A", "B"]),
        (2, "NO 2", []),
        (3, "SENT", ["A", "B"]),
        (4, "NO 4", []),
    ]


def test_tables_are_filled_together_and_keys_between_them_are_checked_at_the_end(
    within: Callable[..., Any],
) -> None:
    label = Table("label", MetaData(), Column("parcel_id", Integer))
    labels = bulk.into(label, ("parcel_id",))

    async def _insert(connection: AsyncConnection, parcel_id: int) -> Any:
        await bulk.run_together(connection, [(labels, [{"parcel_id": parcel_id}]), (INSERT, ROWS)])
        return await connection.scalar(text("SELECT count(*) FROM parcel JOIN label ON parcel_id = id"))

    assert within(lambda connection: _insert(connection, 2)) == 1
    with pytest.raises(IntegrityError):
        within(lambda connection: _insert(connection, 3))


def test_an_update_sets_each_row_its_own_values_where_the_guard_holds(within: Callable[..., Any]) -> None:
    update = bulk.update(
        PARCEL,
        ("id",),
        ("marks",),
        "parcel.state IS NOT DISTINCT FROM u.state_before",
        extra=(("state_before", "text"),),
        also=("state = 'RECEIVED'",),
    )
    changes = [
        {"id": 1, "marks": "{C}", "state_before": "SENT"},
        {"id": 2, "marks": "{D}", "state_before": "SENT"},
        {"id": 3, "marks": "{E}", "state_before": "SENT"},
    ]

    async def _update(connection: AsyncConnection) -> Any:
        await INSERT.run(connection, ROWS)
        count = await update.run(connection, changes)
        return count, await update.run(connection, []), [row[:3] for row in await _parcels(connection)]

    assert within(_update) == (1, 0, [(1, "RECEIVED", ["C"]), (2, None, [])])
