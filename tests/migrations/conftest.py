"""Databases for the tests of migrations: made empty, dropped at the end."""

import uuid
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from ops import migrate
from ops.stack.servers import Addresses
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def empty(addresses: Addresses, run: Run) -> Iterator[Callable[[], str]]:
    """Return a function that makes an empty database; all are dropped at the end."""
    made: list[str] = []

    async def _on_server(statement: str) -> None:
        db = Database.connect(migrate.asyncpg_url(addresses.database_url), pool_size=1)
        async with db.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text(statement))
        await db.close()

    def _make() -> str:
        name = f"test_{uuid.uuid4().hex}"
        run(_on_server(f"CREATE DATABASE {name} TEMPLATE template0"))
        made.append(name)
        return addresses.database_url.rpartition("/")[0] + f"/{name}"

    yield _make
    for name in made:
        run(_on_server(f"DROP DATABASE {name} WITH (FORCE)"))
