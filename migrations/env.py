"""Runs migrations so that they can never stall the hotline: short lock waits, a statement limit, one migrator at a time."""

import asyncio
from logging import getLogger

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.models.catalogue import metadata

LOCK_TIMEOUT = "3s"
STATEMENT_TIMEOUT = "60s"
ADVISORY_LOCK = 12305

getLogger("alembic").setLevel("WARNING")


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def _run() -> None:
    engine = create_async_engine(context.config.attributes["database_url"])
    try:
        async with engine.connect() as connection:
            for setting, value in (("lock_timeout", LOCK_TIMEOUT), ("statement_timeout", STATEMENT_TIMEOUT)):
                await connection.execute(
                    text("SELECT set_config(:name, :value, false)"), {"name": setting, "value": value}
                )
            # a session lock: two migrators started at once run one after the other
            await connection.execute(text("SET lock_timeout = '60s'"))
            await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
            await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            await connection.commit()
            await connection.run_sync(_migrate)
            await connection.commit()
    finally:
        await engine.dispose()


asyncio.run(_run())
