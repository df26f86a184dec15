"""Work in batches: what fails is given back to be tried later, and a process that stops gives all back at once."""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.tasks import drain, queue
from services.tasks.queue import Lease, Task
from shared.database import Database

Put = Callable[..., list[uuid.UUID]]
Ask = Callable[..., list[Any]]
LEASE = timedelta(minutes=5)


@pytest.fixture
def work(db: Database, run: Callable[[Any], Any]) -> Callable[..., int]:
    """Return a function that drains one batch by a function of one subject, in one transaction."""

    def _work(do: Callable[[uuid.UUID], None] = lambda _: None, size: int = 10) -> int:
        async def _together(lease: Lease, tasks: Sequence[Task]) -> None:
            async with db.transaction() as connection:
                await queue.finish(connection, lease.token, tasks)
                for task in tasks:
                    do(task.subject_id)

        return int(run(drain.drain(db, "route", _together, size=size, lease=LEASE)))

    return _work


def test_a_batch_is_taken_and_worked_until_nothing_is_due(
    put: Put, work: Callable[..., int], ask: Ask
) -> None:
    put(5)
    put(1, kind="other")
    assert [work(size=3), work(size=3), work(size=3)] == [3, 2, 0]
    assert ask("SELECT kind FROM task") == [("other",)]


def test_a_failed_task_is_given_back_harms_no_other_and_is_logged_without_its_text(
    put: Put, work: Callable[..., int], ask: Ask
) -> None:
    subjects = put(7)
    done: list[uuid.UUID] = []

    def _do(subject: uuid.UUID) -> None:
        if subject == subjects[3]:
            raise ValueError("李小红")
        done.append(subject)

    with capture_logs() as logs:
        assert work(_do) == 7
    assert set(done) == set(subjects) - {subjects[3]}
    [task] = ask("SELECT * FROM task")
    assert (task.subject_id, task.state, task.attempts, task.last_error) == (
        subjects[3],
        "ready",
        1,
        "ValueError",
    )
    # it waits before it is tried again
    assert work(_do) == 0
    assert [log["state"] for log in logs if log["event"] == "task_failed"] == ["ready"]


def test_a_process_that_stops_gives_its_batch_back(
    db: Database, run: Callable[[Any], Any], put: Put, work: Callable[..., int]
) -> None:
    put(3)

    async def _stopped(_lease: Lease, _tasks: Sequence[Task]) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        run(drain.drain(db, "route", _stopped, size=10, lease=LEASE))
    assert work() == 3
