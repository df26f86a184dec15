"""Runs migrations so that they can never stall the hotline: short lock waits, a statement limit, one migrator at a time."""

import asyncio
from datetime import timedelta
from logging import getLogger

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.models.catalogue import metadata

LOCK_TIMEOUT = "3s"
STATEMENT_TIMEOUT = "60s"
ADVISORY_LOCK = 12305
LONGEST_TURN = timedelta(hours=12)
"""As long as another migrator may build an index (`in_use.LONG`)."""
BETWEEN_TRIES = timedelta(milliseconds=200)

getLogger("alembic").setLevel("WARNING")


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def _wait_for_turn(connection: AsyncConnection) -> None:
    """Take the lock of the one migrator. It is asked for again and again, with no transaction open between.

    A session that waited inside `pg_advisory_lock` would be an old transaction, for which a concurrent index build of the
    other migrator waits: a deadlock.
    """
    async with asyncio.timeout(LONGEST_TURN.total_seconds()):
        while not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_LOCK}):
            await connection.rollback()
            await asyncio.sleep(BETWEEN_TRIES.total_seconds())
    await connection.commit()


async def _run() -> None:
    engine = create_async_engine(context.config.attributes["database_url"])
    try:
        async with engine.connect() as connection:
            for setting, value in (("lock_timeout", LOCK_TIMEOUT), ("statement_timeout", STATEMENT_TIMEOUT)):
                await connection.execute(
                    text("SELECT set_config(:name, :value, false)"), {"name": setting, "value": value}
                )
            await connection.commit()
            await _wait_for_turn(connection)
            await connection.run_sync(_migrate)
            await connection.commit()
    finally:
        await engine.dispose()


asyncio.run(_run())
