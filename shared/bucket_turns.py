"""Claims search one bucket at a time: the buckets that have due work, in turn, the one with the oldest first.

A statement that skips locked rows names its bucket, so the same claim works where buckets lie on several machines
(docs/decisions/0023-indexes.md). A batch takes the same share of each bucket, in one round trip: so rows of all buckets are
taken nearly in the order of time, and of a backlog only the oldest pages are touched. No bucket starves: the turns are read
again for every batch.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from shared import database
from shared.vocabulary import BUCKETS


class Turns(NamedTuple):
    """The moment by the database's clock, and the buckets in which something was due at it."""

    moment: datetime
    buckets: Sequence[int]


def statement(table: str, moment: str, condition: str) -> str:
    """Return the statement of `read`: the condition of due rows `t` of a table, and the column of their moments.

    It takes the parameters of the condition. An index on the bucket, the columns of the condition and the moment must
    serve it: it looks at one row of each bucket.
    """
    return f"""
        SELECT statement_timestamp() AS moment, ARRAY(
            SELECT b.bucket FROM generate_series(0, {BUCKETS - 1}) AS b(bucket)
            CROSS JOIN LATERAL (
                SELECT t.{moment} AS since FROM {table} t
                WHERE t.bucket = b.bucket::smallint AND {condition} ORDER BY t.{moment} LIMIT 1
            ) oldest ORDER BY oldest.since
        ) AS buckets
    """  # noqa: S608 - names of our own columns


async def read(connection: AsyncConnection, sql: str, *parameters: object) -> Turns:
    """Return the buckets with due work, by a statement of `statement`. Nothing is locked."""
    return Turns._make((await connection.exec_driver_sql(sql, parameters)).one())


async def claim(
    connection: AsyncConnection,
    sql: str,
    due: Turns,
    size: int,
    values: Callable[[int, int], tuple[object, ...]],
    *,
    moves: bool = True,
) -> list[asyncpg.Record]:
    """Claim up to `size` rows by a statement that takes up to so many in a bucket; returns what it returns.

    `values` are its parameters for a bucket and a number. `moves`: what it takes is no longer due, so that a bucket with
    more than its share can be searched again. None come only if nothing is due, or others have locked it.
    """
    rows: list[asyncpg.Record] = []
    waiting = list(due.buckets)
    while waiting and (left := size - len(rows)) > 0:
        share = -(-left // len(waiting))
        turn, waiting = waiting[: left // share], waiting[left // share :]
        records = await database.each(connection, sql, [values(bucket, share) for bucket in turn])
        rows += records
        counts = Counter(record["bucket"] for record in records)
        waiting += [bucket for bucket in turn if moves and counts[bucket] == share]
    return rows
