"""Batches of interim answers: several workers at once, and a fixed number of statements."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from services.hotline import interim
from services.intake.preparation import IntakeContext
from services.reference.data import ReferenceData
from shared.database import Database

Take = Callable[..., dict[str, Any]]
Ask = Callable[..., list[Any]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def worker(database_url: str, run: Run) -> Iterator[Database]:
    """Return the database under the worker's own role."""
    db = Database.connect(database_url, role="shensu_worker", pool_size=5)
    yield db
    run(db.close())


def test_workers_at_once_answer_each_order_once_in_bounded_batches(
    take: Take,
    pass_time: Callable[..., None],
    worker: Database,
    run: Run,
    reference: ReferenceData,
    intake_context: IntakeContext,
    ask: Ask,
) -> None:
    for n in range(7):
        take(f"HZ-{n}", waybill=None)
        pass_time(f"HZ-{n}")

    async def _one() -> list[int]:
        sizes: list[int] = []
        while (size := await interim.answer_batch(worker, reference, intake_context.ring, size=3)) or len(
            sizes
        ) < 3:
            sizes.append(size)
        return sizes

    async def _all() -> list[list[int]]:
        return list(await asyncio.gather(*(_one() for _ in range(3))))

    counts = [count for sizes in run(_all()) for count in sizes]
    assert max(counts) <= 3
    assert sum(counts) == 7
    assert ask("SELECT count(*) FROM case_event WHERE kind = 'INTERIM_ANSWER'")[0][0] == 7
    assert ask("SELECT count(*) FROM feed_entry WHERE type = 'order.interim_answer'")[0][0] == 7


def test_a_batch_takes_so_many_statements_whatever_its_size(
    take: Take,
    pass_time: Callable[..., None],
    db: Database,
    run: Run,
    reference: ReferenceData,
    intake_context: IntakeContext,
    statements: Callable[[], Any],
) -> None:
    counts = []
    for batch in (1, 6):
        for n in range(batch):
            take(f"HZ-{batch}-{n}", waybill=None)
            pass_time(f"HZ-{batch}-{n}")
        with statements() as sent:
            assert run(interim.answer_batch(db, reference, intake_context.ring, size=100)) == batch
        counts.append(len(sent))
    assert counts[0] == counts[1]
