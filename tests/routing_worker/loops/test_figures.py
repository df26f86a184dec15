"""The loop of figures: days that changed are recounted, not more often than their share of the time allows."""

import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import text

from routing_worker.loops import figures as module
from routing_worker.loops.figures import Figures
from services.figures import state
from shared.database import Database
from tests.services.figures.casework import at, case, put

Run = Callable[[Coroutine[Any, Any, Any]], Any]
MARCH = at("2021-03-10 10:00")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIGURES_SECONDS", 0.0)


async def _received(db: Database) -> int:
    async with db.transaction() as connection:
        return int(await connection.scalar(text("SELECT coalesce(sum(received), 0) FROM daily_fact")))


def test_days_that_changed_are_recounted_and_the_next_turn_waits_its_share(db: Database, run: Run) -> None:
    loop = Figures(db)
    run(put(db, case(MARCH), case(MARCH)))
    before = time.monotonic()
    run(loop.once())
    assert run(_received(db)) == 2
    assert loop.not_before > before


def test_before_its_time_nothing_is_recounted_while_cases_change(db: Database, run: Run) -> None:
    loop = Figures(db, not_before=time.monotonic() + 60)
    run(put(db, case(MARCH)))
    run(loop.once())
    assert run(_received(db)) == 0


def test_before_its_time_the_rest_is_counted_when_nothing_changes_any_more(db: Database, run: Run) -> None:
    async def _age() -> None:
        async with db.transaction() as connection:
            await connection.execute(
                text("UPDATE dirty_day SET created_at = created_at - interval '2 seconds'")
            )

    loop = Figures(db, not_before=time.monotonic() + 60)
    run(put(db, case(MARCH)))
    run(_age())
    run(loop.once())
    assert run(_received(db)) == 1


def test_a_turn_without_marks_leaves_the_version(db: Database, run: Run) -> None:
    run(Figures(db).once())
    before = run(state.current(db)).version
    run(Figures(db).once())
    assert run(state.current(db)).version == before
