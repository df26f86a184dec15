"""Postgres, the only truth: engines with safe time limits, and the transaction that every use case opens for itself."""

import contextlib
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from shared import serialisation

APPLICATION_LOCK_TIMEOUT = timedelta(seconds=3)
TRIED_AFTER_SECONDS = 1.0
"""A pooled connection that rested for longer is tried before it is used."""
_RESTS_SINCE = "rests_since"
LOST_CONNECTION = frozenset(
    {
        "57P01",
        "57P02",
        "57P03",
        "57P05",
        "08000",
        "08003",
        "08006",
        "53100",
        "53200",
        "53300",
        "25006",
        "40P01",
    }
)
"""SQLSTATEs of a server that went away, is starting, is full or is only read: the same work may be tried again."""
NO_ANSWER = (DBAPIError, PoolTimeoutError, OSError, TimeoutError)
"""What a statement raises when the database does not answer it."""


class Database:
    """A pool of connections under one Postgres role. `transaction()` commits when the block ends, and never before."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        role: str | None = None,
        read_only: bool = False,
        pool_size: int = 10,
        statement_timeout: timedelta = timedelta(seconds=30),
    ) -> "Database":
        """Make a pool; no connection is opened yet. `role` is the least privileged role that the process works under."""
        server_settings = {
            "application_name": f"shensu {role or 'ops'}",
            "timezone": "UTC",
            "jit": "off",
            "statement_timeout": str(int(statement_timeout.total_seconds() * 1000)),
            "lock_timeout": str(int(APPLICATION_LOCK_TIMEOUT.total_seconds() * 1000)),
            "idle_in_transaction_session_timeout": "30000",
        }
        if role:
            server_settings["role"] = role
        if read_only:
            server_settings["default_transaction_read_only"] = "on"
        engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=5,
            pool_timeout=2,
            pool_recycle=1800,
            connect_args={"server_settings": server_settings, "timeout": 5, "statement_cache_size": 200},
            json_serializer=serialisation.to_text,
            json_deserializer=serialisation.from_text,
        )
        _try_before_use(engine)
        return cls(engine)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction; commit at the end of the block, roll back when it raises."""
        async with self.engine.begin() as connection:
            yield connection

    async def statement(self, sql: str, *parameters: Any) -> list[asyncpg.Record]:
        """Run one statement as a transaction of its own, in one round trip; return its rows.

        Raises what the driver raises: asyncpg's errors, not SQLAlchemy's.
        """
        async with self.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: asyncpg.Connection = raw.driver_connection
            rows: list[asyncpg.Record] = await driver.fetch(sql, *parameters)
            return rows

    async def close(self) -> None:
        """Give every connection back to the server."""
        await self.engine.dispose()


def _try_before_use(engine: AsyncEngine) -> None:
    """Let the pool try a connection that rested before it is used.

    A server that was restarted left dead connections in the pool, and nobody's request is to be the one that learns it.
    Where the server closed a connection the driver knows; only one that rested is asked, for that is a round trip.
    """
    pool = engine.sync_engine.pool

    @event.listens_for(pool, "checkin")
    def _note(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info[_RESTS_SINCE] = time.monotonic()

    @event.listens_for(pool, "checkout")
    def _try(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        since = record.info.get(_RESTS_SINCE)
        if since is None:
            return
        driver = record.driver_connection
        if driver is None or driver.is_closed():
            raise InvalidatePoolError("the server closed the connection")
        if time.monotonic() - since > TRIED_AFTER_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError("the connection is dead") from error


async def ping(db: Database) -> None:
    """Ask the server for one row; raises what the driver raises when it cannot answer."""
    async with db.transaction() as connection:
        await connection.execute(text("SELECT 1"))


def sqlstate(error: BaseException) -> str | None:
    """Return the SQLSTATE behind a driver error, if it has one."""
    original = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(original, "sqlstate", None)
    return state if isinstance(state, str) else None


def is_transient(error: BaseException) -> bool:
    """Tell whether the server was away, so that the same work may simply be tried again."""
    if isinstance(error, PoolTimeoutError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return True
    return isinstance(error, OSError | TimeoutError) or sqlstate(error) in LOST_CONNECTION
