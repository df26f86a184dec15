"""The database: a transaction commits whole or not at all, roles and limits hold, failures say whether to try again."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ops.stack import processes
from shared import database
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
MARK = text("INSERT INTO dirty_day (day) VALUES ('2026-03-01')")
MARKS = text("SELECT count(*) FROM dirty_day")


async def _execute(db: Database, *statements: str) -> Any:
    """Run statements in one transaction; return the first value of the last."""
    async with db.transaction() as connection:
        for statement in statements:
            result = await connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


async def _failure(db: Database, statement: str) -> BaseException:
    """Return the error that a statement ends with, and close the pool."""
    try:
        with pytest.raises(Exception) as failure:  # noqa: PT011 - the test looks at what it is
            await _execute(db, statement)
    finally:
        await db.close()
    return failure.value


def test_a_transaction_commits_at_its_end_and_not_when_it_raises(db: Database, run: Run) -> None:
    async def _break_off() -> None:
        async with db.transaction() as connection:
            await connection.execute(MARK)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(_break_off())
    assert run(_execute(db, MARKS.text)) == 0
    run(_execute(db, MARK.text))
    assert run(_execute(db, MARKS.text)) == 1


def test_json_and_times_come_back_as_they_were_sent(db: Database, run: Run) -> None:
    assert run(_execute(db, """SELECT '{"申诉": [1, null]}'::jsonb""")) == {"申诉": [1, None]}
    assert run(_execute(db, "SELECT current_setting('timezone')")) == "UTC"


def test_a_process_works_under_its_role(database_url: str, run: Run) -> None:
    analytics = Database.connect(database_url, role="shensu_analytics", pool_size=1)
    error = run(_failure(analytics, "SELECT * FROM complaint"))
    assert (database.sqlstate(error), database.is_transient(error)) == ("42501", False)


def test_a_read_only_database_writes_nothing(database_url: str, run: Run) -> None:
    reading = Database.connect(database_url, read_only=True, pool_size=1)
    assert database.sqlstate(run(_failure(reading, MARK.text))) == "25006"


def test_a_statement_ends_with_its_time(database_url: str, run: Run) -> None:
    hasty = Database.connect(database_url, pool_size=1, statement_timeout=timedelta(milliseconds=50))
    error = run(_failure(hasty, "SELECT pg_sleep(20)"))
    assert (database.sqlstate(error), database.is_transient(error)) == ("57014", False)


def test_a_server_that_is_away_is_worth_another_try(run: Run) -> None:
    nowhere = Database.connect(f"postgresql+asyncpg://nobody@127.0.0.1:{processes.free_port()}/nothing")
    assert database.is_transient(run(_failure(nowhere, "SELECT 1")))


def test_a_connection_that_the_server_ended_is_worth_another_try(
    db: Database, database_url: str, run: Run
) -> None:
    async def _use(other: Database) -> None:
        async with other.transaction() as connection:
            pid = await connection.scalar(text("SELECT pg_backend_pid()"))
            await _execute(db, f"SELECT pg_terminate_backend({pid})")
            await connection.execute(text("SELECT 1"))

    async def _end() -> BaseException:
        other = Database.connect(database_url, pool_size=1)
        try:
            with pytest.raises(DBAPIError) as failure:
                await _use(other)
            # the pool replaces it
            await database.ping(other)
        finally:
            await other.close()
        return failure.value

    assert database.is_transient(run(_end()))


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (PoolTimeoutError(), True),
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (ValueError(), False),
    ],
    ids=repr,
)
def test_other_errors_say_whether_to_try_again(error: Exception, transient: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    assert database.is_transient(error) is transient
    assert database.sqlstate(error) is None
