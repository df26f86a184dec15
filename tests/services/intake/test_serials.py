"""Serials in blocks: each is given once, over processes and buckets; and the moment is the database's."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from services.intake import serials
from services.intake.serials import Serials
from shared import clock
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_each_serial_of_a_bucket_is_given_once(db: Database, run: Run) -> None:
    async def _go() -> list[tuple[int, int]]:
        processes = [Serials(db), Serials(db)]
        buckets = [7] * 50 + [9] * 3
        calls = [process.take(buckets) for process in processes for _ in range(3)]
        return [
            pair for serials, _ in await asyncio.gather(*calls) for pair in zip(buckets, serials, strict=True)
        ]

    pairs = run(_go())
    assert len(pairs) == len(set(pairs)) == 6 * 53


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the statements that the database gets meanwhile."""
    sent: list[str] = []
    statement = Database.statement

    async def _counted(self: Database, sql: str, *parameters: Any) -> list[Any]:
        sent.append(sql)
        return await statement(self, sql, *parameters)

    monkeypatch.setattr(Database, "statement", _counted)
    return sent


def test_the_database_is_asked_once_for_many(db: Database, run: Run, queries: list[str]) -> None:
    async def _go() -> None:
        process = Serials(db)
        for turn in range(200):
            await process.take([turn % 64])

    run(_go())
    assert len(queries) == 1


def test_the_moment_is_that_of_the_database_and_is_read_again(
    db: Database, run: Run, queries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def _go() -> list[timedelta]:
        process = Serials(db)
        offsets = []
        for seconds in (10.0, 0.0):
            monkeypatch.setattr(serials, "CLOCK_SECONDS", seconds)
            _, moment = await process.take([1])
            offsets.append(clock.now() - moment)
        return offsets

    assert all(timedelta(0) <= offset < timedelta(seconds=0.5) for offset in run(_go()))
    assert len(queries) == 2
