"""Set-based inserts: any number of rows of a table in one statement, one array a column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class BulkInsert:
    """`INSERT … SELECT … FROM unnest($1, $2 …)` for some columns of a table.

    Values of jsonb columns are given as JSON text, those of array columns as array literals (`{A,B}`): an array of arrays would be flattened.
    """

    columns: tuple[str, ...]
    sql: str

    async def run(self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> Iterable[Any]:
        """Insert the rows; returns what the statement returns. Nothing is sent for no rows."""
        if not rows:
            return ()
        arrays = tuple([row[column] for row in rows] for column in self.columns)
        result = await connection.exec_driver_sql(self.sql, arrays)
        return result.all() if result.returns_rows else ()


@lru_cache(maxsize=64)
def into(table: Table, columns: tuple[str, ...], suffix: str = "") -> BulkInsert:
    """Build the insert of a table's columns; `suffix` is what follows it (ON CONFLICT …, RETURNING …)."""
    parameters = ", ".join(f"${place}::{_sent_as(table.c[name])}[]" for place, name in enumerate(columns, 1))
    values = ", ".join(f"u.{name}{_cast(table.c[name])}" for name in columns)
    names = ", ".join(columns)
    sql = f"INSERT INTO {table.name} ({names}) SELECT {values} FROM unnest({parameters}) AS u({names}) {suffix}"  # noqa: S608 - names of our own tables
    return BulkInsert(columns, sql)


def _is_composite(column: Column[Any]) -> bool:
    return isinstance(column.type, ARRAY | JSONB)


def _type(column: Column[Any]) -> str:
    return column.type.compile(dialect=_DIALECT)


def _sent_as(column: Column[Any]) -> str:
    return "text" if _is_composite(column) else _type(column)


def _cast(column: Column[Any]) -> str:
    return f"::{_type(column)}" if _is_composite(column) else ""
