"""What operators see of the queue, and the two things that they may do to a dead task."""

import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.tasks import admin
from services.tasks.queue import Lease
from shared.database import Database
from shared.errors import NotFoundError

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
KIND = "route"


def _dead(put: Callable[..., Any], ask: Ask) -> uuid.UUID:
    put()
    ask("UPDATE task SET state = 'dead', attempts = 8, expiries = 1")
    task_id: uuid.UUID = ask("SELECT id FROM task")[0][0]
    return task_id


def test_a_dead_task_is_tried_again_from_the_beginning(
    db: Database, run: Run, put: Callable[..., Any], claim: Callable[..., Lease], ask: Ask
) -> None:
    task_id = _dead(put, ask)
    run(admin.requeue(db, task_id, actor="anna"))
    assert [(task.id, task.attempts) for task in claim().tasks] == [(task_id, 0)]
    [entry] = ask("SELECT actor, act, subject FROM audit_entry")
    assert tuple(entry) == ("anna", "task.requeue", str(task_id))


def test_a_dead_task_is_let_go(db: Database, run: Run, put: Callable[..., Any], ask: Ask) -> None:
    task_id = _dead(put, ask)
    subject = ask("SELECT subject_id FROM task")[0][0]
    run(admin.discard(db, task_id, actor="anna"))
    assert ask("SELECT count(*) FROM task")[0][0] == 0
    [entry] = ask("SELECT actor, act, subject, data FROM audit_entry")
    assert entry[:3] == ("anna", "task.discard", str(task_id))
    assert entry.data == {"kind": KIND, "subject": str(subject)}


@pytest.mark.parametrize("verb", [admin.requeue, admin.discard])
def test_living_work_is_left_alone(
    verb: Callable[..., Any],
    db: Database,
    run: Run,
    put: Callable[..., Any],
    claim: Callable[..., Lease],
    ask: Ask,
) -> None:
    put()
    [task] = claim().tasks
    for task_id in (task.id, uuid.uuid4()):
        with pytest.raises(NotFoundError):
            run(verb(db, task_id, actor="anna"))
    assert ask("SELECT state FROM task")[0][0] == "leased"
    assert ask("SELECT count(*) FROM audit_entry")[0][0] == 0


def test_a_dead_task_whose_work_waits_anew_is_not_doubled(
    db: Database, run: Run, put: Callable[..., Any], ask: Ask
) -> None:
    subject = uuid.uuid4()
    put(subject=subject)
    ask("UPDATE task SET state = 'dead'")
    put(subject=subject)
    dead = ask("SELECT id FROM task WHERE state = 'dead'")[0][0]
    run(admin.requeue(db, dead, actor="anna"))
    assert ask("SELECT state FROM task") == [("ready",)]


def test_operators_see_what_waits_and_what_died(
    db: Database, run: Run, put: Callable[..., Any], ask: Ask
) -> None:
    _dead(put, ask)
    put(2, kind="other")
    assert [(row["kind"], row["state"], row["count"]) for row in run(admin.counts(db))] == [
        ("other", "ready", 2),
        (KIND, "dead", 1),
    ]
    assert len(run(admin.list_tasks(db))) == 3
    assert [row["kind"] for row in run(admin.list_tasks(db, state="dead"))] == [KIND]
    assert [row["kind"] for row in run(admin.list_tasks(db, kind="other", limit=1))] == ["other"]
