"""Interim answers by several workers: each order once, in batches, whatever one of them meets."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.cases import lookup
from services.hotline import interim
from services.intake.preparation import IntakeContext
from services.reference.data import ReferenceData
from shared.database import Database

Take = Callable[..., dict[str, Any]]


Rows = Callable[..., Any]


Ask = Callable[..., list[Any]]


Run = Callable[[Coroutine[Any, Any, Any]], Any]


Answer = Callable[..., int]


def test_a_case_that_somebody_holds_is_left_for_the_next_time(
    take: Take,
    work: Callable[[], None],
    pass_time: Callable[..., None],
    answer_meanwhile: Answer,
    db: Database,
    run: Run,
    reference: ReferenceData,
    intake_context: IntakeContext,
    case_of: Rows,
) -> None:
    number = take()["number"]
    work()
    pass_time()
    case = case_of(number)

    async def _meanwhile() -> int:
        async with db.transaction() as connection:
            await lookup.by_id(connection, case.bucket, case.id, lock=True)
            return await interim.answer_batch(db, reference, intake_context.ring, size=10)

    assert run(_meanwhile()) == 0
    assert answer_meanwhile() == 1


def test_a_poisoned_case_keeps_no_other_hotline_from_its_answer(
    take: Take,
    pass_time: Callable[..., None],
    answer_meanwhile: Answer,
    spoil: Callable[[str], None],
    mend: Callable[[str], None],
    ask: Ask,
    row_of: Rows,
) -> None:
    numbers = [take(f"HZ-{n}", waybill=None)["number"] for n in range(7)]
    for n in range(7):
        # the poisoned one is due first
        pass_time(f"HZ-{n}", after=timedelta(hours=7 - n))
    spoil(numbers[0])
    with capture_logs() as logs:
        assert answer_meanwhile(3) == 6
    assert [row_of(f"HZ-{n}").interim_at is not None for n in range(7)] == [False, *[True] * 6]
    assert [(log["event"], log["number"]) for log in logs] == [("interim_failed", numbers[0])]
    # it is not forgotten: mended, it is answered when its turn comes again
    mend(numbers[0])
    assert answer_meanwhile() == 0
    ask(
        "UPDATE hotline_order SET interim_due_at = interim_due_at - CAST(:wait AS interval)",
        wait=interim.POISON_WAIT,
    )
    assert answer_meanwhile() == 1


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
        found: list[int] = []
        while (done := await interim.answer_batch(worker, reference, intake_context.ring, size=3)) or len(
            found
        ) < 3:
            found.append(done)
        return found

    async def _all() -> list[list[int]]:
        return list(await asyncio.gather(*(_one() for _ in range(3))))

    counts = [count for one in run(_all()) for count in one]
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
