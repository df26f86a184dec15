"""Migrations: a database is brought to the newest schema from wherever it stands, and tells where that is."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import asyncpg
import pytest

from ops import migrate
from shared.database import Database
from tests.servers import TestServers

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def empty_url(own_servers: TestServers) -> Iterator[str]:
    """Return the address of a database with nothing in it."""
    server, name = own_servers.database_url, "migrated_by_a_test"

    async def _execute(statement: str) -> None:
        connection = await asyncpg.connect(server)
        await connection.execute(statement)
        await connection.close()

    asyncio.run(_execute(f"CREATE DATABASE {name}"))
    yield f"{server.rpartition('/')[0]}/{name}"
    asyncio.run(_execute(f"DROP DATABASE {name}"))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_an_address_gets_the_driver_of_every_process(scheme: str) -> None:
    assert migrate.asyncpg_url(f"{scheme}://a:b@h:1/d?x=://") == "postgresql+asyncpg://a:b@h:1/d?x=://"


def test_an_empty_database_goes_up_down_and_up_again(empty_url: str, run: Run) -> None:
    async def _present() -> str:
        db = Database.connect(migrate.asyncpg_url(empty_url), pool_size=1)
        try:
            return await migrate.present(db)
        finally:
            await db.close()

    revisions = [run(_present())]
    for step in (migrate.upgrade, lambda url: migrate.downgrade(url, "base"), migrate.upgrade):
        step(empty_url)
        revisions.append(run(_present()))
    newest = migrate.newest()
    assert newest != "none"
    assert [revisions[0], revisions[1], revisions[3]] == ["none", newest, newest]
    assert revisions[2] in {"none", "None"}


def test_the_database_of_the_tests_is_at_the_newest_revision(db: Database, run: Run) -> None:
    assert run(migrate.present(db)) == migrate.newest()
