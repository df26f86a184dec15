"""The database of a command: the one that is named, else that of the stack in this home; closed after its use."""

from pathlib import Path

import pytest
from sqlalchemy import text

from ops.cli import connection
from ops.stack.environment import StackSettings
from ops.stack.processes import StackError
from shared.database import Database


def test_the_database_that_is_named_is_used(connected: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert connected.is_dir()
    settings = StackSettings()
    assert settings.database_url is not None
    addresses = connection.addresses(settings)
    assert addresses.database_url == settings.database_url.get_secret_value()
    assert addresses.redis_url == "redis://127.0.0.1:56379/0"
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/1")
    assert connection.addresses(StackSettings()).redis_url == "redis://elsewhere/1"


@pytest.mark.usefixtures("home")
def test_without_a_database_and_a_stack_it_says_what_to_do() -> None:
    with pytest.raises(StackError, match="start it with `make run`, or set DATABASE_URL"):
        connection.addresses(StackSettings())


@pytest.mark.usefixtures("connected")
def test_the_database_is_closed_after_its_use_even_when_it_fails() -> None:
    used: list[Database] = []

    async def _ask(db: Database) -> int:
        used.append(db)
        async with db.transaction() as session:
            return int(await session.scalar(text("SELECT 42")) or 0)

    async def _fail(db: Database) -> None:
        await _ask(db)
        raise ZeroDivisionError

    assert connection.with_database(_ask) == 42
    with pytest.raises(ZeroDivisionError):
        connection.with_database(_fail)
    # a pool that was closed is a new one: nothing is left checked in
    assert [db.engine.sync_engine.pool.checkedin() for db in used] == [0, 0]  # type: ignore[attr-defined] # of the queue
