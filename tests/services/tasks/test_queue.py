"""The queue: a lease is exclusive and ends; who lost it finishes nothing; failures wait longer, and end in the dead."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from services.tasks import queue
from services.tasks.queue import Lease, Task
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
LONG = timedelta(minutes=5)
KIND = "route"


@pytest.fixture
def finish(db: Database, run: Run) -> Callable[..., set[uuid.UUID]]:
    """Return a function that finishes tasks in a transaction of its own."""

    def _finish(token: uuid.UUID, *tasks: Task) -> set[uuid.UUID]:
        async def _go() -> set[uuid.UUID]:
            async with db.transaction() as connection:
                return await queue.finish(connection, token, tasks)

        done: set[uuid.UUID] = run(_go())
        return done

    return _finish


def test_a_task_is_taken_once_and_gone_when_finished(
    put: Callable[..., Any], claim: Callable[..., Lease], finish: Callable[..., Any], ask: Ask
) -> None:
    subjects = put(5)
    lease = claim(3)
    assert {task.subject_id for task in lease.tasks} <= set(subjects)
    rest = claim()
    assert len(lease.tasks) == 3
    assert {task.subject_id for task in lease.tasks + rest.tasks} == set(subjects)
    assert claim().tasks == ()
    assert finish(lease.token, *lease.tasks) == {task.id for task in lease.tasks}
    assert ask("SELECT count(*) FROM task")[0][0] == 2


def test_the_oldest_are_taken_first_and_no_other_kind(
    put: Callable[..., Any], claim: Callable[..., Lease]
) -> None:
    first = put()
    put(kind="other")
    later = put()
    assert [task.subject_id for task in claim(1).tasks] == first
    assert [task.subject_id for task in claim().tasks] == later


def test_workers_at_once_never_take_the_same(db: Database, run: Run, put: Callable[..., Any]) -> None:
    put(60)

    async def _crowd() -> list[Lease]:
        return await asyncio.gather(*(queue.claim(db, KIND, size=7, lease=LONG) for _ in range(8)))

    taken = [task.id for lease in run(_crowd()) for task in lease.tasks]
    assert len(taken) == len(set(taken))


def test_a_lost_lease_finishes_nothing(
    put: Callable[..., Any],
    claim: Callable[..., Lease],
    finish: Callable[..., Any],
    expire: Callable[[], Any],
) -> None:
    put(2)
    slow = claim()
    expire()
    quick = claim()
    assert {task.id for task in quick.tasks} == {task.id for task in slow.tasks}
    assert finish(slow.token, *slow.tasks) == set()
    assert finish(quick.token, *quick.tasks) == {task.id for task in quick.tasks}
    assert finish(quick.token, *quick.tasks) == set()


def test_a_lost_lease_fails_nothing(
    db: Database,
    run: Run,
    put: Callable[..., Any],
    claim: Callable[..., Lease],
    expire: Callable[[], Any],
    ask: Ask,
) -> None:
    put()
    slow = claim()
    expire()
    quick = claim()
    assert run(queue.fail(db, slow.token, slow.tasks[0], "late")) == "dropped"
    [row] = ask("SELECT * FROM task")
    assert (row.state, row.lease_token, row.attempts) == ("leased", quick.token, 0)


def test_work_that_kills_its_worker_is_dead_after_three_leases(
    put: Callable[..., Any], claim: Callable[..., Lease], expire: Callable[[], Any], ask: Ask
) -> None:
    put()
    for taken in range(queue.MAX_EXPIRIES):
        assert len(claim().tasks) == 1, taken
        expire()
    assert claim().tasks == ()
    [row] = ask("SELECT * FROM task")
    assert (row.state, row.expiries) == ("dead", queue.MAX_EXPIRIES)
    assert row.last_error == "the lease ended before the work did"
    expire()
    assert claim().tasks == ()


def test_a_failed_task_waits_longer_each_time_and_dies_at_last(
    db: Database,
    run: Run,
    put: Callable[..., Any],
    claim: Callable[..., Lease],
    expire: Callable[[], Any],
    ask: Ask,
) -> None:
    put()
    states = []
    for attempt in range(queue.MAX_ATTEMPTS):
        lease = claim()
        [task] = lease.tasks
        assert task.attempts == attempt
        states.append(run(queue.fail(db, lease.token, task, "ValueError" * 100)))
        assert claim().tasks == ()
        expire()
    assert states == ["ready"] * (queue.MAX_ATTEMPTS - 1) + ["dead"]
    [row] = ask("SELECT * FROM task")
    assert (row.state, row.lease_token, len(row.last_error)) == ("dead", None, 300)


def test_the_wait_grows_up_to_an_hour_and_is_spread() -> None:
    means = [
        sum((queue.wait_before(attempt) for _ in range(300)), timedelta()) / 300 for attempt in range(1, 13)
    ]
    assert timedelta(seconds=8) < means[0] < timedelta(seconds=12)
    for shorter, longer in pairwise(means[:8]):
        assert 1.6 < longer / shorter < 2.4
    assert means[-1] < timedelta(minutes=70)
    assert len({queue.wait_before(3) for _ in range(20)}) > 1
    assert queue.wait_before(10_000) <= timedelta(minutes=90)


def test_work_asked_for_twice_is_done_once(put: Callable[..., Any], claim: Callable[..., Lease]) -> None:
    subject = uuid.uuid4()
    put(subject=subject)
    put(subject=subject)
    assert len(claim().tasks) == 1


def test_work_asked_for_again_while_it_is_done_is_done_again(
    db: Database, run: Run, put: Callable[..., Any], claim: Callable[..., Lease], ask: Ask
) -> None:
    subject = uuid.uuid4()
    put(subject=subject)
    lease = claim()
    put(subject=subject)
    # the later one does it: the failed one needs not come back
    assert run(queue.fail(db, lease.token, lease.tasks[0], "x")) == "dropped"
    [row] = ask("SELECT * FROM task")
    assert (row.subject_id, row.state, row.attempts) == (subject, "ready", 0)


def test_a_process_that_stops_gives_its_tasks_back_at_once(
    db: Database, run: Run, put: Callable[..., Any], claim: Callable[..., Lease], ask: Ask
) -> None:
    put(3)
    run(queue.give_back(db, claim()))
    assert {(row.state, row.expiries) for row in ask("SELECT state, expiries FROM task")} == {("ready", 0)}
    assert len(claim().tasks) == 3


def test_what_twice_outlasted_its_worker_is_taken_alone_and_last(
    put: Callable[..., Any], claim: Callable[..., Lease], ask: Ask
) -> None:
    put(4)
    ask("UPDATE task SET expiries = 1 WHERE id IN (SELECT id FROM task ORDER BY id LIMIT 2)")
    assert [len(claim().tasks) for _ in range(4)] == [2, 1, 1, 0]
