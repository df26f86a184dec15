"""Claims search one bucket at a time: the buckets that have due work, in turn, the one with the oldest first.

A statement that skips locked rows names its bucket, so the same claim works where buckets lie on several machines
(docs/decisions/0023-indexes.md). A batch takes the same share of each bucket, in one round trip: so rows of all buckets are
taken nearly in the order of time, and of a backlog only the oldest pages are touched. No bucket starves: the turns are read
again for every batch.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from shared import database
from shared.vocabulary import BUCKETS

SEEN = 8
"""So many due rows are counted in a bucket before the claim, so that no statement is sent for a row or two of many."""


class Turns(NamedTuple):
    """The moment by the database's clock, the buckets with due work, and how many rows each has (`SEEN`: or more)."""

    moment: datetime
    buckets: Sequence[int]
    counts: Sequence[int]


def statement(table: str, moment: str, condition: str) -> str:
    """Return the statement of `read`: the condition of due rows `t` of a table, and the column of their moments.

    It takes the parameters of the condition. An index on the bucket, the columns of the condition and the moment must
    serve it: it looks at the oldest rows of each bucket.
    """
    return f"""
        SELECT statement_timestamp() AS moment, coalesce(array_agg(due.bucket ORDER BY due.since), '{{}}') AS buckets,
            coalesce(array_agg(due.count ORDER BY due.since), '{{}}') AS counts
        FROM (
            SELECT b.bucket, min(oldest.since) AS since, count(*)::integer AS count
            FROM generate_series(0, {BUCKETS - 1}) AS b(bucket)
            CROSS JOIN LATERAL (
                SELECT t.{moment} AS since FROM {table} t
                WHERE t.bucket = b.bucket::smallint AND {condition} ORDER BY t.{moment} LIMIT {SEEN}
            ) oldest GROUP BY b.bucket
        ) due
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
    waiting = dict(zip(due.buckets, due.counts, strict=True))
    while waiting and len(rows) < size:
        turn = shares(waiting, size - len(rows))
        records = await database.each(connection, sql, [values(*share) for share in turn.items()])
        rows += records
        came = Counter(record["bucket"] for record in records)
        for bucket, share in turn.items():
            count = waiting.pop(bucket)
            if moves and came[bucket] == share and (count >= SEEN or count > share):
                waiting[bucket] = SEEN
    return rows


def shares(waiting: Mapping[int, int], size: int) -> dict[int, int]:
    """Return how many rows each bucket gives to a batch, the first buckets first: all it has, or the same as the others."""
    share = max(SEEN, -(-size // len(waiting)))
    turn: dict[int, int] = {}
    for bucket, count in waiting.items():
        if size <= 0:
            break
        turn[bucket] = min(size, count if count < SEEN else share)
        size -= turn[bucket]
    return turn
