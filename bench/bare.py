"""The rows that the worker writes for a backlog, written again by bare statements: the limit of routing.

What the worker added to each case and changed of it is kept, the backlog is put back as it was, and the same rows are
written from tables, in batches of the same size by as many sessions. Nothing is read, decided or claimed; marks of days are
left out. The columns are those that differ, whichever transactions of the worker wrote them.
"""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench import batch
from routing_worker.loops.drain import BATCH
from routing_worker.registry import LOOPS

SESSIONS = next(loop.copies for loop in LOOPS if loop.name == "drain")
_KEYS = {
    "complaint": ("bucket", "id"),
    "case_deadline": ("bucket", "complaint_id", "key", "round"),
    "case_event": ("bucket", "complaint_id", "seq"),
    "feed_entry": ("bucket", "complaint_id", "audience", "seq"),
}
"""The tables that routing and forwarding write, each with its key, in the order of their foreign keys."""
_PLACES = """
    CREATE TABLE placed AS SELECT row_number() OVER (ORDER BY at, bucket, complaint_id) - 1 AS place, bucket, complaint_id
    FROM case_event WHERE kind = 'ROUTED'
"""
_FINISH = """
    DELETE FROM task t USING placed p WHERE t.bucket = p.bucket AND t.subject_id = p.complaint_id AND t.kind = 'route'
        AND t.state = 'ready' AND p.place >= $1 AND p.place < $2
"""
_COLUMNS = "SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position"
TABLES = ("placed", *(f"kept_{table}" for table in _KEYS))
_DEFAULTS = {"xid"}
"""Columns that a writer leaves to the database."""
_RANGE = "k.place >= $1 AND k.place < $2"


class Kept(NamedTuple):
    """The statements that write the kept rows of a range of places, and the number of cases."""

    statements: tuple[str, ...]
    cases: int


async def keep(connection: Any, backlog: Path) -> Kept:
    """Keep what the worker wrote, put the backlog back, and return the statements that write the rows again."""
    await connection.execute(_PLACES)
    for table in _KEYS:
        case = "id" if table == "complaint" else "complaint_id"
        await connection.execute(
            f"CREATE TABLE kept_{table} AS SELECT t.*, p.place FROM {table} t "  # noqa: S608 - names of our own tables
            f"JOIN placed p ON p.bucket = t.bucket AND p.complaint_id = t.{case}"
        )
    await restore(connection, backlog)
    statements = [_FINISH]
    for table, keys in _KEYS.items():
        statements += await _statements(connection, table, keys)
    for table in TABLES:
        await connection.execute(f"CREATE INDEX ON {table} (place)")
        await connection.execute(f"VACUUM ANALYZE {table}")
    return Kept(tuple(statements), await connection.fetchval("SELECT count(*) FROM placed"))


async def restore(connection: Any, backlog: Path) -> None:
    """Put the backlog back as it was before the worker."""
    await connection.execute(batch.EMPTY)
    await batch.put_back(connection, backlog)
    await connection.execute(f"VACUUM ANALYZE task, {', '.join(_KEYS)}")


async def _statements(connection: Any, table: str, keys: Sequence[str]) -> list[str]:
    """Return the update of the rows that were there, and the insert of the others; without what nothing changed."""
    columns = [row["name"] for row in await connection.fetch(_COLUMNS, table)]
    same = " AND ".join(f"t.{key} = k.{key}" for key in keys)
    # a row that is as it was is not written
    unchanged = (
        ", ".join(f"t.{name}::text" for name in columns),
        ", ".join(f"k.{name}::text" for name in columns),
    )
    await connection.execute(
        f"DELETE FROM kept_{table} k USING {table} t WHERE {same} AND ({unchanged[0]}) IS NOT DISTINCT FROM ({unchanged[1]})"  # noqa: S608
    )
    differs = ", ".join(
        f"bool_or(t.{name}::text IS DISTINCT FROM k.{name}::text) AS {name}" for name in columns
    )
    row = await connection.fetchrow(f"SELECT {differs} FROM kept_{table} k JOIN {table} t ON {same}")  # noqa: S608
    await connection.execute(f"ALTER TABLE kept_{table} ADD COLUMN is_new boolean")
    await connection.execute(
        f"UPDATE kept_{table} k SET is_new = NOT EXISTS (SELECT FROM {table} t WHERE {same})"  # noqa: S608
    )
    statements = []
    if changed := [name for name in columns if row[name]]:
        assignments = ", ".join(f"{name} = k.{name}" for name in changed)
        statements.append(
            f"UPDATE {table} t SET {assignments} FROM kept_{table} k WHERE {same} AND NOT k.is_new AND {_RANGE}"  # noqa: S608
        )
    if await connection.fetchval(f"SELECT EXISTS (SELECT FROM kept_{table} WHERE is_new)"):  # noqa: S608
        names = ", ".join(name for name in columns if name not in _DEFAULTS)
        statements.append(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM kept_{table} k WHERE k.is_new AND {_RANGE}"  # noqa: S608
        )
    return statements


async def write(connections: Sequence[Any], kept: Kept) -> float:
    """Write the rows again, a transaction for each batch; return the cases per second."""
    starts = iter(range(0, kept.cases, BATCH))

    async def _session(connection: Any) -> None:
        for first in starts:
            async with connection.transaction():
                for statement in kept.statements:
                    await connection.execute(statement, first, first + BATCH)

    began = time.perf_counter()
    await asyncio.gather(*(_session(connection) for connection in connections))
    return kept.cases / (time.perf_counter() - began)
