"""The database of a command: that of DATABASE_URL, else that of the stack in this home."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ops import migrate
from ops.stack import run
from ops.stack.environment import StackSettings
from ops.stack.processes import StackError
from ops.stack.servers import Addresses
from shared.database import Database

ResultT = TypeVar("ResultT")
_DEFAULT_REDIS = "redis://127.0.0.1:56379/0"


def addresses(settings: StackSettings) -> Addresses:
    """Return the addresses of the servers. Raises StackError if no stack runs here and none is set."""
    stack = run.find(settings.home)
    if settings.database_url is not None:
        redis = settings.redis_url.get_secret_value() if settings.redis_url else _DEFAULT_REDIS
        return Addresses(settings.database_url.get_secret_value(), redis)
    if stack is None:
        raise StackError(f"no stack runs in {settings.home}: start it with `make run`, or set DATABASE_URL")
    return Addresses(stack.database_url, stack.redis_url)


def with_database(
    use: Callable[[Database], Awaitable[ResultT]], settings: StackSettings | None = None
) -> ResultT:
    """Run one use case on a database, and close the database."""
    url = migrate.asyncpg_url(addresses(settings or StackSettings()).database_url)

    async def within() -> ResultT:
        db = Database.connect(url, pool_size=2)
        try:
            return await use(db)
        finally:
            await db.close()

    return asyncio.run(within())
