"""Set-based writing: any number of rows of a table in one statement, with one array per column.

Arrays of texts, numbers, truth values, moments and days are sent as text (`shared.array_text`); the others, and JSON,
in the binary form of the driver, which is cheaper for both sides there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Boolean as Bool
from sqlalchemy import Column, Date, DateTime, Integer, Row, Table, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, JSON
from sqlalchemy.ext.asyncio import AsyncConnection

from shared import array_text

_AS_TEXT = (Text, Integer, Bool, DateTime, Date, ARRAY)
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves the constructor untyped


Rows = Sequence[Mapping[str, object]]
"""Rows to write: values by column, in the form of the driver."""


class Sent(NamedTuple):
    """A column as it is sent: its name, the type of its elements, and whether the array of them is sent as text."""

    name: str
    type: str
    as_text: bool

    def parameter(self, place: int) -> str:
        """Return the parameter of a place."""
        return f"${place}::{'text::' if self.as_text else ''}{self.type}[]"

    def array(self, rows: Rows) -> object:
        """Return what is sent for some rows."""
        name = self.name
        values = [row[name] for row in rows]
        return array_text.literal(values) if self.as_text else values


@dataclass(frozen=True, slots=True, eq=False)
class BulkInsert:
    """`INSERT … SELECT … FROM unnest($1, $2 …)` for some columns of a table.

    Values of json columns are given as JSON text, those of array columns as array literals (`{A,B}`): an array of
    arrays would be flattened.
    """

    sent: tuple[Sent, ...]
    target: str
    values: str
    suffix: str
    computed: tuple[str, ...] = ()
    """Columns that take no value of a row: the first of `values` compute them."""

    def sql(self, first: int = 1, *, where: str = "true") -> str:
        """Return the statement, its parameters numbered from `first`; nothing is inserted unless `where` holds."""
        names = [column.name for column in self.sent]
        source = f"SELECT {self.values} FROM unnest({_parameters(self.sent, first)}) AS u({', '.join(names)}) WHERE {where}"  # noqa: S608 - names of our own tables
        return f"INSERT INTO {self.target} ({', '.join((*self.computed, *names))}) {source} {self.suffix}"

    async def run(self, connection: AsyncConnection, rows: Rows) -> Sequence[Row[*tuple[Any, ...]]]:
        """Insert the rows; return the rows that the statement returns. Without rows, no statement is sent."""
        if not rows:
            return ()
        result = await connection.exec_driver_sql(self.sql(), _arrays(rows, self.sent))
        return result.all() if result.returns_rows else ()


Part = tuple[BulkInsert, Rows]


async def run_together(connection: AsyncConnection, parts: Sequence[Part]) -> None:
    """Insert into several tables with one statement: one round trip; foreign keys between them are checked at its end."""
    await connection.exec_driver_sql(_together(tuple(insert for insert, _ in parts)), tuple(arrays(parts)))


def arrays(parts: Iterable[Part]) -> list[object]:
    """Return the parameters of parts in one statement: one array for each column, part by part."""
    return [array for insert, rows in parts for array in _arrays(rows, insert.sent)]


def grouped(parts: Iterable[Part]) -> list[Part]:
    """Return parts with all rows of one insert together, in the order of first appearance."""
    rows_of: dict[BulkInsert, list[Mapping[str, object]]] = {}
    for insert, rows in parts:
        rows_of.setdefault(insert, []).extend(rows)
    return list(rows_of.items())


@lru_cache(maxsize=16)
def _together(inserts: tuple[BulkInsert, ...]) -> str:
    expressions, _ = steps(inserts)
    return f"WITH {', '.join(expressions)} SELECT 1"


def steps(inserts: Iterable[BulkInsert], *, first: int = 1, where: str = "true") -> tuple[list[str], int]:
    """Return inserts as expressions of one WITH, their parameters numbered from `first`, and the number that follows."""
    expressions: list[str] = []
    for insert in inserts:
        expressions.append(f"i{len(expressions)} AS ({insert.sql(first, where=where)})")
        first += len(insert.sent)
    return expressions, first


@dataclass(frozen=True, slots=True, eq=False)
class BulkUpdate:
    """`UPDATE … FROM unnest($1, $2 …)` that sets some columns of the rows with given keys."""

    sent: tuple[Sent, ...]
    sql: str

    async def run(self, connection: AsyncConnection, rows: Rows) -> int:
        """Update the rows; return how many matched."""
        if not rows:
            return 0
        result = await connection.exec_driver_sql(self.sql, _arrays(rows, self.sent))
        return result.rowcount


def _arrays(rows: Rows, sent: tuple[Sent, ...]) -> tuple[object, ...]:
    return tuple(column.array(rows) for column in sent)


@lru_cache(maxsize=64)
def into(
    table: Table, columns: tuple[str, ...], suffix: str = "", computed: tuple[tuple[str, str], ...] = ()
) -> BulkInsert:
    """Build the insert of a table's columns; `suffix` is what follows it (ON CONFLICT …, RETURNING …).

    `computed` are further columns, each with the expression that the database computes for a row `u`.
    """
    sent = tuple(_sent(table.c[name]) for name in columns)
    expressions = [expression for _, expression in computed]
    values = ", ".join([*expressions, *(f"u.{name}{_cast(table.c[name])}" for name in columns)])
    return BulkInsert(sent, table.name, values, suffix, tuple(name for name, _ in computed))


@lru_cache(maxsize=128)
def update(
    table: Table,
    keys: tuple[str, ...],
    columns: tuple[str, ...],
    guard: str,
    extra: tuple[tuple[str, str], ...] = (),
    also: tuple[str, ...] = (),
) -> BulkUpdate:
    """Build the update of some columns by key, where `guard` holds.

    `extra` names and types values for the guard; `also` are assignments that take no value.
    """
    sent = (
        *(_sent(table.c[name]) for name in keys + columns),
        *(Sent(name, kind, as_text=False) for name, kind in extra),
    )
    assignments = ", ".join([*(f"{name} = u.{name}{_cast(table.c[name])}" for name in columns), *also])
    matches = " AND ".join(f"{table.name}.{name} = u.{name}" for name in keys)
    source = f"unnest({_parameters(sent)}) AS u({', '.join(column.name for column in sent)})"
    sql = f"UPDATE {table.name} SET {assignments} FROM {source} WHERE {matches} AND {guard}"  # noqa: S608 - as above
    return BulkUpdate(sent, sql)


def array_literal(codes: Iterable[str]) -> str:
    """Return the literal of an array of codes (letters, digits, `_`): none of them needs quoting."""
    return "{" + ",".join(codes) + "}"


def _parameters(sent: Iterable[Sent], first: int = 1) -> str:
    return ", ".join(column.parameter(place) for place, column in enumerate(sent, first))


def _is_composite(column: Column[object]) -> bool:
    return isinstance(column.type, ARRAY | JSON)


def _type(column: Column[object]) -> str:
    return column.type.compile(dialect=_DIALECT)


def _sent(column: Column[object]) -> Sent:
    kind = "text" if _is_composite(column) else _type(column)
    return Sent(column.name, kind, as_text=isinstance(column.type, _AS_TEXT))


def _cast(column: Column[object]) -> str:
    return f"::{_type(column)}" if _is_composite(column) else ""
