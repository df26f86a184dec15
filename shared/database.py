"""Postgres, the only truth: engines with safe timeouts, and the transaction that every use case opens."""

import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from shared import serialisation

APPLICATION_LOCK_TIMEOUT = timedelta(seconds=3)
OVERFLOW = 5
"""So many connections a pool may open beyond its size."""
TRIED_AFTER_SECONDS = 1.0
"""A pooled connection that was idle for longer is tested before use."""
_RESTS_SINCE = "rests_since"
_MOMENT = text("SELECT clock_timestamp()")
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
"""SQLSTATEs of a server that is stopped, starting, full or read-only: the same work may be retried."""
NO_ANSWER = (DBAPIError, PoolTimeoutError, OSError, TimeoutError)
"""The exceptions of a statement that the database does not answer."""


class Database:
    """A pool of connections under one Postgres role. `transaction()` commits at the end of its block."""

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
        """Create a pool; connections open at their first use. `role` is the least privileged role of the process."""
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
            max_overflow=OVERFLOW,
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

        Raises the driver's errors (asyncpg), not SQLAlchemy's.
        """
        async with self.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: asyncpg.Connection = raw.driver_connection
            rows: list[asyncpg.Record] = await driver.fetch(sql, *parameters)
            return rows

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _try_before_use(engine: AsyncEngine) -> None:
    """Make the pool test an idle connection before use.

    A restart of the server leaves dead connections in the pool, and no request should fail for that. The driver knows
    the connections that the server closed; the others are tested only after they were idle: a test is a round trip.
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


async def moment(connection: AsyncConnection) -> datetime:
    """Return the present moment by the database's clock; a transaction reads it once, and passes it to what it writes."""
    return cast("datetime", await connection.scalar(_MOMENT))


async def each(
    connection: AsyncConnection, sql: str, rows: Sequence[tuple[object, ...]]
) -> list[asyncpg.Record]:
    """Run one statement for each row of parameters, all in one round trip; returns the rows of all of them.

    Raises DBAPIError. Needs an open transaction.
    """
    driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, asyncpg.Connection)  # noqa: S101 - the one driver
    try:
        records: list[asyncpg.Record] = await driver.fetchmany(sql, rows)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise DBAPIError(sql, None, error, connection_invalidated=driver.is_closed()) from error
    return records


async def ping(db: Database) -> None:
    """Select one row. Raises the driver's error if the server does not answer."""
    async with db.transaction() as connection:
        await connection.execute(text("SELECT 1"))


def sqlstate(error: BaseException) -> str | None:
    """Return the SQLSTATE of a driver error, if it has one."""
    original = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(original, "sqlstate", None)
    return state if isinstance(state, str) else None


def is_transient(error: BaseException) -> bool:
    """Report whether the server was unreachable, so that the same work may be retried."""
    if isinstance(error, PoolTimeoutError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return True
    return isinstance(error, OSError | TimeoutError) or sqlstate(error) in LOST_CONNECTION
