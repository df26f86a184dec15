"""The queue in tests: tasks that are put, taken and due again."""

import uuid
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from services.tasks import queue
from services.tasks.queue import Lease
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
LONG = timedelta(minutes=5)
KIND = "route"


@pytest.fixture
def put(db: Database, run: Run) -> Callable[..., list[uuid.UUID]]:
    """Return a function that puts tasks and returns their subjects."""

    def _put(count: int = 1, *, kind: str = KIND, subject: uuid.UUID | None = None) -> list[uuid.UUID]:
        subjects = [subject or uuid.uuid4() for _ in range(count)]

        async def _go() -> None:
            async with db.transaction() as connection:
                insert, rows = queue.additions(
                    [queue.row(n % 64, kind, subject) for n, subject in enumerate(subjects)]
                )
                await insert.run(connection, rows)

        run(_go())
        return subjects

    return _put


@pytest.fixture
def claim(db: Database, run: Run) -> Callable[..., Lease]:
    """Return a function that takes due tasks."""

    def _claim(size: int = 100, lease: timedelta = LONG, kind: str = KIND) -> Lease:
        claimed: Lease = run(queue.claim(db, kind, size=size, lease=lease))
        return claimed

    return _claim


@pytest.fixture
def expire(ask: Ask) -> Callable[[], Any]:
    """Return a function that makes every task due now, as time would."""
    return lambda: ask(
        "UPDATE task SET next_at = clock_timestamp() - interval '1 second' WHERE state <> 'dead'"
    )
