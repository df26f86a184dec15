"""Follow-up work by the command line: dead tasks are listed, tried again, or deleted."""

import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import text

from shared.database import Database
from tests.ops.cli.conftest import Ops

Run = Callable[[Coroutine[Any, Any, Any]], Any]
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def dead(db: Database, run: Run) -> Callable[[], str]:
    """Return a function that puts a dead task and returns its id."""

    async def _put(task_id: uuid.UUID) -> None:
        async with db.transaction() as connection:
            await connection.execute(
                text(
                    "INSERT INTO task (bucket, id, kind, subject_id, state, attempts)"
                    " VALUES (0, :id, 'route', gen_random_uuid(), 'dead', 8)"
                ),
                {"id": task_id},
            )

    def _dead() -> str:
        task_id = uuid.uuid4()
        run(_put(task_id))
        return str(task_id)

    return _dead


def test_a_dead_task_is_listed_and_tried_again_from_the_beginning(ops: Ops, dead: Callable[[], str]) -> None:
    task_id = dead()
    [shown] = ops("task", "list", "--state", "dead", "--kind", "route")
    assert (shown["id"], shown["attempts"]) == (task_id, 8)
    assert ops("task", "list", "--kind", "forward") == []
    assert ops("task", "requeue", task_id) == {"task": task_id, "state": "ready"}
    [ready] = ops("task", "list", "--state", "ready")
    assert (ready["id"], ready["attempts"]) == (task_id, 0)
    assert "no dead task" in ops("task", "requeue", task_id, code=1)


def test_a_dead_task_is_discarded_for_good(ops: Ops, dead: Callable[[], str]) -> None:
    first, second = dead(), dead()
    assert ops("task", "discard", first) == {"task": first, "state": "discarded"}
    assert [task["id"] for task in ops("task", "list")] == [second]
    assert len(ops("task", "list", "--limit", "1")) == 1


@pytest.mark.parametrize("verb", ["requeue", "discard"])
def test_a_task_that_there_is_not_is_refused(verb: str, ops: Ops) -> None:
    assert "no dead task" in ops("task", verb, NOBODY, code=1)
