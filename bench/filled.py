"""Ten years of synthetic complaints, put in by SQL: for reads at a size that would take too long by REST.

The rows are made up (spread evenly over ten years, city bureaus and issues; nothing sealed), in order of receipt.
"""

import asyncio
import uuid
from pathlib import Path

from bench.stack import Stack
from ops import migrate
from services.figures import refresh
from shared.database import Database

_FILL = Path(__file__).with_name("synthetic.sql").read_text(encoding="utf-8")
_INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'complaint' AND indexname LIKE 'ix_%'"
)


def fill(one: Stack, count: int) -> None:
    """Put in `count` complaints; the secondary indexes are made afterwards, and the planner is told."""
    asyncio.run(_fill(one, count))


async def _fill(one: Stack, count: int) -> None:
    connection = await one.connect()
    try:
        indexes = await connection.fetch(_INDEXES)
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['indexname']}")
        await connection.execute(_FILL, 0, count, uuid.uuid4())
        for index in indexes:
            await connection.execute(index["indexdef"])
        await connection.execute("VACUUM ANALYZE complaint")
    finally:
        await connection.close()


def count_figures(one: Stack) -> float:
    """Count all figures anew; return the seconds that it took."""
    return asyncio.run(_count_figures(one))


async def _count_figures(one: Stack) -> float:
    db = Database.connect(migrate.asyncpg_url(one.addresses.database_url), pool_size=2)
    try:
        done = await refresh.rebuild(db)
        async with db.transaction() as connection:
            await connection.exec_driver_sql("ANALYZE")
    finally:
        await db.close()
    return done.seconds
