"""The time in the log of the loop of tasks is that of the work, and of nothing that the work waited for."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from routing_worker.bell import Bell
from routing_worker.loops.drain import Drain
from services.intake.preparation import Prepared
from services.reference.cache import ReferenceCache
from services.reference.data import ReferenceData
from shared.database import Database
from tests.services.conftest import (
    ask,
    intake_context,
    new_context,
    prepare,
    reference,
    reference_cache,
    store,
)
from tests.services.desks import case_of

__all__ = [
    "ask",
    "case_of",
    "intake_context",
    "new_context",
    "prepare",
    "reference",
    "reference_cache",
    "store",
]
LONG = 1_000.0


class Stopwatch:
    """A clock that moves by what the test says alone."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Return the present reading, in seconds."""
        return self.seconds


class SlowCache(ReferenceCache):
    """A cache of the reference of which each read takes very long, by the clock of the test."""

    stopwatch: Stopwatch

    async def reference(self) -> ReferenceData:
        """Return the reference in force, after a long time."""
        self.stopwatch.seconds += LONG
        return await super().reference()


@pytest.fixture
def loop(db: Database) -> Drain:
    """Return a loop whose reads of the reference take long, and whose work takes no time."""
    cache = SlowCache(db, max_age=timedelta(0))
    cache.stopwatch = Stopwatch()
    return Drain(db, cache, Bell(), Bell(), 0, timedelta(minutes=5), cache.stopwatch)


def test_the_reading_of_the_reference_is_no_time_of_routing(
    loop: Drain,
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    case_of: Callable[[str], Any],
    run: Callable[[Coroutine[Any, Any, Any]], Any],
) -> None:
    [number] = store([prepare()])
    with capture_logs() as logs:
        run(loop.once())
    lines = {line["kind"]: line for line in logs if line["event"] == "tasks_done"}
    assert lines["route"]["count"] == 1
    assert {line["seconds"] for line in lines.values()} == {0}
    assert case_of(number).status == "FORWARDED"
    assert loop.deliveries.rung.is_set()


def test_nothing_due_says_nothing_and_wakes_nobody(
    loop: Drain, run: Callable[[Coroutine[Any, Any, Any]], Any]
) -> None:
    with capture_logs() as logs:
        run(loop.once())
    assert [line for line in logs if line["event"] == "tasks_done"] == []
    assert not loop.deliveries.rung.is_set()
