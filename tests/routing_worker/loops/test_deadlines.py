"""The loops of deadlines and surges: each does its work and rests; one that fails hinders none of the others."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from structlog.testing import capture_logs

from routing_worker.loops.deadlines import SWEPT, Deadlines
from routing_worker.supervision import Work, keep_on
from services.intake.preparation import Prepared
from services.reference.cache import ReferenceCache
from shared.database import Database
from tests.services.conftest import ask, intake_context, new_context, prepare, reference_cache, store

__all__ = ["ask", "intake_context", "new_context", "prepare", "reference_cache", "store"]
Run = Callable[[Coroutine[Any, Any, Any]], Any]


def _loops(db: Database, seconds: float) -> Mapping[str, Work]:
    deadlines = Deadlines(db, ReferenceCache(db), seconds)
    return {
        "recalculation": deadlines.recalculate,
        "deadlines": deadlines.sweep,
        "watchdog": deadlines.watch,
        "surges": deadlines.warn,
    }


def test_each_loop_works_and_rests(db: Database, run: Run) -> None:
    async def _once_each() -> float:
        began = asyncio.get_running_loop().time()
        for loop in _loops(db, 0.2).values():
            await loop()
        return asyncio.get_running_loop().time() - began

    before = SWEPT._value.get()
    assert run(_once_each()) > 3 * 0.1
    assert SWEPT._value.get() > before


def test_a_loop_that_fails_hinders_no_other(db: Database, run: Run) -> None:
    async def _beside(logs: list[Any]) -> None:
        async with db.transaction() as connection:
            await connection.execute(text("ALTER TABLE complaint_party RENAME TO gone"))
        loops = [asyncio.create_task(keep_on(name, once)) for name, once in _loops(db, 0.05).items()]
        try:
            async with asyncio.timeout(20):
                while not logs:  # noqa: ASYNC110 - another task fills it
                    await asyncio.sleep(0.05)
                failed = SWEPT._value.get()
                while SWEPT._value.get() == failed:  # noqa: ASYNC110 - another task sets it
                    await asyncio.sleep(0.05)
            assert not any(loop.done() for loop in loops)
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            async with db.transaction() as connection:
                await connection.execute(text("ALTER TABLE gone RENAME TO complaint_party"))

    with capture_logs() as logs:
        run(_beside(logs))
    assert {log["kind"] for log in logs} == {"surges"}


def test_a_deadline_that_cannot_be_computed_keeps_nothing_from_being_swept(
    db: Database,
    run: Run,
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    ask: Callable[..., list[Any]],
) -> None:
    broken, due = store([prepare(), prepare()])
    of_case = "complaint_id = (SELECT id FROM complaint WHERE number = :number)"
    ask(
        f"UPDATE case_deadline SET provisional = true, calendar_version = 'older', unit = 'fortnight' WHERE {of_case}",
        number=broken,
    )
    ask(
        f"UPDATE case_deadline SET next_check_at = clock_timestamp(), due_at = clock_timestamp() WHERE {of_case}",
        number=due,
    )

    async def _until_swept(before: float) -> None:
        loops = [asyncio.create_task(keep_on(name, once)) for name, once in _loops(db, 0.05).items()]
        try:
            async with asyncio.timeout(10):
                while SWEPT._value.get() == before:  # noqa: ASYNC110 - another task sets it
                    await asyncio.sleep(0.05)
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)

    with capture_logs() as logs:
        run(_until_swept(SWEPT._value.get()))
    assert ask("SELECT count(*) FROM escalation WHERE step = 'OVERDUE'")[0][0] > 0
    assert "loop_failed" not in {log["event"] for log in logs}
