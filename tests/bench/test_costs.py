"""Rows and index entries by the records of the WAL, on a real server."""

from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
import pytest

from bench import costs
from ops.stack.servers import Addresses

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_each_row_and_each_index_entry_is_counted() -> None:
    records = {
        "Heap/INSERT": 5,
        "Heap/INSERT+INIT": 1,
        "Heap/UPDATE": 2,
        "Heap/HOT_UPDATE": 3,
        "Btree/INSERT_LEAF": 7,
        "Btree/SPLIT_R": 1,
        "Btree/INSERT_UPPER": 1,
        "Transaction/COMMIT": 9,
    }
    assert costs.written(records) == {
        "rows inserted": 6,
        "rows updated": 5,
        "of them without index entries (HOT)": 3,
        "rows deleted": 0,
        "index entries": 8,
    }


def test_without_records_nothing_is_claimed() -> None:
    assert costs.written({}) == {}


@pytest.mark.usefixtures("db")
def test_the_server_tells_what_a_transaction_wrote(addresses: Addresses, run: Run) -> None:
    async def _written() -> dict[str, int]:
        connection = await asyncpg.connect(addresses.database_url)
        try:
            await connection.execute(costs.READER)
            await connection.execute("CREATE TABLE counted (id int PRIMARY KEY, half int)")
            await connection.execute("CREATE INDEX ON counted (half) WHERE half IS NOT NULL")
            begin = await connection.fetchval(costs.POSITION)
            await connection.execute(
                "INSERT INTO counted SELECT n, CASE WHEN n % 2 = 0 THEN n END FROM generate_series(1, 1000) AS n"
            )
            await connection.execute("DELETE FROM counted WHERE id <= 10")
            # the servers of tests do not flush at each commit
            await connection.execute("CHECKPOINT")
            end = await connection.fetchval(costs.FLUSHED)
            rows = await connection.fetch(costs.RECORDS, begin, end)
            await connection.execute("DROP TABLE counted; DROP EXTENSION pg_walinspect")
            return costs.written({row["kind"]: row["count"] for row in rows})
        finally:
            await connection.close()

    written = run(_written())
    # tests beside this one write into the same WAL
    assert written["rows inserted"] >= 1000
    assert written["index entries"] >= 1500
    assert written["rows deleted"] >= 10
