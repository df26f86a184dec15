"""Buckets by turn: the one with the oldest work first, none starved, and no more of one bucket than its share."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from services.tasks import queue
from shared import bucket_turns
from shared.bucket_turns import SEEN
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
LEASE = timedelta(minutes=5)
KIND = "route"
_PUT = """
    INSERT INTO task (bucket, id, kind, subject_id, next_at)
    SELECT b, gen_random_uuid(), 'route', gen_random_uuid(), clock_timestamp() - s * interval '1 second'
    FROM unnest($1::smallint[], $2::integer[]) AS u(b, s)
"""


@pytest.fixture
def put(db: Database, run: Run) -> Callable[..., None]:
    """Return a function that puts tasks, each given by its bucket and the seconds since it was due."""

    async def _put(*tasks: tuple[int, int]) -> None:
        async with db.transaction() as connection:
            await connection.exec_driver_sql(_PUT, tuple(list(column) for column in zip(*tasks, strict=True)))

    return lambda *tasks: run(_put(*tasks))


async def _work(db: Database, size: int) -> list[queue.Task]:
    """Take a batch as a worker does, and finish it."""
    lease = await queue.claim(db, KIND, size=size, lease=LEASE)
    async with db.transaction() as connection:
        await queue.finish(connection, lease.token, lease.tasks)
    return list(lease.tasks)


@pytest.mark.parametrize(
    ("counts", "size", "expected"),
    [
        # buckets with few rows give all of them
        ({5: 2, 3: 1, 9: 7}, 100, {5: 2, 3: 1, 9: 7}),
        ({5: 2, 3: 1, 9: 7}, 2, {5: 2}),
        # those with many give the same share
        ({5: SEEN, 3: SEEN, 9: SEEN}, 60, {5: 20, 3: 20, 9: 20}),
        ({5: SEEN, 3: 1, 9: SEEN}, 60, {5: 20, 3: 1, 9: 20}),
        # no statement for a row or two of many
        ({5: SEEN, 3: SEEN, 9: SEEN}, 10, {5: 8, 3: 2}),
    ],
)
def test_a_batch_takes_a_share_of_each_bucket(
    counts: dict[int, int], size: int, expected: dict[int, int]
) -> None:
    assert bucket_turns.shares(counts, size) == expected


def test_the_bucket_with_the_oldest_work_comes_first(
    db: Database, run: Run, put: Callable[..., None]
) -> None:
    put((7, 10), (2, 30), (63, 20), (0, 5), (2, 1))
    assert [task.bucket for task in run(_work(db, 1))] == [2]
    assert [task.bucket for task in run(_work(db, 1))] == [63]
    assert sorted(task.bucket for task in run(_work(db, 100))) == [0, 2, 7]


def test_what_is_left_of_a_batch_comes_from_the_buckets_with_more(
    db: Database, run: Run, put: Callable[..., None]
) -> None:
    put(*((7, n) for n in range(30)), (8, 1), (9, 1))
    assert len(run(_work(db, 32))) == 32


def test_a_flood_of_one_bucket_starves_no_other(db: Database, run: Run, put: Callable[..., None]) -> None:
    put(*((7, 3_600) for _ in range(200)), (8, 1))
    assert 8 in {task.bucket for task in run(_work(db, 16))}


def test_workers_at_once_work_every_task_once(db: Database, run: Run, put: Callable[..., None]) -> None:
    put(*((n % 64, n) for n in range(1_000)), *((7, n) for n in range(300)))

    async def _until_none() -> list[uuid.UUID]:
        worked: list[uuid.UUID] = []
        while tasks := await _work(db, 40):
            worked += [task.id for task in tasks]
            await asyncio.sleep(0)
        return worked

    async def _all() -> list[list[uuid.UUID]]:
        return await asyncio.gather(*(_until_none() for _ in range(2)))

    workers = run(_all())
    worked = Counter(task_id for worker in workers for task_id in worker)
    assert len(worked) == 1_300
    assert set(worked.values()) == {1}
    assert min(len(worker) for worker in workers) > 100, "one worker waits for the other"
