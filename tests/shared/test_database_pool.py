"""Connections of a pool: dead ones are found before they are used, living ones are not asked each time."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from shared import database
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
_PID = text("SELECT pg_backend_pid()")


@pytest.fixture
def alone(database_url: str, run: Run) -> Iterator[Database]:
    """Return a pool of one connection."""
    db = Database.connect(database_url, pool_size=1)
    yield db
    run(db.close())


async def _pid(db: Database) -> int:
    async with db.transaction() as connection:
        return int(await connection.scalar(_PID) or 0)


def test_a_connection_that_the_server_closed_is_replaced_before_it_is_used(
    alone: Database, db: Database, run: Run
) -> None:
    async def _go() -> tuple[int, int]:
        first = await _pid(alone)
        async with db.transaction() as connection:
            await connection.execute(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": first})
        return first, await _pid(alone)

    first, second = run(_go())
    assert first != second


def test_only_a_connection_that_rested_is_tried(
    alone: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Any] = []
    monkeypatch.setattr(alone.engine.dialect, "do_ping", tried.append)

    async def _go() -> None:
        for _ in range(3):
            await _pid(alone)

    run(_go())
    assert tried == []
    monkeypatch.setattr(database, "TRIED_AFTER_SECONDS", 0.0)
    run(_go())
    assert len(tried) == 3


def test_a_dead_connection_that_rested_is_replaced(
    alone: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TRIED_AFTER_SECONDS", 0.0)

    async def _go() -> tuple[int, int]:
        first = await _pid(alone)

        def _dead(_connection: Any) -> bool:
            monkeypatch.undo()
            raise alone.engine.dialect.loaded_dbapi.InterfaceError("gone")

        monkeypatch.setattr(alone.engine.dialect, "do_ping", _dead)
        return first, await _pid(alone)

    first, second = run(_go())
    assert first != second


def test_a_statement_is_a_transaction_of_its_own(alone: Database, run: Run) -> None:
    async def _go() -> list[Any]:
        rows = await alone.statement("SELECT pg_current_xact_id()::text AS xid, $1::int AS n", 7)
        rows += await alone.statement("SELECT pg_current_xact_id()::text AS xid, $1::int AS n", 8)
        return rows

    first, second = run(_go())
    assert (first["n"], second["n"]) == (7, 8)
    assert first["xid"] != second["xid"]
    with pytest.raises(asyncpg.UndefinedTableError):
        run(alone.statement("SELECT * FROM nowhere"))
