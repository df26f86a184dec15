"""Postgres, the only truth: engines with safe time limits, and the transaction that every use case opens for itself."""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from shared import serialisation

APPLICATION_LOCK_TIMEOUT = timedelta(seconds=3)
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
            # a server that was restarted left dead connections in the pool: nobody's request is to be the one that learns it
            pool_pre_ping=True,
            connect_args={"server_settings": server_settings, "timeout": 5, "statement_cache_size": 200},
            json_serializer=serialisation.to_text,
            json_deserializer=serialisation.from_text,
        )
        return cls(engine)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction; commit at the end of the block, roll back when it raises."""
        async with self.engine.begin() as connection:
            yield connection

    async def close(self) -> None:
        """Give every connection back to the server."""
        await self.engine.dispose()


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
