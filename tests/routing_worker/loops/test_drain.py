"""The loop of tasks: whatever is due goes the whole way in one turn, and the deliveries are woken by what it leaves."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

from routing_worker.bell import Bell
from routing_worker.loops.drain import BATCHES, Drain
from services.intake.preparation import Prepared
from services.reference.cache import ReferenceCache
from services.tasks import queue
from shared.database import Database
from tests.services.conftest import ask, intake_context, new_context, prepare, reference_cache, store

__all__ = ["ask", "intake_context", "new_context", "prepare", "reference_cache", "store"]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
LEASE = timedelta(seconds=30)


def test_what_is_due_goes_the_whole_way_in_one_turn(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    ask: Callable[..., list[Any]],
    db: Database,
    reference_cache: ReferenceCache,
    run: Run,
) -> None:
    store([prepare(), prepare(), prepare(request=None)])
    bell, deliveries = Bell(), Bell()
    bell.rung.set()
    drain = Drain(db, reference_cache, bell, deliveries, sweep_seconds=60, lease=LEASE)
    run(drain.once())
    statuses = [row.status for row in ask("SELECT status FROM complaint ORDER BY status")]
    assert statuses == ["FORWARDED", "FORWARDED", "RECEIVED"]
    assert ask("SELECT count(*) FROM complaint WHERE routed_at IS NULL")[0][0] == 0
    assert ask("SELECT count(*) FROM task")[0][0] == 0
    assert deliveries.rung.is_set()


def test_a_turn_without_work_wakes_nobody(db: Database, reference_cache: ReferenceCache, run: Run) -> None:
    deliveries = Bell()
    run(Drain(db, reference_cache, Bell(), deliveries, sweep_seconds=0.01, lease=LEASE).once())
    assert not deliveries.rung.is_set()


def test_every_kind_of_task_is_worked_after_the_one_that_leaves_it() -> None:
    assert list(BATCHES) == [queue.ROUTE, queue.MERGE, queue.ADMIT, queue.FORWARD]
